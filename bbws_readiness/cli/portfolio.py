"""Several projects on one command line of `readiness assess`: one table, and the documents of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bbws_readiness.cli.output import complain, paint, plain, progress, say, wants_colour
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, Losses, names_of_set, publish, relative
from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite, ReadinessError, UsageError

if TYPE_CHECKING:
    from bbws_readiness.assess.portfolio import Member, Portfolio
    from bbws_readiness.pipeline import Settings
    from bbws_readiness.render.terminal import Paint

WORST_FIRST = (2, 3, 1, 4, 5, 0)
"""Exit codes: not assessed, not ready, could not be assessed, not written, ready."""


@dataclass(frozen=True)
class Request:
    """What is asked of every project alike, be it one or several."""

    environment: str
    moment: datetime
    form: str
    output: Path | None
    output_dir: Path | None
    base: str | None
    settings: Settings
    fail_on: str
    force: bool
    colour: str
    quiet: bool
    verbose: bool

    @property
    def writes(self) -> bool:
        """Whether documents are written."""
        return self.form == "text" or self.output_dir is not None


@dataclass(frozen=True)
class OwnOptions:
    """What is asked of one project alone; None where the option is not given."""

    promotion_plan: Path | None
    plan_json: Path | None
    since: str | None
    config: Path | None


def refuse_for_several(request: Request, own: OwnOptions) -> None:
    """Raises `UsageError` for an option that is about one project."""
    given = {
        "--promotion-plan": own.promotion_plan,
        "--plan-json": own.plan_json,
        "--since": own.since,
        "--config": own.config,
        "--var-file": request.settings.var_files,
        "--var": request.settings.variables,
    }
    for name, value in given.items():
        if value:
            raise UsageError(
                f"{name} is about one project, and several are named",
                hint="write it into the readiness.yaml of the project, or assess that one alone",
                code=Code.OPTION_VALUE,
            )


def assess_several(paths: Sequence[Path], request: Request) -> int:
    """Assesses, writes and prints; gives the worst exit code of all projects and outputs."""
    from bbws_readiness.portfolio import assess_portfolio, require_apart
    from bbws_readiness.render.write import probe, probe_file

    require_apart(paths)
    if request.output_dir is not None:
        probe(request.output_dir, project=_holder(paths, request.output_dir))
    if request.output is not None:
        probe_file(request.output, project=_holder(paths, request.output.parent))
    failed: dict[Path, ReadinessError] = {}
    for path in paths:
        if request.verbose:
            progress(f"assessing {path.name or 'this folder'} for {request.environment}")
        if request.writes and request.output_dir is None and path.is_dir():
            try:
                probe(path / DEFAULT_OUTPUT, project=path, names=names_of_set(request.environment))
            except CannotWrite as error:
                failed[path] = error
    portfolio = assess_portfolio(
        paths,
        request.environment,
        as_of=request.moment,
        base=request.base,
        settings=request.settings,
        outputs=lambda path: relative(request.output_dir or path / DEFAULT_OUTPUT, path) or "",
        failed=failed,
    )
    losses = Losses()
    written = _publish(paths, portfolio, request, losses) if request.writes else []
    _print(paths, portfolio, request, written, losses)
    return worst([*_codes(portfolio, request.fail_on), losses.exit_code])


def worst(codes: Sequence[int]) -> int:
    """The exit code of a run in which several things ended with these."""
    return min(codes, key=WORST_FIRST.index, default=0)


def _codes(portfolio: Portfolio, fail_on: str) -> list[int]:
    from bbws_readiness.assess.gate import Threshold, exit_code

    codes = [exit_code(one.assessment, Threshold(fail_on)) for one in portfolio.members if one.assessment]
    return codes + [one.failure.exit_code for one in portfolio.members if one.failure]


def _publish(paths: Sequence[Path], portfolio: Portfolio, request: Request, losses: Losses) -> list[str]:
    """Writes the documents of every project, and with --output-dir those of all; tells what was written, and where.

    Raises `UsageError`, before anything is written, when two projects would share a folder.
    """
    from bbws_readiness.render.portfolio_json import portfolio_twin
    from bbws_readiness.render.portfolio_markdown import portfolio_document
    from bbws_readiness.render.write import write_documents

    directory, written = request.output_dir, list[str]()
    folders = _folders(portfolio) if directory else {}
    for path, member in zip(paths, portfolio.members, strict=True):
        if member.assessment is not None:
            with losses.one():
                own = directory / folders[member.path] if directory else path / DEFAULT_OUTPUT
                holder = _holder(paths, own)
                documents, code = publish(member.assessment, own, path, holder=holder, force=request.force)
                losses.exit_code = losses.exit_code or code
                if documents:
                    written.append(f"{own.as_posix()}/ ({len(documents)} documents)")
    if directory is not None:
        with losses.one():
            documents_of_all = (portfolio_document(portfolio, folders), portfolio_twin(portfolio))
            write_documents(directory, documents_of_all, project=_holder(paths, directory))
            written = [(directory / document.path).as_posix() for document in documents_of_all] + written
    return written


def _holder(paths: Sequence[Path], directory: Path) -> Path | None:
    """The project in which the directory lies as it is written, whose links are not followed; None when in none."""
    from bbws_readiness.render.write import walked

    steps = {path: len(walked(directory, path)[1]) for path in paths}
    return max((path for path in paths if steps[path]), key=lambda path: steps[path], default=None)


def _folders(portfolio: Portfolio) -> dict[str, str]:
    """Below the output directory, the folder of each project by its path: its slug."""
    found: dict[str, Member] = {}
    for member in portfolio.members:
        if member.assessment is None:
            continue
        other = found.setdefault(member.assessment.slug, member)
        if other is not member:
            raise UsageError(
                f'"{other.path}" and "{member.path}" have one slug, {member.assessment.slug}, and so one folder',
                hint="set another slug in one readiness.yaml, or leave --output-dir out",
                code=Code.SAME_PROJECT,
            )
    return {member.path: slug for slug, member in found.items()}


def _print(paths: Sequence[Path], portfolio: Portfolio, request: Request, written: list[str], losses: Losses) -> None:
    from bbws_readiness.render.write import write_text

    painter = paint if wants_colour(request.colour) and request.output is None else plain
    text = _text(portfolio, request, written, painter)
    with losses.one():
        if request.output is None:
            say(text)
        else:
            write_text(request.output, text, project=_holder(paths, request.output.parent))
    if request.form != "text" or request.quiet:
        # What is in the table for a person is told whoever reads the other forms.
        for member in portfolio.members:
            if member.failure:
                complain(f"{member.path}: {member.failure.line}")


def _text(portfolio: Portfolio, request: Request, written: list[str], painter: Paint) -> str:
    if request.form == "json":
        from bbws_readiness.render.portfolio_json import portfolio_json

        return portfolio_json(portfolio)
    if request.form == "markdown":
        from bbws_readiness.render.portfolio_markdown import portfolio_markdown

        return portfolio_markdown(portfolio)
    from bbws_readiness.render.portfolio_text import portfolio_line, portfolio_text
    from bbws_readiness.render.terminal import terminal_text

    if request.quiet:
        return portfolio_line(portfolio, painter)
    text = portfolio_text(portfolio, painter, documents=written)
    if request.verbose:
        whole = (terminal_text(one.assessment, painter, verbose=True) for one in portfolio.members if one.assessment)
        text = "\n".join([text, *whole])
    return text

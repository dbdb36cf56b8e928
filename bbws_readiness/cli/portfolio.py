"""Several projects on one command line of `readiness assess`: one table, and the documents of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bbws_readiness.cli.formats import GITHUB, SARIF, TEXT, Wanted
from bbws_readiness.cli.gates import GateOptions, passed, since_baseline
from bbws_readiness.cli.options import given_by
from bbws_readiness.cli.output import complain, progress
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, Losses, names_of_set, publish, relative
from bbws_readiness.cli.request import OwnOptions, Request
from bbws_readiness.codes import Code
from bbws_readiness.errors import (
    CannotWrite,
    ConfigurationError,
    InvalidAssessment,
    NotComparable,
    ReadinessError,
    UsageError,
)

if TYPE_CHECKING:
    from bbws_readiness.assess.portfolio import Member, Portfolio

WORST_FIRST = (2, 3, 1, 4, 5, 0)
"""Exit codes: not assessed, not ready, could not be assessed, not written, ready."""


def refuse_for_several(request: Request, own: OwnOptions) -> None:
    """Raises `UsageError` for an option that is about one project."""
    given = {
        "--promotion-plan": own.promotion_plan,
        "--plan-json": own.plan_json,
        "--since": own.since,
        "--config": own.config,
        "--var-file": request.settings.var_files,
        "--var": request.settings.variables,
        "--baseline": request.gates.baseline,
    }
    for name, value in given.items():
        if value:
            raise UsageError(
                f"{given_by(name) or name} is about one project, and several are named",
                hint="write it into the readiness.yaml of the project, or assess that one alone",
                code=Code.OPTION_VALUE,
            )


def assess_several(paths: Sequence[Path], request: Request) -> int:
    """Assesses, writes and prints; gives the worst exit code of all projects and outputs."""
    from bbws_readiness.portfolio import assess_portfolio, require_apart

    require_apart(paths)
    _require_room(paths, request)
    failed = _probed(paths, request)
    portfolio = assess_portfolio(
        paths,
        request.environment,
        as_of=request.moment,
        base=request.base,
        settings=request.settings,
        outputs=lambda path: relative(request.output_dir or path / DEFAULT_OUTPUT, path) or "",
        failed=failed,
    )
    portfolio = _since_baselines(paths, portfolio, request.gates)
    folders = _folders(portfolio) if request.output_dir or request.asks_for(SARIF) else {}
    losses = Losses()
    written = _publish(paths, portfolio, request, folders, losses) if request.writes else []
    _deliver(paths, portfolio, request, written, losses)
    return worst([*_codes(portfolio, request.gates), losses.exit_code])


def _require_room(paths: Sequence[Path], request: Request) -> None:
    """Raises `UsageError` for more projects than code scanning takes of one file."""
    if not request.asks_for(SARIF):
        return
    from bbws_readiness.render.formats.sarif import MOST_RUNS

    if len(paths) > MOST_RUNS:
        raise UsageError(
            f"{len(paths)} projects; code scanning takes {MOST_RUNS} of one SARIF file",
            hint="name fewer, or leave sarif out",
            code=Code.OPTION_VALUE,
        )


def _probed(paths: Sequence[Path], request: Request) -> dict[Path, ReadinessError]:
    """The projects whose folder for documents cannot be written; raises `CannotWrite` for a place of all of them."""
    from bbws_readiness.cli.deliver import probe_all
    from bbws_readiness.render.write import probe

    if request.output_dir is not None:
        probe(request.output_dir, project=_holder(paths, request.output_dir))
    probe_all(request.wanted, lambda folder: _holder(paths, folder))
    failed: dict[Path, ReadinessError] = {}
    for path in paths:
        if request.verbose:
            progress(f"assessing {path.name or 'this folder'} for {request.environment}")
        if request.writes and request.output_dir is None and path.is_dir():
            try:
                probe(path / DEFAULT_OUTPUT, project=path, names=names_of_set(request.environment))
            except CannotWrite as error:
                failed[path] = error
    return failed


def worst(codes: Sequence[int]) -> int:
    """The exit code of a run in which several things ended with these."""
    return min(codes, key=WORST_FIRST.index, default=0)


def _since_baselines(paths: Sequence[Path], portfolio: Portfolio, gates: GateOptions) -> Portfolio:
    """The portfolio with each project held against the baseline that its readiness.yaml names.

    A project whose baseline cannot be used is one that could not be assessed.
    """
    members = []
    for path, one in zip(paths, portfolio.members, strict=True):
        member = one
        if one.assessment:
            try:
                member = replace(one, assessment=since_baseline(one.assessment, path, gates))
            except (ConfigurationError, InvalidAssessment, NotComparable) as error:
                member = replace(one, assessment=None, failure=error)
        members.append(member)
    return replace(portfolio, members=tuple(members))


def _codes(portfolio: Portfolio, gates: GateOptions) -> list[int]:
    codes = [passed(one.assessment, gates, who=one.path) for one in portfolio.members if one.assessment]
    return codes + [one.failure.exit_code for one in portfolio.members if one.failure]


def _publish(
    paths: Sequence[Path], portfolio: Portfolio, request: Request, folders: Mapping[str, str], losses: Losses
) -> list[str]:
    """Writes the documents of every project, and with --output-dir those of all; tells what was written, and where.

    `folders` are those of `_folders`.
    """
    from bbws_readiness.render.portfolio_json import portfolio_twin
    from bbws_readiness.render.portfolio_markdown import portfolio_document
    from bbws_readiness.render.write import write_documents

    directory, written = request.output_dir, list[str]()
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
    """Below the output directory, the folder of each project by its path: its slug.

    Raises `UsageError`, before anything is written, when two projects would share one; in SARIF they would replace
    each other's alerts.
    """
    found: dict[str, Member] = {}
    for member in portfolio.members:
        if member.assessment is None:
            continue
        other = found.setdefault(member.assessment.slug, member)
        if other is not member:
            raise UsageError(
                f'"{other.path}" and "{member.path}" have one slug, {member.assessment.slug}, and so one folder',
                hint="set another slug in one readiness.yaml, or leave --output-dir and sarif out",
                code=Code.SAME_PROJECT,
            )
    return {member.path: slug for slug, member in found.items()}


def _deliver(paths: Sequence[Path], portfolio: Portfolio, request: Request, written: list[str], losses: Losses) -> None:
    from bbws_readiness.cli.deliver import deliver
    from bbws_readiness.cli.forms import text_of_several
    from bbws_readiness.cli.whereabouts import prefix_of

    # Without a repository projects are told apart by their folders below the one that they share.
    members = zip(paths, portfolio.members, strict=True)
    prefixes = [prefix_of(path, outside=member.path) for path, member in members]
    arrived = deliver(
        request.wanted,
        lambda one: text_of_several(portfolio, one, request, prefixes=prefixes, documents=written),
        losses,
        lambda folder: _holder(paths, folder),
    )
    if request.asks_for(GITHUB):
        _tell_step(portfolio, request, written, arrived, losses)
    if request.quiet or not request.asks_for(TEXT):
        # What is in the table for a person is told whoever reads the other forms.
        for member in portfolio.members:
            if member.failure:
                complain(f"{member.path}: {member.failure.line}")


def _tell_step(
    portfolio: Portfolio, request: Request, written: Sequence[str], arrived: Sequence[Wanted], losses: Losses
) -> None:
    """The table as the summary; of the outputs the verdict and the files, because figures are those of one project."""
    from bbws_readiness.cli.step import files_of, tell_step
    from bbws_readiness.render.portfolio_json import PATTERN
    from bbws_readiness.render.portfolio_markdown import portfolio_markdown

    twin, directory = PATTERN.format(environment=portfolio.environment), request.output_dir
    reports = directory if directory and (directory / twin).as_posix() in written else None
    files = files_of(arrived, reports, twin)
    tell_step(lambda: portfolio_markdown(portfolio), {"verdict": portfolio.verdict.value} | files, losses)

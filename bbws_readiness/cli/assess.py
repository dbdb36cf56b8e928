"""`readiness assess ENVIRONMENT [PATH]`: the assessment, its documents, and the exit code."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import base_option, colour_option, config_option, setting_options
from bbws_readiness.cli.output import ReaderLeft, complain, paint, plain, progress, say, wants_colour
from bbws_readiness.codes import Code
from bbws_readiness.errors import NotWritten, UsageError

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.pipeline import Settings
    from bbws_readiness.render.terminal import Paint

DEFAULT_OUTPUT = "deployments"
OUTSIDE = ".."
"""Stands for a place that is not in the project: from there no link leads to its files."""

STANDARD_OUTPUT = Path("-")

YEARS = range(1970, 3000)
"""The years in which a day of assessment may lie; a calendar is laid some years beyond it."""

FORMATS = ("text", "json", "markdown")
THRESHOLDS = ("blocker", "decision", "high", "medium", "low", "never")


class SomePath(click.Path):
    """A path that is not empty: an unset variable in a script must not mean the current folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Fails for the empty text."""
        if not os.fspath(value):
            self.fail("an empty path names nothing", param, ctx)
        return super().convert(value, param, ctx)


@click.command("assess")
@click.argument("environment")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What to print. text also writes the documents; json and markdown write them only with --output-dir.",
)
@click.option(
    "-o",
    "--output",
    type=SomePath(path_type=Path),
    metavar="FILE",
    help="Print to this file instead; - is standard output.",
)
@click.option(
    "--output-dir",
    type=SomePath(path_type=Path),
    help=f"Where the documents go.  [default: {DEFAULT_OUTPUT}/ in the project]",
)
@click.option(
    "--promotion-plan",
    type=click.Path(path_type=Path),
    help="The promotion plan; may lie in another repository.  [default: found by name in the project]",
)
@click.option(
    "--plan-json",
    type=click.Path(path_type=Path),
    help="A Terraform plan as `terraform show -json` prints it; may lie anywhere.",
)
@config_option
@base_option
@setting_options
@click.option("--as-of", help="Assess as of this day or moment (2026-01-07, 2026-01-07T16:55).  [default: today]")
@click.option(
    "--fail-on",
    type=click.Choice(THRESHOLDS),
    default="decision",
    show_default=True,
    help="Exit 1 from here on: BLOCKED only; anything but READY; also high, medium, low issues; never.",
)
@colour_option
@click.option("-q", "--quiet", is_flag=True, help="Print one line only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every finding, what is not verified, and progress.")
def command(
    environment: str,
    path: Path,
    *,
    form: str,
    output: Path | None,
    output_dir: Path | None,
    promotion_plan: Path | None,
    plan_json: Path | None,
    config_path: Path | None,
    base: str | None,
    settings: Settings,
    as_of: str | None,
    fail_on: str,
    colour: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Assess the project at PATH (the current folder by default) for ENVIRONMENT.

    \b
    Examples:
      readiness assess sit
      readiness assess sit -f json | python -m json.tool
      readiness assess prod ../shipments --promotion-plan ../plans/11_shipments_promotion.md
    """
    from bbws_readiness.assess.gate import Threshold, exit_code
    from bbws_readiness.config import load_config, load_config_of_base
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.write import probe, probe_file, write_text

    confine(path)
    if output == STANDARD_OUTPUT:
        output = None
    moment = _moment(as_of)
    directory = output_dir or path / DEFAULT_OUTPUT
    writes = form == "text" or output_dir is not None
    config = load_config(path, path=config_path) if base is None else load_config_of_base(path, base, path=config_path)
    if writes and path.is_dir():
        probe(directory, project=path, names=_names(environment))
    if output is not None:
        probe_file(output, project=path)
    if verbose:
        progress(f"assessing {path.name or 'this folder'} for {environment}")
    outputs = _relative(directory, path)
    assessment = assess_project(
        path,
        environment,
        as_of=moment,
        config=config,
        plan=promotion_plan,
        settings=settings,
        plan_json=plan_json,
        outputs=outputs or "",
    )
    code = exit_code(assessment, Threshold(fail_on))
    written: list[str] = []
    losses = Losses()
    with losses.one():
        written = _write_set(assessment, directory, outputs, path) if writes else []
    painter = paint if wants_colour(colour) and output is None else plain
    text = _printed(assessment, form, painter, written, quiet=quiet, verbose=verbose)
    with losses.one():
        if output is None:
            say(text)
        else:
            write_text(output, text, project=path)
    return code or losses.exit_code


class Losses:
    """Outputs that could not be written: each is told, and none keeps the others from being tried."""

    def __init__(self) -> None:
        self.exit_code = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Within it one output is written; that its reader has left is no loss."""
        try:
            yield
        except ReaderLeft:
            return
        except NotWritten as error:
            complain(error.line)
            self.exit_code = error.exit_code


def _names(environment: str) -> Callable[[str], bool]:
    """Tells the names that documents of an assessment for `environment` can have."""
    from bbws_readiness.render.documents import DOCUMENTS

    patterns = [kind.pattern for kind in DOCUMENTS] + ["{environment}_{slug}_assessment.json"]
    spelt = {"{environment}": environment, "{ENVIRONMENT}": environment.upper()}
    found = [
        "".join(
            re.escape(spelt[part]) if part in spelt else ".+" if part[:1] == "{" else re.escape(part) for part in parts
        )
        for parts in (re.split(r"(\{\w+\})", pattern) for pattern in patterns)
    ]
    return lambda name: any(re.fullmatch(pattern, name) for pattern in found)


def _moment(as_of: str | None) -> datetime:
    """The moment of assessment: as given, else SOURCE_DATE_EPOCH, else today without a time (so a day's runs agree)."""
    if as_of is not None:
        try:
            moment = datetime.fromisoformat(as_of)
        except ValueError:
            raise UsageError(
                f'--as-of "{as_of}" is no date',
                hint="write 2026-01-07 or 2026-01-07T16:55, for example",
                code=Code.OPTION_VALUE,
            ) from None
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            moment = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise UsageError(
                "SOURCE_DATE_EPOCH is no number of seconds", hint="unset it, or use --as-of", code=Code.OPTION_VALUE
            ) from None
    else:
        return datetime.combine(date.today(), time())
    if moment.year not in YEARS:
        raise UsageError(
            f"the year {moment.year} is out of reach",
            hint=f"assess as of {YEARS[0]} to {YEARS[-1]}",
            code=Code.OPTION_VALUE,
        )
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def _relative(directory: Path, project: Path) -> str | None:
    """The output directory relative to the project, or None when it lies outside of it."""
    inside, root = os.path.realpath(directory), os.path.realpath(project)
    if os.path.commonpath([inside, root]) != root:
        return None
    return Path(os.path.relpath(inside, root)).as_posix()


def _write_set(assessment: Assessment, directory: Path, outputs: str | None, project: Path) -> list[str]:
    """Writes documents and JSON; gives the paths of the documents as the user can open them."""
    from bbws_readiness.render.documents import render_documents
    from bbws_readiness.render.machine import assessment_document
    from bbws_readiness.render.write import write_documents

    documents = render_documents(assessment, directory=outputs or OUTSIDE)
    write_documents(directory, (*documents, assessment_document(assessment)), project=project)
    return [(directory / document.path).as_posix() for document in documents]


def _printed(
    assessment: Assessment, form: str, painter: Paint, written: list[str], *, quiet: bool, verbose: bool
) -> str:
    """What goes to standard output, or to the file of --output, in the format asked for."""
    if form == "json":
        from bbws_readiness.render.machine import to_json

        return to_json(assessment)
    if form == "markdown":
        from bbws_readiness.render.documents import render_documents

        summary = f"{assessment.environment}_{assessment.slug}_summary.md"
        documents = render_documents(assessment, directory=OUTSIDE)
        return next(document.text for document in documents if document.path == summary)
    from bbws_readiness.render.terminal import quiet_text, terminal_text

    if quiet:
        return quiet_text(assessment, painter)
    return terminal_text(assessment, painter, documents=written, verbose=verbose)

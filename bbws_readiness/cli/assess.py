"""`readiness assess ENVIRONMENT [PATH]`: the assessment, its documents, and the exit code."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.options import colour_option, config_option, setting_options
from bbws_readiness.cli.output import paint, plain, progress, say, wants_colour
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.pipeline import Settings

DEFAULT_OUTPUT = "deployments"
OUTSIDE = ".."
"""Stands for a place that is not in the project: from there no link leads to its files."""

STANDARD_OUTPUT = Path("-")

YEARS = range(1970, 3000)
"""The years in which a day of assessment may lie; a calendar is laid some years beyond it."""

FORMATS = ("text", "json", "markdown")
THRESHOLDS = ("blocker", "decision", "high", "medium", "low", "never")


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
    type=click.Path(path_type=Path, dir_okay=False),
    help="Print to this file instead; - is standard output.",
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path),
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
    from bbws_readiness.config import load_config
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.terminal import quiet_text, terminal_text
    from bbws_readiness.render.write import probe, write_text

    if output == STANDARD_OUTPUT:
        output = None
    moment = _moment(as_of)
    directory = output_dir or path / DEFAULT_OUTPUT
    writes = form == "text" or output_dir is not None
    config = load_config(path, path=config_path)
    if writes and path.is_dir():
        probe(directory)
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
    written = _write_set(assessment, directory, outputs) if writes else []
    painter = paint if wants_colour(colour) and output is None else plain
    if form != "text":
        text = _printed(assessment, form)
    elif quiet:
        text = quiet_text(assessment, painter)
    else:
        text = terminal_text(assessment, painter, documents=written, verbose=verbose)
    if output is None:
        say(text)
    else:
        write_text(output, text)
    return exit_code(assessment, Threshold(fail_on))


def _moment(as_of: str | None) -> datetime:
    """The moment of assessment: as given, else SOURCE_DATE_EPOCH, else today without a time (so a day's runs agree)."""
    if as_of is not None:
        try:
            moment = datetime.fromisoformat(as_of)
        except ValueError:
            raise UsageError(
                f'--as-of "{as_of}" is no date', hint="write 2026-01-07 or 2026-01-07T16:55, for example"
            ) from None
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            moment = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise UsageError("SOURCE_DATE_EPOCH is no number of seconds", hint="unset it, or use --as-of") from None
    else:
        return datetime.combine(date.today(), time())
    if moment.year not in YEARS:
        raise UsageError(f"the year {moment.year} is out of reach", hint=f"assess as of {YEARS[0]} to {YEARS[-1]}")
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def _relative(directory: Path, project: Path) -> str | None:
    """The output directory relative to the project, or None when it lies outside of it."""
    inside, root = os.path.realpath(directory), os.path.realpath(project)
    if os.path.commonpath([inside, root]) != root:
        return None
    return Path(os.path.relpath(inside, root)).as_posix()


def _write_set(assessment: Assessment, directory: Path, outputs: str | None) -> list[str]:
    """Writes documents and JSON; gives the paths of the documents as the user can open them."""
    from bbws_readiness.render.documents import render_documents
    from bbws_readiness.render.machine import assessment_document
    from bbws_readiness.render.write import write_documents

    documents = render_documents(assessment, directory=outputs or OUTSIDE)
    write_documents(directory, (*documents, assessment_document(assessment)))
    return [(directory / document.path).as_posix() for document in documents]


def _printed(assessment: Assessment, form: str) -> str:
    if form == "json":
        from bbws_readiness.render.machine import to_json

        return to_json(assessment)
    from bbws_readiness.render.documents import render_documents

    summary = f"{assessment.environment}_{assessment.slug}_summary.md"
    documents = render_documents(assessment, directory=OUTSIDE)
    return next(document.text for document in documents if document.path == summary)

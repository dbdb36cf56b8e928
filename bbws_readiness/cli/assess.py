"""`readiness assess ENVIRONMENT [PATH]`: the assessment, its documents, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import (
    SomePath,
    base_option,
    colour_option,
    config_option,
    force_option,
    moment_of,
    output_dir_option,
    plan_json_option,
    promotion_plan_option,
    setting_options,
)
from bbws_readiness.cli.output import ReaderLeft, complain, paint, plain, progress, say, wants_colour
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, OUTSIDE, names_of_set, publish, relative
from bbws_readiness.errors import NotWritten

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.pipeline import Settings
    from bbws_readiness.render.terminal import Paint

STANDARD_OUTPUT = Path("-")

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
    type=SomePath(path_type=Path),
    metavar="FILE",
    help="Print to this file instead; - is standard output.",
)
@output_dir_option
@promotion_plan_option
@plan_json_option
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
@force_option
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
    force: bool,
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
    moment = moment_of(as_of)
    directory = output_dir or path / DEFAULT_OUTPUT
    writes = form == "text" or output_dir is not None
    config = load_config(path, path=config_path) if base is None else load_config_of_base(path, base, path=config_path)
    if writes and path.is_dir():
        probe(directory, project=path, names=names_of_set(environment))
    if output is not None:
        probe_file(output, project=path)
    if verbose:
        progress(f"assessing {path.name or 'this folder'} for {environment}")
    assessment = assess_project(
        path,
        environment,
        as_of=moment,
        config=config,
        plan=promotion_plan,
        settings=settings,
        plan_json=plan_json,
        outputs=relative(directory, path) or "",
    )
    code = exit_code(assessment, Threshold(fail_on))
    written: list[str] = []
    losses = Losses()
    with losses.one():
        if writes:
            written, losses.exit_code = publish(assessment, directory, path, force=force)
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

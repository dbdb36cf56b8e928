"""`readiness assess ENVIRONMENT [PATH]`: the assessment, its documents, and the exit code."""

from __future__ import annotations

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
    since_option,
)
from bbws_readiness.cli.output import paint, plain, progress, say, wants_colour
from bbws_readiness.cli.portfolio import OwnOptions, Request, assess_several, refuse_for_several
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, OUTSIDE, Losses, names_of_set, publish, relative

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.pipeline import Settings
    from bbws_readiness.render.terminal import Paint

STANDARD_OUTPUT = Path("-")

FORMATS = ("text", "json", "markdown")
THRESHOLDS = ("blocker", "decision", "high", "medium", "low", "never")


@click.command("assess")
@click.argument("environment")
@click.argument("paths", metavar="[PATH]...", type=click.Path(path_type=Path), nargs=-1)
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
@since_option
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
    paths: tuple[Path, ...],
    *,
    form: str,
    output: Path | None,
    output_dir: Path | None,
    promotion_plan: Path | None,
    plan_json: Path | None,
    since: str | None,
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

    Several PATHs are assessed together: each project alone and held against the others, with one table over all. With
    --output-dir, that table and a folder for each project are written there.

    \b
    Examples:
      readiness assess sit
      readiness assess sit ../order_schemas ../order_lambda --output-dir sit
      readiness assess sit -f json | python -m json.tool
      readiness assess prod ../shipments --promotion-plan ../plans/11_shipments_promotion.md
    """
    for path in paths or (Path(),):
        confine(path)
    output = None if output == STANDARD_OUTPUT else output
    moment = moment_of(as_of)
    request = Request(
        environment, moment, form, output, output_dir, base, settings, fail_on, force, colour, quiet, verbose
    )
    own = OwnOptions(promotion_plan, plan_json, since, config_path)
    if len(paths) > 1:
        refuse_for_several(request, own)
        return assess_several(paths, request)
    return _assess_one(paths[0] if paths else Path(), request, own)


def _assess_one(path: Path, request: Request, own: OwnOptions) -> int:
    from bbws_readiness.assess.gate import Threshold, exit_code
    from bbws_readiness.config import load_config, load_config_of_base
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.write import probe, probe_file, write_text

    environment, output, base = request.environment, request.output, request.base
    directory = request.output_dir or path / DEFAULT_OUTPUT
    config = load_config(path, path=own.config) if base is None else load_config_of_base(path, base, path=own.config)
    if request.writes and path.is_dir():
        probe(directory, project=path, names=names_of_set(environment))
    if output is not None:
        probe_file(output, project=path)
    if request.verbose:
        progress(f"assessing {path.name or 'this folder'} for {environment}")
    assessment = assess_project(
        path,
        environment,
        as_of=request.moment,
        config=config,
        plan=own.promotion_plan,
        settings=request.settings,
        plan_json=own.plan_json,
        since=own.since,
        outputs=relative(directory, path) or "",
    )
    code = exit_code(assessment, Threshold(request.fail_on))
    written: list[str] = []
    losses = Losses()
    with losses.one():
        if request.writes:
            written, losses.exit_code = publish(assessment, directory, path, force=request.force)
    painter = paint if wants_colour(request.colour) and output is None else plain
    text = _printed(assessment, request.form, painter, written, quiet=request.quiet, verbose=request.verbose)
    with losses.one():
        if output is None:
            say(text)
        else:
            write_text(output, text, project=path)
    return code or losses.exit_code


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

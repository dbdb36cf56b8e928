"""`readiness assess ENVIRONMENT [PATH]`: the assessment, its documents, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.asked import request_options
from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.formats import GITHUB
from bbws_readiness.cli.gates import in_force, passed, since_baseline
from bbws_readiness.cli.options import SomePath, config_option, plan_json_option, promotion_plan_option, since_option
from bbws_readiness.cli.output import progress
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, Losses, names_of_set, publish, relative
from bbws_readiness.cli.request import OwnOptions, Request

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.parsers.ahead import Ahead


@click.command("assess")
@click.argument("environment", shell_complete=environments)
@click.argument("paths", metavar="[PATH]...", type=SomePath(path_type=Path), nargs=-1)
@request_options(promotion_plan_option, plan_json_option, since_option, config_option)
def command(
    paths: tuple[Path, ...],
    *,
    request: Request,
    promotion_plan: Path | None,
    plan_json: Path | None,
    since: str | None,
    config_path: Path | None,
) -> int:
    """Assess the project at PATH (the current folder by default) for ENVIRONMENT.

    Several PATHs are assessed together: each project alone and held against the others, with one table over all. With
    --output-dir, that table and a folder for each project are written there.

    \b
    Examples:
      readiness assess sit
      readiness assess sit ../order_schemas ../order_lambda --output-dir sit
      readiness assess sit -f json | python -m json.tool
      readiness assess sit --baseline main.json --fail-on-new --min-score 80
      readiness assess sit -f text -f github -f sarif=readiness.sarif -f junit=readiness.xml
      readiness assess prod ../shipments --promotion-plan ../plans/11_shipments_promotion.md
    """
    for path in paths or (Path(),):
        confine(path)
    own = OwnOptions(promotion_plan, plan_json, since, config_path)
    if len(paths) > 1:
        return _assess_several(paths, request, own)
    return _assess_one(paths[0] if paths else Path(), request, own)


def _assess_several(paths: Sequence[Path], request: Request, own: OwnOptions) -> int:
    """As `readiness portfolio` does, within the limits of one run."""
    from bbws_readiness.cli.several import Named, Run, assess_several, refuse_for_several
    from bbws_readiness.cli.watching import Unwatched
    from bbws_readiness.portfolio.folders import MOST_NAMED
    from bbws_readiness.workers.here import Plain

    refuse_for_several(request, own)
    run = Run(request, MOST_NAMED, request.output_dir)
    return assess_several([Named(path) for path in paths], run, Plain(), Unwatched(request))


def _assess_one(path: Path, request: Request, own: OwnOptions) -> int:
    from bbws_readiness.parsers.ahead import reading_ahead

    directory = request.output_dir or path / DEFAULT_OUTPUT
    with reading_ahead() as ahead:
        assessment = _assessed(path, directory, request, own, ahead)
    assessment = since_baseline(assessment, path, request.gates)
    lost = _delivered(assessment, path, directory, request)
    return passed(assessment, request.gates) or lost


def _assessed(path: Path, directory: Path, request: Request, own: OwnOptions, ahead: Ahead | None) -> Assessment:
    from bbws_readiness.cli.deliver import probe_all, refuse_documents
    from bbws_readiness.config import config_in_force
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.write import probe

    environment = request.environment
    config = config_in_force(path, request.base, path=own.config)
    in_force(request.gates, config)
    if request.writes and path.is_dir():
        refuse_documents(request.wanted, directory, environment)
        probe(directory, project=path, names=names_of_set(environment))
    probe_all(request.wanted, lambda _: path)
    if request.verbose:
        progress(f"assessing {path.name or 'this folder'} for {environment}")
    return assess_project(
        path,
        environment,
        as_of=request.moment,
        config=config,
        plan=own.promotion_plan,
        settings=request.settings,
        plan_json=own.plan_json,
        since=own.since,
        outputs=relative(directory, path) or "",
        ahead=ahead,
    )


def _delivered(assessment: Assessment, path: Path, directory: Path, request: Request) -> int:
    """Writes the documents and every form that is wanted; gives 5 when one of them was lost, else 0."""
    from bbws_readiness.cli.deliver import deliver
    from bbws_readiness.cli.forms import summary_of, text_of_one
    from bbws_readiness.cli.whereabouts import prefix_of

    losses = Losses()
    documents: list[str] = []
    with losses.one():
        if request.writes:
            documents, losses.exit_code = publish(assessment, directory, path, force=request.force)
    prefix = prefix_of(path)
    arrived = deliver(
        request.wanted,
        lambda one: text_of_one(assessment, one, request, prefix=prefix, documents=documents),
        losses,
        lambda _: path,
    )
    if request.asks_for(GITHUB):
        from bbws_readiness.cli.step import figures_of, files_of, tell_step
        from bbws_readiness.render.file_names import JSON_PATTERN

        twin = JSON_PATTERN.format(environment=assessment.environment, slug=assessment.slug)
        files = files_of(arrived, directory if documents else None, twin)
        tell_step(lambda: summary_of(assessment, alone=True), figures_of(assessment) | files, losses)
    return losses.exit_code

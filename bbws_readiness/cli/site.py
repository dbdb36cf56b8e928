"""`readiness site ENVIRONMENT [PATH]`: the assessment and its documents as a folder of web pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import (
    SomePath,
    Variable,
    as_of_option,
    base_option,
    cache_option,
    config_option,
    plan_json_option,
    promotion_plan_option,
    setting_options,
    since_option,
)
from bbws_readiness.cli.output import inert, say
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, OUTSIDE, moment_of_documents, prepared, relative
from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings

FOLDER = "site"


@click.command("site")
@click.argument("environment", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@click.option(
    "--output-dir",
    type=SomePath(path_type=Path),
    help="Where the pages go.  [default: site/ENVIRONMENT below the documents]",
)
@click.option(
    "--documents-dir",
    cls=Variable,
    type=SomePath(path_type=Path),
    help="Where the documents lie whose notes, ticks and history are shown.  [default: deployments/ in the project]",
)
@promotion_plan_option
@plan_json_option
@since_option
@config_option
@cache_option
@base_option
@setting_options
@as_of_option("As of this day or moment.  [default: that of the documents on disk, else today]")
def command(
    environment: str,
    path: Path,
    *,
    output_dir: Path | None,
    documents_dir: Path | None,
    promotion_plan: Path | None,
    plan_json: Path | None,
    since: str | None,
    config_path: Path | None,
    base: str | None,
    settings: Settings,
    as_of: str | None,
) -> int:
    """Make web pages of the project at PATH for ENVIRONMENT: open index.html, from disk or from GitHub Pages.

    They show the verdict, the schedule, who says what, every finding with a filter, and the documents. They need no
    network, and no other file. Exits 0 whatever the verdict, 4 when the project could not be assessed.

    \b
    Examples:
      readiness site sit
      readiness site sit ../shipments --output-dir public
    """
    from bbws_readiness.assess.assessment import Verdict
    from bbws_readiness.config import config_in_force
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.site.site import FILES, OVERVIEW, render_site
    from bbws_readiness.render.write import probe, write_documents

    confine(path)
    documents = documents_dir or path / DEFAULT_OUTPUT
    directory = output_dir or documents / FOLDER / environment.strip().lower()
    outputs = _outputs(directory, documents, path)
    config = config_in_force(path, base, path=config_path)
    if path.is_dir():
        probe(directory, project=path, names=lambda name: name in FILES)
    assessment = assess_project(
        path,
        environment,
        as_of=moment_of_documents(as_of, documents, path, environment),
        config=config,
        plan=promotion_plan,
        settings=settings,
        plan_json=plan_json,
        since=since,
        outputs=outputs,
    )
    _, publication = prepared(assessment, documents, path)
    pages = render_site(
        assessment,
        (*publication.documents, *publication.superseded),
        site=relative(directory, path),
        directory=relative(documents, path) or OUTSIDE,
    )
    write_documents(directory, pages, project=path)
    say(inert((directory / OVERVIEW).as_posix()) + "\n")
    return 4 if assessment.verdict is Verdict.UNDETERMINED else 0


def _outputs(pages: Path, documents: Path, project: Path) -> str:
    """The one folder of the project that is no input, which holds documents and pages; empty when both lie outside.

    Raises `CannotWrite` for pages that would be read as files of the project by the next run.
    """
    from bbws_readiness.project.project import lies_in

    inside, site = relative(documents, project), relative(pages, project)
    if inside is None:
        return DEFAULT_OUTPUT if site and lies_in(site, DEFAULT_OUTPUT) else site or ""
    if site and not lies_in(site, inside):
        raise CannotWrite(
            "in the project, but not below the folder of the documents: the next run would read the pages",
            at=Location(pages.name, 0),
            hint=f"put them below {inside}/, or outside of the project",
            code=Code.OUTPUT_FOLDER,
        )
    return inside

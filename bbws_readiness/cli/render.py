"""`readiness render ENVIRONMENT [PATH]`: writes the documents anew, or says what that would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import (
    SomePath,
    as_of_option,
    base_option,
    cache_option,
    colour_option,
    config_option,
    force_option,
    output_dir_option,
    plan_json_option,
    promotion_plan_option,
    setting_options,
    since_option,
)
from bbws_readiness.cli.output import complain, inert, paint, plain, say, wants_colour
from bbws_readiness.cli.publishing import (
    DEFAULT_OUTPUT,
    NOT_WRITTEN,
    differences,
    moment_of_documents,
    names_of_set,
    prepared,
    publish,
    relative,
    tell_edits,
)
from bbws_readiness.codes import Code

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.render.terminal_line import Paint
    from bbws_readiness.settings import Settings


@click.command("render")
@click.argument("environment", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@output_dir_option
@promotion_plan_option
@plan_json_option
@since_option
@config_option
@cache_option
@base_option
@setting_options
@as_of_option("As of this day or moment.  [default: that of the documents on disk, else today]")
@click.option("--check", is_flag=True, help="Write nothing; print what would change and exit 5 if anything would.")
@force_option
@colour_option
def command(
    environment: str,
    path: Path,
    *,
    output_dir: Path | None,
    promotion_plan: Path | None,
    plan_json: Path | None,
    since: str | None,
    config_path: Path | None,
    base: str | None,
    settings: Settings,
    as_of: str | None,
    check: bool,
    force: bool,
    colour: str,
) -> int:
    """Write the documents of the project at PATH for ENVIRONMENT from what its files say now.

    Ticks and notes stay. Exits 0 when the documents are current, whatever the verdict; 4 when the project could not be
    assessed; 5 when --check finds them stale, or when something changed by hand would be lost.

    \b
    Examples:
      readiness render sit
      readiness render sit --check
    """
    from bbws_readiness.assess.assessment import Verdict
    from bbws_readiness.config import config_in_force
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.write import probe

    confine(path)
    directory = output_dir or path / DEFAULT_OUTPUT
    config = config_in_force(path, base, path=config_path)
    if not check and path.is_dir():
        probe(directory, project=path, names=names_of_set(environment))
    assessment = assess_project(
        path,
        environment,
        as_of=moment_of_documents(as_of, directory, path, environment),
        config=config,
        plan=promotion_plan,
        settings=settings,
        plan_json=plan_json,
        since=since,
        outputs=relative(directory, path) or "",
    )
    painter = paint if wants_colour(colour) else plain
    if check:
        code = _check(assessment, directory, path, painter)
    else:
        written, code = publish(assessment, directory, path, force=force)
        say("".join(f"{inert(name)}\n" for name in written))
    return 4 if assessment.verdict is Verdict.UNDETERMINED else code


def _check(assessment: Assessment, directory: Path, project: Path, painter: Paint) -> int:
    """Prints the differences; gives 0 when there are none, else 5."""
    folder, result = prepared(assessment, directory, project)
    tell_edits(result.edits, overwritten=False)
    lines = [painter(inert(line), role) for line, role in differences(folder, result)]
    say("".join(f"{line}\n" for line in lines))
    if not result.changed:
        return NOT_WRITTEN if result.edits else 0
    number = len(result.changed)
    what = "1 file is" if number == 1 else f"{number} files are"
    complain(
        f"{Code.STALE}: {directory.name or '.'}: {what} not what a run would write now;"
        f" run `readiness render {assessment.environment}`"
    )
    return NOT_WRITTEN

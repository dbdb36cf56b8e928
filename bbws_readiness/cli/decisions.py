"""`readiness decisions [ENVIRONMENT] [PATH]`: the entries of the decision log and what became of them."""

from __future__ import annotations

from datetime import datetime
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
    format_option,
    json_option,
    moment_of,
)
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT

if TYPE_CHECKING:
    from bbws_readiness.config import Config
    from bbws_readiness.decisions.decided import Decisions


@click.command("decisions")
@click.argument("environment", required=False, default="", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@format_option
@json_option
@config_option
@cache_option
@base_option
@as_of_option("As of this day or moment (2026-01-07, 2026-01-07T16:55).  [default: today]")
@colour_option
def command(
    environment: str,
    path: Path,
    *,
    form: str,
    as_json: bool,
    config_path: Path | None,
    base: str | None,
    as_of: str | None,
    colour: str,
) -> int:
    """List the decisions that are recorded for ENVIRONMENT in the project at PATH, by their state.

    The project is assessed for it, because only what the files say now tells whether a decision still holds. Without
    ENVIRONMENT it is assessed for every one that the log names; a single argument with a slash, or a dot, is the PATH.

    \b
    Examples:
      readiness decisions
      readiness decisions sit -f json
      readiness decisions prod ../shipments --as-of 2026-04-01
    """
    from bbws_readiness.config import config_in_force

    if environment in (".", "..") or "/" in environment:
        environment, path = "", Path(environment) if path == Path() else path
    confine(path)
    moment = moment_of(as_of)
    config = config_in_force(path, base, path=config_path)
    found = _found(path, environment, config, moment)
    say(_json(found) if as_json or form == "json" else _text(found, colour))
    return 0


def _found(path: Path, environment: str, config: Config, moment: datetime) -> list[tuple[str, Decisions]]:
    """The environments with what is decided for each; the empty name when the log is about none that there is."""
    from bbws_readiness.decisions.apply import unjudged
    from bbws_readiness.decisions.base import log_of
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.project import discover

    names = [environment]
    if not environment:
        project = discover(path, config, outputs=DEFAULT_OUTPUT)
        log = log_of(project.root, config)
        named = {name for entry in log.entries for name in entry.environments}
        names = [name for name in project.environments if name in named]
        if not names:
            return [("", unjudged(log))]
    assessed = [assess_project(path, name, as_of=moment, config=config, outputs=DEFAULT_OUTPUT) for name in names]
    return [(one.environment, one.decided) for one in assessed]


def _text(found: list[tuple[str, Decisions]], colour: str) -> str:
    from bbws_readiness.render.terminal_decisions import decisions_text

    painter = paint if wants_colour(colour) else plain
    return "\n".join(decisions_text(environment, decisions, painter) for environment, decisions in found)


def _json(found: list[tuple[str, Decisions]]) -> str:
    from bbws_readiness.render.encode.json import to_json
    from bbws_readiness.render.machine import diagnostic_data, without_secrets
    from bbws_readiness.render.machine_decisions import decided_data

    data = [
        {
            "environment": environment or None,
            "log": decisions.path,
            "settled": decisions.settled,
            "decided": decided_data(decisions),
            "notices": [diagnostic_data(fault) for fault in decisions.notices],
        }
        for environment, decisions in found
    ]
    return to_json(without_secrets(data), indent=True) + "\n"

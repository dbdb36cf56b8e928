"""`readiness inventory ENVIRONMENT [PATH]`: every resource that the configuration asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.evaluated import evaluated_root
from bbws_readiness.cli.options import (
    SomePath,
    cache_option,
    config_option,
    format_option,
    json_option,
    setting_options,
)
from bbws_readiness.cli.output import inert, say
from bbws_readiness.render.encode.json import to_json

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings
    from bbws_readiness.terraform import ResourceInstance

INCOMPLETE = 4


@click.command("inventory")
@click.argument("environment", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@format_option
@json_option
@config_option
@cache_option
@setting_options
def command(
    environment: str,
    path: Path,
    *,
    form: str,
    as_json: bool,
    config_path: Path | None,
    settings: Settings,
) -> int:
    """List every resource instance that the Terraform of the project at PATH asks for in ENVIRONMENT.

    With -f json every one has the values that Terraform would plan, the paths of those that are not known before it
    runs, and the paths of the sensitive ones, whose values are left out. An address that ends in [*] stands for any
    number of instances. Exit code 4 says that a file could not be read, so that the list may be short.

    \b
    Examples:
      readiness inventory sit
      readiness inventory prod ../shipments -f json
    """
    _, evaluated = evaluated_root(path, environment, config_path, settings)
    evaluation = evaluated.evaluation
    resources = [described(found) for found in evaluation.resources if found.mode == "managed"]
    if as_json or form == "json":
        say(to_json(resources, indent=True) + "\n")
    else:
        _print(resources)
    return 0 if evaluation.complete else INCOMPLETE


def described(found: ResourceInstance) -> dict[str, Any]:
    """The resource as one object of the JSON output; what is sensitive, or secret by its name or look, is not there."""
    from bbws_readiness.terraform.paths import without
    from bbws_readiness.terraform.planned import planned_values

    planned = planned_values(found, guarded=True)
    return {
        "address": found.address,
        "type": found.type,
        "name": found.name,
        "values": without(planned.values, planned.sensitive),
        "unknown": list(planned.unknown),
        "sensitive": list(planned.sensitive),
        "at": str(found.at),
    }


def _print(resources: list[dict[str, Any]]) -> None:
    rows = [(found["address"], _physical_name(found), found["at"]) for found in resources]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)] if rows else []
    for found, (address, name, at) in zip(resources, rows, strict=True):
        say(inert(f"{address:<{widths[0]}}  {name:<{widths[1]}}  {at}") + "\n")
        for key, label in (("unknown", "known after apply"), ("sensitive", "sensitive")):
            if found[key]:
                say(inert(f"  {label}: {_names(found[key])}") + "\n")
    say(f"{len(rows)} {'resource' if len(rows) == 1 else 'resources'}\n")


def _names(paths: list[str]) -> str:
    """The arguments at the beginning of the paths; the JSON has the paths in full."""
    from bbws_readiness.terraform.paths import steps_of

    return ", ".join(dict.fromkeys(str(steps_of(path)[0]) for path in paths))


def _physical_name(found: dict[str, Any]) -> str:
    """The name under which the provider will know the resource; `-` when the configuration does not tell it."""
    from bbws_readiness.parsers.terraform.configuration import NAME_ARGUMENTS

    values = found["values"]
    return next((values[name] for name in NAME_ARGUMENTS if isinstance(values.get(name), str)), "-")

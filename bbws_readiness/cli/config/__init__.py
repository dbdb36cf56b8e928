"""`readiness config`: what is set and by whom, and what readiness.yaml may hold."""

from __future__ import annotations

import click

from bbws_readiness.cli.lazy import LazyCommands

COMMANDS = {
    "show": (f"{__name__}.show", "Say which settings are in effect and where each comes from."),
    "schema": (f"{__name__}.schema", "Print the JSON Schema of readiness.yaml."),
}
"""Every subcommand with its module and its line in --help."""


@click.group("config", cls=LazyCommands, table=COMMANDS)
def command() -> None:
    """Show the settings in effect, or the schema of readiness.yaml.

    A flag wins over its READINESS_ variable, the variable over readiness.yaml, and that over the default.
    """

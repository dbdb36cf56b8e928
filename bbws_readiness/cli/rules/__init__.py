"""`readiness rules`: the rules of this tool and of a project; lists, shows, tests and documents them."""

from __future__ import annotations

import click

from bbws_readiness.cli.lazy import LazyCommands

COMMANDS = {
    "list": (f"{__name__}.listing", "List the rules."),
    "show": (f"{__name__}.show", "Say what a rule asks for, with the settings in force."),
    "test": (f"{__name__}.cases", "Run the cases of rules."),
    "docs": (f"{__name__}.pages", "Write a page for every rule."),
}
"""Every subcommand with its module and its line in --help."""


@click.group("rules", cls=LazyCommands, table=COMMANDS, alone="list")
def command() -> None:
    """List, show, test and document the rules; alone it lists those of this tool.

    A project brings rules of its own in readiness/rules/*.yaml; docs/custom-rules.md tells how.
    """

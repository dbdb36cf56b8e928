"""`readiness generate`: makes files that a project lacks from what its Terraform and documents say."""

from __future__ import annotations

import click

from bbws_readiness.cli.lazy import LazyCommands

COMMANDS = {
    "validation-script": (f"{__name__}.validation_script", "Write a script that checks the deployed tables."),
    "backup": (f"{__name__}.backup", "Write the Terraform of a backup of every table."),
}
"""Every subcommand with its module and its line in --help."""


@click.group("generate", cls=LazyCommands, table=COMMANDS)
def command() -> None:
    """Make a file that the project lacks from what its Terraform and its documents say.

    What the files do not tell is left out and named, or the command refuses; nothing is guessed. docs/generate.md shows
    the files.
    """

"""`readiness rules`: the rules of this tool and of a project; lists, shows, tests and documents them."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "list": ("listing", "List the rules."),
    "show": ("show", "Say what a rule asks for, with the settings in force."),
    "test": ("cases", "Run the cases of rules."),
    "docs": ("pages", "Write a page for every rule."),
}
"""Every subcommand with its module and its line in --help."""


class LazyCommands(click.Group):
    """Loads a subcommand's module when it is called; without one the rules are listed."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"{__name__}.{COMMANDS[name][0]}").command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows the type; every module of the table has one
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Prints the table without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """`readiness rules -f json` is `readiness rules list -f json`."""
        if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
            arguments = ["list", *arguments]
        return super().parse_args(context, arguments)


@click.group("rules", cls=LazyCommands)
def command() -> None:
    """List, show, test and document the rules; alone it lists those of this tool.

    A project brings rules of its own in readiness/rules/*.yaml; docs/custom-rules.md tells how.
    """

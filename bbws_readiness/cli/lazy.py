"""A command whose subcommands are loaded when they are called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from bbws_readiness.process.imports import load_msgspec


class LazyCommands(click.Group):
    """Knows every subcommand by its name, its module and its line in --help; loads none for --help and --version."""

    def __init__(self, *, table: Mapping[str, tuple[str, str]], alone: str = "", **attributes: Any) -> None:  # noqa: ANN401 - of click
        """`table` gives module and line per name, in the order of --help; `alone` is called when none is named."""
        super().__init__(**attributes)
        self._table = table
        self._alone = alone

    def list_commands(self, context: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(self._table)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in self._table:
            return None
        load_msgspec()
        command = importlib.import_module(self._table[name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows the type; every module of the table has one
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Prints the table without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._table.items()])

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """With `alone`, options in the place of a subcommand are meant for that one."""
        named = arguments and not arguments[0].startswith("-")
        if self._alone and not named and arguments[:1] not in (["-h"], ["--help"]):
            arguments = [self._alone, *arguments]
        return super().parse_args(context, arguments)

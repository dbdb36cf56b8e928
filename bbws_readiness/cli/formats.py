"""The option `-f FORMAT[=FILE]`: which forms of one assessment are wanted, and where each goes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

TEXT, JSON, SARIF, JUNIT, MARKDOWN, GITHUB = FORMS = ("text", "json", "sarif", "junit", "markdown", "github")
STANDARD_OUTPUT = Path("-")


class Wanted(Struct, frozen=True):
    """One form; `file` is None for standard output."""

    form: str
    file: Path | None = None


class FormatType(click.ParamType[Wanted]):
    """`json`, or `json=FILE`."""

    name = "format"

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = tuple(forms)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """As --help shows it."""
        return "FORMAT[=FILE]"

    def convert(self, value: str | Wanted, param: click.Parameter | None, ctx: click.Context | None) -> Wanted:
        """Fails for an unknown form and for an empty file."""
        if isinstance(value, Wanted):
            return value
        form, equals, file = value.partition("=")
        if form not in self.forms:
            self.fail(f'"{form}" is none of {", ".join(self.forms)}', param, ctx)
        if equals and not file:
            self.fail(f"an empty path names nothing: {form}=FILE", param, ctx)
        return Wanted(form, Path(file) if equals and Path(file) != STANDARD_OUTPUT else None)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The forms that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(form) for form in self.forms if form.startswith(incomplete)]


def settled(wanted: Sequence[Wanted], output: Path | None) -> tuple[Wanted, ...]:
    """What is wanted, in the order given, with the file of `--output` for the one that names none; text by default.

    Text and annotations may be printed together: a runner takes its commands from among other lines. Raises
    `UsageError` when two others would go to one place, or when `--output` is for none.
    """
    given = tuple(wanted) or (Wanted(TEXT),)
    output = None if output == STANDARD_OUTPUT else output
    loose = [one for one in given if one.file is None]
    together = output is None and sorted(one.form for one in loose) == [GITHUB, TEXT]
    if len(loose) > 1 and not together:
        names = " and ".join(one.form for one in loose)
        raise UsageError(f"{names} would both be printed", hint="write FORMAT=FILE for one", code=Code.OPTION_VALUE)
    if output is not None and not loose:
        raise UsageError("--output is for no format", hint="every -f names its file already", code=Code.OPTION_VALUE)
    found = tuple(Wanted(one.form, one.file or output) for one in given)
    places = [os.path.realpath(one.file) for one in found if one.file]
    if len(set(places)) < len(places):
        raise UsageError("two formats would be written to one file", hint="name another", code=Code.OPTION_VALUE)
    return found

"""Puts every form of a run where it was asked for; one that is lost keeps none of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bbws_readiness.cli.formats import GITHUB, Wanted
from bbws_readiness.cli.output import say
from bbws_readiness.cli.publishing import Losses, names_of_set
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

Holder = Callable[[Path], Path | None]
"""Gives the project in which a folder lies, whose links are not followed; None when it lies in none."""


def probe_all(wanted: Sequence[Wanted], holder: Holder) -> None:
    """Raises `CannotWrite`, before anything is assessed, when a file that is wanted could not be written."""
    from bbws_readiness.render.write import probe_file

    for one in wanted:
        if one.file is not None:
            probe_file(one.file, project=holder(one.file.parent))


def refuse_documents(wanted: Sequence[Wanted], directory: Path, environment: str) -> None:
    """Raises `UsageError` for a file that stands where the same run writes its documents, with the name of one.

    The next run would find a document that no run is known to have written.
    """
    is_document = names_of_set(environment)
    for one in wanted:
        if one.file and is_document(one.file.name) and one.file.parent.resolve() == directory.resolve():
            raise UsageError(
                f'"{one.file.name}" is among the documents that are written there',
                hint="name another file, or use the one that is written with them",
                code=Code.OPTION_VALUE,
            )


def deliver(
    wanted: Sequence[Wanted], text_of: Callable[[Wanted], str], losses: Losses, holder: Holder
) -> tuple[Wanted, ...]:
    """Prints or writes each form, files first, because nobody may be left to read what is printed.

    Gives those that have arrived; the others are told, and counted among the losses.
    """
    from bbws_readiness.render.write import write_text

    arrived = []
    for one in sorted(wanted, key=lambda one: one.file is None):
        with losses.one():
            text = text_of(one)
            if one.file is None:
                say(text, commands=one.form == GITHUB)
            else:
                write_text(one.file, text, project=holder(one.file.parent))
            arrived.append(one)
    return tuple(arrived)

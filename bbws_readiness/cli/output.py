"""Printing: colour where a person reads, plain text in a pipe, complaints and progress on standard error."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys

import click

from bbws_readiness.codes import Code
from bbws_readiness.errors import NotWritten
from bbws_readiness.process.environment import scrub
from bbws_readiness.render.encode.json import escapes
from bbws_readiness.render.encode.terminal import guarded, safe, safe_lines

STYLES: dict[str, dict[str, str | bool]] = {
    "critical": {"fg": "red", "bold": True},
    "high": {"fg": "yellow", "bold": True},
    "medium": {"fg": "green"},
    "low": {"dim": True},
    "decision": {"fg": "magenta", "bold": True},
    "ready": {"fg": "green", "bold": True},
    "heading": {"bold": True},
    "place": {"fg": "cyan"},
    "quiet": {"dim": True},
}
"""How the roles that the terminal text names are shown."""


def wants_colour(choice: str) -> bool:
    """Whether to colour: `always` and `never` decide, `auto` asks NO_COLOR, FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, role: str) -> str:
    """`text` in the colours of its role; roles without colours stay plain."""
    style = STYLES.get(role)
    return click.style(text, **style) if style else text  # type: ignore[arg-type]


def plain(text: str, role: str) -> str:
    """`text` as it is."""
    return text


class ReaderLeft(Exception):
    """Whoever read standard output has gone (`| head`): no fault, and nothing more can be said."""


def say(text: str, *, commands: bool = False) -> None:
    """Print to standard output, with marks that the terminal's encoding lacks replaced.

    `commands` are those that the annotations' encoder has written for a runner; in any other text they are made inert.
    Raises `NotWritten` when it is closed or full, and `ReaderLeft`; what is still held back is dropped in both cases.
    """
    if sys.stdout is None:
        raise NotWritten("standard output is closed", hint="let it print somewhere", code=Code.STANDARD_OUTPUT)
    try:
        _write(sys.stdout, text, commands=commands)
    except BrokenPipeError:
        drop_output()
        raise ReaderLeft from None
    except OSError as error:
        drop_output()
        raise not_printed(error) from None


def not_printed(error: OSError) -> NotWritten:
    """The fault of a standard output that takes nothing, in our words."""
    reason = (error.strerror or "cannot be written").lower()
    hint = "free space, or let it print elsewhere"
    return NotWritten(f"standard output: {reason}", hint=hint, code=Code.STANDARD_OUTPUT)


def drop_output() -> None:
    """Let what standard output still holds back go nowhere, so that the interpreter does not fail on it at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def inert(text: str) -> str:
    """Text of the project with its lines kept and everything that could steer a terminal or a log made visible."""
    return safe_lines(text)


def progress(text: str) -> None:
    """Print a line about what is being done to standard error."""
    _tell(f"readiness: {safe(text)}\n")


def pass_on(text: str) -> None:
    """Print whole lines to standard error that another part of this tool has made for it."""
    _tell(text)


def complain(text: str) -> None:
    """Print one line of complaint, which begins with its code, to standard error."""
    _tell(f"readiness: error {safe(text)}\n")


def show_trace(error: BaseException) -> None:
    """Print the traceback of a fault to standard error, for --debug."""
    import traceback

    _tell(inert("".join(traceback.format_exception(error))))


def _tell(text: str) -> None:
    """Nobody can be told that standard error cannot be written; the exit code still says what happened."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            _write(sys.stderr, text)


def _escape(error: UnicodeError) -> tuple[str, int]:
    """`\\uXXXX`, which JSON reads back, for what the encoding of a stream lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return escapes(error.object[error.start : error.end]), error.end


codecs.register_error("escape", _escape)


def _write(stream: object, text: str, *, commands: bool = False) -> None:
    text = scrub(text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    printable = text.encode(encoding, "escape").decode(encoding)
    click.echo(printable if commands else guarded(printable), file=stream, nl=False, color=True)  # type: ignore[arg-type]

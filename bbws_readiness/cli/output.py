"""Printing: colour where a person reads, plain text in a pipe, complaints and progress on standard error."""

from __future__ import annotations

import contextlib
import os
import re
import sys

import click

from bbws_readiness.errors import CannotWrite
from bbws_readiness.render.inert import safe

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


def say(text: str) -> None:
    """Print to standard output, with marks that the terminal's encoding lacks replaced.

    Raises `CannotWrite` when it is closed or full, and lets `BrokenPipeError` through: a reader that left is no fault.
    """
    if sys.stdout is None:
        raise CannotWrite("standard output is closed", hint="let it print somewhere")
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        reason = (error.strerror or "cannot be written").lower()
        raise CannotWrite(f"standard output: {reason}", hint="free space, or let it print elsewhere") from None


def drop_output() -> None:
    """Let what standard output still holds back go nowhere, so that the interpreter does not fail on it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def inert(text: str) -> str:
    """Text of the project with its lines and tabs kept and everything that could steer a terminal made visible."""
    return re.sub(r"[^\n\t]+", lambda match: safe(match[0]), text)


def progress(text: str) -> None:
    """Print a line about what is being done to standard error."""
    _tell(f"readiness: {safe(text)}\n")


def complain(text: str) -> None:
    """Print one line of complaint to standard error."""
    _tell(f"readiness: error: {safe(text)}\n")


def _tell(text: str) -> None:
    """Nobody can be told that standard error cannot be written; the exit code still says what happened."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            _write(sys.stderr, text)


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    printable = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(printable, file=stream, nl=False, color=True)  # type: ignore[arg-type]

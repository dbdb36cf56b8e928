"""Printing: colour where a person reads, plain text in a pipe, complaints and progress on standard error."""

from __future__ import annotations

import os
import re
import sys

import click

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
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, role: str) -> str:
    """`text` in the colours of its role; roles without colours stay plain."""
    style = STYLES.get(role)
    return click.style(text, **style) if style else text  # type: ignore[arg-type]


def plain(text: str, role: str) -> str:
    """`text` as it is."""
    return text


def say(text: str) -> None:
    """Print to standard output, with marks that the terminal's encoding lacks replaced."""
    _write(sys.stdout, text)


def inert(text: str) -> str:
    """Text of the project with its lines and tabs kept and everything that could steer a terminal made visible."""
    return re.sub(r"[^\n\t]+", lambda match: safe(match[0]), text)


def progress(text: str) -> None:
    """Print a line about what is being done to standard error."""
    _write(sys.stderr, f"readiness: {safe(text)}\n")


def complain(text: str) -> None:
    """Print one line of complaint to standard error."""
    _write(sys.stderr, f"readiness: error: {safe(text)}\n")


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    printable = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(printable, file=stream, nl=False, color=True)  # type: ignore[arg-type]

"""The encoder for annotations: one workflow command per line, as @actions/core writes it."""

from __future__ import annotations

from enum import StrEnum

from bbws_readiness.disclosure import disclosed
from bbws_readiness.render.encode.characters import legible, uncommanded

MAX_CHARACTERS = 4000
"""A longer message is cut and ends in `…`."""


class Level(StrEnum):
    """How an annotation is shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


def annotation(level: Level, message: str, *, title: str = "", file: str = "", line: int = 0) -> str:
    """The command without a line end; its message reads as `told(message)`. Empty texts and line 0 are left out."""
    properties = {"title": title, "file": file, "line": str(line) if line > 0 else ""}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value.strip())
    return f"::{level}{' ' if written else ''}{written}::{_data(told(message))}"


def told(message: str) -> str:
    """What the annotation shows: line ends kept, everything invisible made visible, at most MAX_CHARACTERS."""
    shown = uncommanded(legible(disclosed(message), lines=True))
    return shown if len(shown) <= MAX_CHARACTERS else shown[: MAX_CHARACTERS - 1] + "…"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    shown = legible(disclosed(text)).replace("##[", "## [").strip()
    return _data(shown).replace(":", "%3A").replace(",", "%2C")

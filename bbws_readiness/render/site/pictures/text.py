"""How wide words become in a picture, and how they are cut to fit: a guess that is never too small."""

from __future__ import annotations

from bbws_readiness.disclosure import disclosed
from bbws_readiness.render.encode.characters import legible

MAX_CHARACTERS = 500
"""Longer words are cut wherever they are shown in a picture."""

_WIDTHS = {
    **dict.fromkeys("ijlI|'", 0.34),
    **dict.fromkeys('ft.,:;!/\\ ()[]-r"', 0.42),
    **dict.fromkeys("mwMW@%…+=<>~#&", 1.0),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.8),
}
_USUAL = 0.64
_FOREIGN = 0.9
_WIDE = 1.25
_BOLD = 1.14
"""In ems, at least what the widest of the usual system fonts needs; and how much broader its bold is."""


def shown(text: object) -> str:
    """The words as a picture may show them: one line, nothing invisible, no secret, at most `MAX_CHARACTERS`."""
    words = legible(disclosed(str(text)))
    return words if len(words) <= MAX_CHARACTERS else words[: MAX_CHARACTERS - 1] + "…"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """At least as much as the words need, in the units of `size`, the height of the font."""
    return sum(_em(character) for character in text) * size * (_BOLD if bold else 1)


def fitted(text: object, room: float, size: float, *, bold: bool = False) -> str:
    """The words as far as they fit into `room`, with an ellipsis where something is missing; empty without room."""
    words = shown(text)
    if bold:
        room /= _BOLD
    if width(words, size) <= room:
        return words
    used = width("…", size)
    for position, character in enumerate(words):
        used += _em(character) * size
        if used > room:
            return words[:position].rstrip() + "…" if position else ""
    return words


def lines(text: object, room: float, size: float, most: int) -> tuple[str, ...]:
    """The words broken into at most `most` lines of that room; the last is cut where they do not fit."""
    words = shown(text).split()
    broken: list[str] = []
    while words and len(broken) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        broken.append(fitted(line, room, size))
    if words:
        broken.append(fitted(" ".join(words), room, size))
    return tuple(broken)


def _em(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    point = ord(character)
    if point < 0x80:
        return _USUAL
    return _FOREIGN if point < 0x1100 else _WIDE

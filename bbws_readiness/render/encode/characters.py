"""Which characters a reader cannot see, and how every sink shows them."""

from __future__ import annotations

import re

from bbws_readiness.patterns import regex

_STEERING = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
"""Controls, line and paragraph ends, and halves of pairs, which no encoding can hold."""

_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Zero-width, direction-changing and tag characters, and what Unicode keeps free for more of them."""

_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\ufe00-\ufe0e"
"""Letters that draw nothing: fillers, the Braille blank, variation selectors, the grapheme joiner."""

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0xF0000, 0x10000)
)
"""Characters without a meaning of their own."""

UNSEEN = _STEERING + _FORMAT + _BLANK + _PRIVATE
"""The inside of a character class. A table, not `unicodedata`: every version of Python shows the same text."""

SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces other than the usual one, as the inside of a character class."""

_COLOURED = "\ufe0f"
"""The mark that draws a symbol in colour; behind anything else it is unseen."""
_SYMBOL = regex("[\u2300-\u2bff\U0001f000-\U0001faff]")

# One class each: what may stand before the mark is asked where one was found, and not at every character.
_HIDDEN = regex(f"[{UNSEEN}{_COLOURED}]")
_HIDDEN_IN_LINES = regex(_HIDDEN.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


def legible(text: str, *, lines: bool = False) -> str:
    """`text` with control characters as their pictures and all else unseen as `<U+XXXX>`; `lines` keeps line ends."""
    if text.isascii() and (text.replace("\n", "") if lines else text).isprintable():
        return text
    return (_HIDDEN_IN_LINES if lines else _HIDDEN).sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    if found[0] == _COLOURED and _SYMBOL.match(found.string[found.start() - 1 : found.start()]):
        return found[0]
    point = ord(found[0])
    if point < 0x20:
        return chr(0x2400 + point)
    return "\u2421" if point == 0x7F else f"<U+{point:04X}>"


_FIRST_ON_LINE = regex(r"(?:^|(?<=[\r\n]))([^\S\r\n]*):(?=:)")


def uncommanded(text: str) -> str:
    """`text` with no line that a log of GitHub Actions takes for a command: `: :` first on a line, `## [` anywhere."""
    shown = _FIRST_ON_LINE.sub(r"\1: ", text) if "::" in text else text
    return shown.replace("##[", "## [")

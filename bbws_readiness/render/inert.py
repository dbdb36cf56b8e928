"""Makes untrusted text inert for a terminal or a log."""

from __future__ import annotations

import unicodedata

EMOJI_STYLE = "\ufe0f"
"""Follows some of our own icons; it changes nothing but how they are drawn."""


def safe(text: str) -> str:
    """`text` on one line, with everything that could steer a terminal or a log made visible.

    Control characters become their pictures; invisible and direction-changing characters read `<U+XXXX>`.
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character != EMOJI_STYLE:
        return f"<U+{code:04X}>"
    return character

"""Splits text into what a reader takes for characters: grapheme clusters, by the rules of Unicode 15 (UAX 29)."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

from bbws_readiness.terraform.functions.spec import NotEvaluated

_JOINER = "\u200d"
_EXTEND = frozenset(
    "\u200c\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u1b35\u302e\u302f\uff9e\uff9f"
    "\U0001133e\U00011357\U000114b0\U000114bd\U000115af\U00011930\U0001d165\U0001d16e\U0001d16f\U0001d170\U0001d171"
    "\U0001d172\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
"""Characters that continue the one before without being nonspacing marks."""
_NOT_SPACING = frozenset(
    map(
        chr,
        (
            *(0x102B, 0x102C, 0x1038, *range(0x1062, 0x1065), *range(0x1067, 0x106E), 0x1083, *range(0x1087, 0x108D)),
            *(0x108F, *range(0x109A, 0x109D), 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7D, 0x11720, 0x11721),
        ),
    )
)
"""Spacing marks that begin a character of their own all the same."""
_PREPEND = frozenset(
    map(
        chr,
        (
            *(*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2, 0x111C3),
            *(0x1193F, 0x11941, 0x11A3A, *range(0x11A84, 0x11A8A), 0x11D46, 0x11F02),
        ),
    )
)
_PICTOGRAPHS = (
    *(0xA9, 0xAA, 0xAE, 0xAF, 0x203C, 0x203D, 0x2049, 0x204A, 0x2122, 0x2123, 0x2139, 0x213A, 0x2194, 0x219A),
    *(0x21A9, 0x21AB, 0x231A, 0x231C, 0x2328, 0x2329, 0x2388, 0x2389, 0x23CF, 0x23D0, 0x23E9, 0x23F4, 0x23F8, 0x23FB),
    *(0x24C2, 0x24C3, 0x25AA, 0x25AC, 0x25B6, 0x25B7, 0x25C0, 0x25C1, 0x25FB, 0x25FF, 0x2600, 0x2606, 0x2607, 0x2613),
    *(0x2614, 0x2686, 0x2690, 0x2706, 0x2708, 0x2713, 0x2714, 0x2715, 0x2716, 0x2717, 0x271D, 0x271E, 0x2721, 0x2722),
    *(0x2728, 0x2729, 0x2733, 0x2735, 0x2744, 0x2745, 0x2747, 0x2748, 0x274C, 0x274D, 0x274E, 0x274F, 0x2753, 0x2756),
    *(0x2757, 0x2758, 0x2763, 0x2768, 0x2795, 0x2798, 0x27A1, 0x27A2, 0x27B0, 0x27B1, 0x27BF, 0x27C0, 0x2934, 0x2936),
    *(0x2B05, 0x2B08, 0x2B1B, 0x2B1D, 0x2B50, 0x2B51, 0x2B55, 0x2B56, 0x3030, 0x3031, 0x303D, 0x303E, 0x3297, 0x3298),
    *(0x3299, 0x329A, 0x1F000, 0x1F100, 0x1F10D, 0x1F110, 0x1F12F, 0x1F130, 0x1F16C, 0x1F172, 0x1F17E, 0x1F180),
    *(0x1F18E, 0x1F18F, 0x1F191, 0x1F19B, 0x1F1AD, 0x1F1E6, 0x1F201, 0x1F210, 0x1F21A, 0x1F21B, 0x1F22F, 0x1F230),
    *(0x1F232, 0x1F23B, 0x1F23C, 0x1F240, 0x1F249, 0x1F3FB, 0x1F400, 0x1F53E, 0x1F546, 0x1F650, 0x1F680, 0x1F700),
    *(0x1F774, 0x1F780, 0x1F7D5, 0x1F800, 0x1F80C, 0x1F810, 0x1F848, 0x1F850, 0x1F85A, 0x1F860, 0x1F888, 0x1F890),
    *(0x1F8AE, 0x1F900, 0x1F90C, 0x1F93B, 0x1F93C, 0x1F946, 0x1F947, 0x1FB00, 0x1FC00, 0x1FFFE),
)
"""Where ranges of pictographs begin and end, by turns."""
_HANGUL_FOLLOWS = {"L": ("L", "V", "LV", "LVT"), "V": ("V", "T"), "LV": ("V", "T"), "T": ("T",), "LVT": ("T",)}


def characters(text: str) -> list[str]:
    """The characters of `text` as a reader counts them. Raises `NotEvaluated` for what this Python does not know."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    previous, flags, pictograph = "", 0, False
    for character in text:
        kind = _kind(character)
        joins = _joins(previous, kind) or (previous == "flag" and kind == "flag" and flags % 2 == 1)
        if pictograph and previous == "joiner" and kind == "pictograph":
            joins = True
        if joins and found:
            found[-1] += character
        else:
            found.append(character)
        flags = flags + 1 if kind == "flag" else 0
        # A pictograph stays one while only joiners and marks follow it.
        pictograph = kind == "pictograph" or (pictograph and kind in ("extend", "joiner"))
        previous = kind
    return found


def _joins(previous: str, kind: str) -> bool:
    if previous == "return":
        return kind == "newline"
    if previous in ("", "newline", "control") or kind in ("return", "newline", "control"):
        return False
    if kind in ("extend", "joiner", "spacing") or previous == "prepend":
        return True
    return kind in _HANGUL_FOLLOWS.get(previous, ())


def _kind(character: str) -> str:
    if character.isascii():
        return {"\r": "return", "\n": "newline"}.get(
            character, "control" if character < " " or character == "\x7f" else "other"
        )
    code = ord(character)
    if character == _JOINER:
        return "joiner"
    if character in _EXTEND or 0xE0020 <= code <= 0xE007F:
        return "extend"
    if character in _PREPEND:
        return "prepend"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "flag"
    if bisect_right(_PICTOGRAPHS, code) % 2:
        return "pictograph"
    return _kind_by_category(character, code)


def _kind_by_category(character: str, code: int) -> str:
    match unicodedata.category(character):
        case "Mn" | "Me":
            return "extend"
        case "Mc":
            return "other" if character in _NOT_SPACING else "spacing"
        case "Cc" | "Cf" | "Zl" | "Zp" | "Cs":
            return "control"
        case "Cn":
            raise NotEvaluated("the text has characters that are not known here, so its length is not either")
    if code in (0xE33, 0xEB3):
        return "spacing"
    return _hangul(code) or "other"


def _hangul(code: int) -> str:
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return ""

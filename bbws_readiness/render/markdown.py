"""The one encoder for Markdown: text of the assessed project comes out inert, words of ours come out as written."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

MAX_CHARACTERS = 200
"""Longer text in a code span is cut and ends in `…`."""

EMPTY = "(empty)"


class Markdown(str):
    """Text that may be printed as it stands. Every other string is encoded before it reaches a document.

    Joining with `+` or an f-string gives an ordinary string again; build with `say`, `joined` or `table`.
    A fragment never holds an escaped pipe: `table` and `cell` escape pipes, last and once.
    """

    __slots__ = ()


def code(text: object) -> Markdown:
    """An inert code span that shows `visible(text)`: no link, mention, reference or HTML comes alive in it."""
    shown = visible(str(text)) or EMPTY
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return Markdown(f"{fence}{pad}{shown}{pad}{fence}")


def visible(text: str) -> str:
    """`text` on one line with everything invisible made visible, runs of spaces collapsed, cut at MAX_CHARACTERS."""
    shown = re.sub(" +", " ", "".join(_shown(character) for character in text)).strip(" ")
    return shown if len(shown) <= MAX_CHARACTERS else shown[: MAX_CHARACTERS - 1].rstrip(" ") + "…"


def _shown(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "␡"
    if character.isspace():
        return " " if unicodedata.category(character) == "Zs" else f"<U+{point:04X}>"
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or _is_blank(point):
        return f"<U+{point:04X}>"
    return character


def _is_blank(point: int) -> bool:
    """Letters that draw nothing: Hangul fillers, the Braille blank, variation selectors, the grapheme joiner."""
    return (
        point in {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
        or 0xFE00 <= point <= 0xFE0E
        or 0xE0100 <= point <= 0xE01EF
    )


MAX_SENTENCE = 2000
"""Longer sentences are cut and end in `…`."""

_PIECES = re.compile(
    r"(?P<span>`[^`\n]+`)"
    r"|(?P<address>(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|xmpp:)\S*[^\s.,;:!?)'\"]|[\w.+-]*@[\w./-]*)"
    r"|(?P<reference>[\w./-]*(?:\#|GH-)\d+|:[a-z+-][a-z0-9_+-]*:)",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"[\\`*\[\]<~]|\$(?!\d)|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(>|=(?==*$)|[-+](?=[\s-]|$)|#(?=#{0,5}(?:\s|$))|\d{1,9}(?=[.)](?:\s|$)))")


def plain(text: object) -> Markdown:
    """A sentence of ours that may hold words of the project: its single backtick pairs stay code, all else is escaped.

    Addresses, mentions and references become code spans, because no escape keeps them from coming alive.
    """
    shown = " ".join(str(text).split())
    shown = shown if len(shown) <= MAX_SENTENCE else shown[: MAX_SENTENCE - 1] + "…"
    result = ""
    end = 0
    for piece in _PIECES.finditer(shown):
        token = piece.group()
        quoted = code(token[1:-1] if piece.lastgroup == "span" else token)
        result += _escaped(shown[end : piece.start()])
        result += " " + quoted if result.endswith("`") else quoted
        end = piece.end()
    return Markdown(_LINE_START.sub(_escape_start, result + _escaped(shown[end:])))


def _escaped(text: str) -> str:
    marked = "".join(_shown(character) for character in text)
    return _SPECIAL.sub(lambda found: "\\" + found[0], marked)


def _escape_start(found: re.Match[str]) -> str:
    mark = found[1]
    return mark + "\\" if mark.isdigit() else "\\" + mark


def encoded(value: object) -> Markdown:
    """What a document prints for `value`: Markdown as it is, numbers as digits, every other text through `plain`."""
    if isinstance(value, Markdown):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"a document cannot print {type(value).__name__}")
    return plain(value) if isinstance(value, str) else Markdown(value)


class _Sayer(string.Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec:
            raise ValueError("values are worded before they are said")
        return str(encoded(value))


def say(words: str, *values: object, **named: object) -> Markdown:
    """`words` (ours, Markdown) with every `{}` replaced by its value, encoded unless it is Markdown already."""
    return Markdown(_Sayer().vformat(words, values, named))


def joined(parts: Iterable[object], separator: str = ", ") -> Markdown:
    """All parts, encoded, with `separator` (ours) between them."""
    return Markdown(separator.join(encoded(part) for part in parts))


def codes(names: Iterable[object], *, nothing: str = "none") -> Markdown:
    """Names as code spans, separated by commas, or `nothing`."""
    return joined(map(code, names)) or Markdown(nothing)


def cell(value: object) -> Markdown:
    """One table cell: encoded, on one line, its pipes escaped. A cell is made once, never from a cell."""
    return Markdown(" ".join(encoded(value).split("\n")).replace("|", "\\|"))


def table(
    headings: Sequence[object], rows: Iterable[Sequence[object]], *, right: frozenset[int] = frozenset()
) -> Markdown:
    """A table; columns whose position is in `right` are aligned to the right. No rows: `None.`"""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    if not lines:
        return Markdown("None.")
    rule = "|" + "|".join("--:" if column in right else "---" for column in range(len(headings))) + "|"
    return Markdown("\n".join(("| " + " | ".join(map(cell, headings)) + " |", rule, *lines)))


def bullets(items: Iterable[object]) -> Markdown:
    """One list item per value, or `None.`"""
    return joined((say("- {}", item) for item in items), "\n") or Markdown("None.")


def link(label: object, target: str, *, fragment: str = "") -> Markdown:
    """A relative link; `target` is a path, percent-encoded here. The label is encoded like every text."""
    path = quote(target, safe="/._-")
    return Markdown(f"[{encoded(label)}]({path}{'#' + fragment if fragment else ''})")


_MERMAID = re.compile(r"[^\w .+/()-]|_")


def mermaid(text: str) -> str:
    """`text` as a label of a diagram: letters, digits and harmless marks only, and no start of a list."""
    words = " ".join(_MERMAID.sub(" ", visible(text)).split())[:80].strip().lstrip("-+. ")
    return re.sub(r"^(\d+)[.)]", r"\1", words) or "unnamed"


def anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def fenced(language: str, text: str, *, indent: str = "") -> Markdown:
    """A code block of `text` with everything invisible but line ends made visible; `indent` nests it in a list item.

    The fence is longer than any run of backticks inside.
    """
    lines = ["".join(_shown(character) if character != "\t" else "    " for character in line) for line in _lines(text)]
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown("\n".join(f"{indent}{line}".rstrip() for line in (f"{fence}{language}", *lines, fence)))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").strip("\n").split("\n")

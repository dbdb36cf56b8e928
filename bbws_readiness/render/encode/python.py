"""The encoder for Python source: values become literals, reasons become comments, and neither becomes code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import SPACES, UNSEEN, legible

_ESCAPED = regex(f"[{UNSEEN}{SPACES}\ufe0f\\\\]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


class Name(Struct, frozen=True):
    """A name of our own that stands in the source as it is."""

    text: str


class Shared(Struct, frozen=True):
    """A dict that begins with all members of another one, a constant of ours."""

    name: Name
    members: Mapping[str, object]


def literal(text: str) -> str:
    """`text` as one string literal on one line, in which every invisible character is an escape."""
    quote = "'" if '"' in text and "'" not in text else '"'
    plain = text.isascii() and text.isprintable() and "\\" not in text
    escaped = (text if plain else _ESCAPED.sub(_escape, text)).replace(quote, f"\\{quote}")
    # A log of GitHub Actions would take this for a command.
    return f"{quote}{escaped}{quote}".replace("##[", "##\\x5b")


def comment(text: str) -> str:
    """`text` as one comment on a line of its own."""
    return f"# {legible(' '.join(text.split()))}"


def expression(value: object, *, indent: str = "") -> str:
    """`value` as source: texts, whole numbers, bools, None, `Name`, and tuples, lists and mappings of such.

    A tuple stays on its line; every member of anything else that has one stands on a line of its own, four spaces
    deeper than `indent`. Raises TypeError for everything else.
    """
    deeper = f"{indent}    "
    match value:
        case str():
            return literal(value)
        case None | bool() | int():
            return repr(value)
        case Name():
            return value.text
        case tuple():
            return f"({', '.join(expression(one) for one in value)}{',' if len(value) == 1 else ''})"
        case Shared():
            return _block("{}", [f"**{value.name.text}", *_members(value.members, deeper)], indent)
        case Mapping():
            return _block("{}", _members(value, deeper), indent)
        case Sequence():
            return _block("[]", [expression(one, indent=deeper) for one in value], indent)
    raise TypeError(f"{type(value).__name__} has no literal")


def _members(mapping: Mapping[str, object], indent: str) -> list[str]:
    return [f"{literal(key)}: {expression(value, indent=indent)}" for key, value in mapping.items()]


def _block(brackets: str, entries: Sequence[str], indent: str) -> str:
    if not entries:
        return brackets
    lines = "".join(f"{indent}    {entry},\n" for entry in entries)
    return f"{brackets[0]}\n{lines}{indent}{brackets[1]}"


def _escape(found: re.Match[str]) -> str:
    point = ord(found[0])
    if found[0] in _SHORT:
        return _SHORT[found[0]]
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"

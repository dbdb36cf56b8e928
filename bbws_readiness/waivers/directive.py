"""Reads the text of one comment as a waiver: `readiness: ignore[rule] until=DATE by=WHO reason="…"`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from bbws_readiness.errors import near_name
from bbws_readiness.patterns import regex

MAX_TEXT = 2_000
"""Characters of a waiver; a longer comment is malformed."""
FIELDS = ("until", "by", "reason")

_OPENING = regex(r"(readiness):\s{0,9}([A-Za-z-]{1,30})\s{0,9}(\[?)", re.IGNORECASE)
_NAMES = regex(r"\[([^][]*)\]")
_FIELD = regex(r'\s+([A-Za-z_-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)')
_EXAMPLE = 'write `readiness: ignore[rule] until=2026-03-31 by=role reason="why"`'


class Directive(Struct, frozen=True):
    """What a comment asks for. A fault makes the whole comment malformed."""

    text: str
    """The comment with every run of white space as one space, cut to a bearable length: its identity."""
    names: tuple[str, ...] = ()
    """Codes or slugs as written, each once."""
    fields: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    """What is wrong and the way out."""


def is_directive(text: str) -> bool:
    """Whether the comment speaks to this tool: it begins as a waiver does, well written or not."""
    return _word(text) is not None


def read_directive(text: str) -> Directive:
    """The waiver in `text`, for which `is_directive` holds."""
    if len(text) > MAX_TEXT:
        shown = " ".join(text[:MAX_TEXT].split())
        return Directive(shown, fault=f"longer than {MAX_TEXT} characters; shorten it")
    text = " ".join(text.split())
    opening = _word(text)
    if opening is None or (opening[1], opening[2]) != ("readiness", "ignore"):
        return Directive(text, fault=f"it does not begin with `readiness: ignore[`; {_EXAMPLE}")
    names = _NAMES.match(text, opening.end(2)) or _NAMES.match(text, opening.end(2) + 1)
    if names is None:
        return Directive(text, fault=f"it names no rule in square brackets; {_EXAMPLE}")
    found = tuple(dict.fromkeys(name.strip() for name in names[1].split(",")))
    if "" in found:
        return Directive(text, fault="a name of a rule is empty; name its code or slug")
    fields, fault = _fields(text, names.end())
    return Directive(text, found, fields, fault)


def _word(text: str) -> re.Match[str] | None:
    """The opening of a waiver, also a misspelt one; None for prose such as `readiness: see below`."""
    start = len(text) - len(text.lstrip())
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    word = opening[2].lower()
    meant = word == "ignore" or (opening[3] and near_name(word, ["ignore"]))
    return opening if meant else None


def _fields(text: str, position: int) -> tuple[dict[str, str], str]:
    """The fields from `position` to the end, and the first fault among them."""
    fields: dict[str, str] = {}
    while match := _FIELD.match(text, position):
        name, position = match[1], match.end()
        if name not in FIELDS:
            near = near_name(name, FIELDS)
            hint = f"did you mean {near}?" if near else f"known are {', '.join(FIELDS)}"
            return fields, f'unknown field "{name}"; {hint}'
        if name in fields:
            return fields, f"{name} is set twice; keep one of the two"
        fields[name] = re.sub(r"\\(.)", r"\1", match[2]) if match[3] is None else match[3]
    if text[position:].strip():
        return fields, f"a part of it is no field; {_EXAMPLE}"
    for name in FIELDS:
        if not fields.get(name, "").strip():
            return fields, f"{name} is {'empty' if name in fields else 'missing'}; {_EXAMPLE}"
    return fields, ""

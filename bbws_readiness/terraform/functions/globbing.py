"""`fileset`: which paths a pattern of Terraform's file names matches."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bbws_readiness.terraform.functions.spec import FunctionError

_INVALID = "not a valid pattern of file names"


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """The paths that match; `**` as a whole name stands for any number of folders."""
    parts = [part if part == "**" else _name_pattern(part) for part in pattern.split("/")]
    return [path for path in paths if _matches(parts, path.split("/"))]


def _matches(parts: list[str | re.Pattern[str]], names: list[str]) -> bool:
    """Whether the parts match all names: a table of reachable positions, because `**` may stand in many places."""
    reachable = {0}
    for part in parts:
        if isinstance(part, str):
            reachable = set(range(min(reachable), len(names) + 1)) if reachable else set()
        else:
            reachable = {at + 1 for at in reachable if at < len(names) and part.fullmatch(names[at])}
    return len(names) in reachable


def _name_pattern(text: str) -> re.Pattern[str]:
    out: list[str] = []
    position, braces = 0, 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "*":
            # Several in a row are one, and must not cost more.
            if not out or out[-1] != ".*":
                out.append(".*")
        elif character == "?":
            out.append(".")
        elif character == "[":
            position = _class(text, position, out)
        elif character == "{":
            out.append("(?:")
            braces += 1
        elif character == "}" and braces:
            out.append(")")
            braces -= 1
        elif character == "," and braces:
            out.append("|")
        elif character == "\\" and position < len(text):
            out.append(re.escape(text[position]))
            position += 1
        elif character == "\\":
            raise FunctionError(_INVALID)
        else:
            out.append(re.escape(character))
    if braces:
        raise FunctionError(_INVALID)
    if out.count(".*") > 4:
        raise FunctionError("a pattern of file names may have four stars in one name")
    return re.compile("".join(out), re.DOTALL)


def _class(text: str, position: int, out: list[str]) -> int:
    """Translate the class that begins before `position`; gives the position behind it."""
    end = text.find("]", position + (text[position : position + 1] == "^") + 1)
    content = text[position:end]
    if end < 0 or "\\" in content or "[" in content:
        raise FunctionError(_INVALID)
    negated = content.startswith("^")
    written = re.sub(r"([\\\[\]&~|^])", r"\\\1", content[negated:])
    try:
        re.compile(f"[{written}]")
    except re.error:
        raise FunctionError(_INVALID) from None
    out.append(f"[{'^' if negated else ''}{written}]")
    return end + 1

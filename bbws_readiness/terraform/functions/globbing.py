"""`fileset`: which paths a pattern of Terraform's file names matches."""

from __future__ import annotations

import re
from typing import Protocol, cast

from bbws_readiness import linear
from bbws_readiness.codes import Code
from bbws_readiness.terraform.functions.spec import FunctionError
from bbws_readiness.terraform.limits import MAX_PATTERN

_INVALID = "not a valid pattern of file names"
_MAX_MEMORY = 1024 * 1024


class NamePattern(Protocol):
    """What a part of a pattern is compiled to; its time grows with the length of the name."""

    def fullmatch(self, text: str) -> object:
        """Not None when the whole of `text` matches."""


class Pattern:
    """A pattern of paths; `**` as a whole name stands for any number of folders."""

    def __init__(self, text: str) -> None:
        """Raises `FunctionError` for what is no pattern."""
        self._parts = [part if part == "**" else _name_pattern(part) for part in text.split("/")]

    def matches(self, path: str) -> bool:
        """Whether the whole of `path` matches."""
        return len(self._parts) in self._after(path)

    def reaches(self, folder: str) -> bool:
        """Whether a path below `folder` can match."""
        return any(position < len(self._parts) for position in self._after(folder))

    def _after(self, path: str) -> set[int]:
        """How many parts can have been used up when all of `path` is: a table, because `**` may stand anywhere."""
        positions = self._with_empty({0})
        for name in path.split("/"):
            positions = self._with_empty({next_ for at in positions for next_ in self._step(at, name)})
        return positions

    def _step(self, at: int, name: str) -> tuple[int, ...]:
        if at == len(self._parts):
            return ()
        part = self._parts[at]
        if isinstance(part, str):
            return (at,)
        return (at + 1,) if part.fullmatch(name) else ()

    def _with_empty(self, positions: set[int]) -> set[int]:
        """The positions, and those behind every `**` there, which may stand for nothing."""
        reached = set(positions)
        for position in sorted(positions):
            while position < len(self._parts) and self._parts[position] == "**":
                position += 1
                reached.add(position)
        return reached


def _name_pattern(text: str) -> NamePattern:
    if len(text) > MAX_PATTERN:
        raise FunctionError(f"pattern longer than {MAX_PATTERN} characters", code=Code.PATTERN)
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
            raise FunctionError(_INVALID, code=Code.PATTERN)
        else:
            out.append(re.escape(character))
    if braces:
        raise FunctionError(_INVALID, code=Code.PATTERN)
    return _compiled("".join(out))


def _compiled(expression: str) -> NamePattern:
    found = linear.compiled(expression, memory=_MAX_MEMORY, dot_takes_all=True)
    if found is None:
        raise FunctionError(_INVALID, code=Code.PATTERN)
    return cast("NamePattern", found)


def _class(text: str, position: int, out: list[str]) -> int:
    """Translate the class that begins before `position`; gives the position behind it."""
    end = text.find("]", position + (text[position : position + 1] == "^") + 1)
    content = text[position:end]
    if end < 0 or "\\" in content or "[" in content:
        raise FunctionError(_INVALID, code=Code.PATTERN)
    negated = content.startswith("^")
    written = re.sub(r"([\\\[\]&~|^])", r"\\\1", content[negated:])
    _compiled(f"[{written}]")
    out.append(f"[{'^' if negated else ''}{written}]")
    return end + 1

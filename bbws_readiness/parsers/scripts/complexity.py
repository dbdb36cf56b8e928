"""Tells in one pass whether a Python text is too deep for the interpreter's own parser, which might not survive it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bbws_readiness.patterns import regex

MAX_NODES = 200_000
"""Nodes of the syntax tree; no text with more names, numbers and strings than this is parsed at all."""
MAX_BRACKETS = 100
"""Brackets inside one another."""
MAX_CHAIN = 500
"""Operators, accessors and prefixes that follow one another, the open brackets around them included."""
MAX_ALTERNATIVES = 500
"""`elif` clauses of one `if`."""

_TOKEN = regex(
    r"""
      (?P<space>[ \t\f]++|\\\r?\n)
    | (?P<comment>\#[^\n]*+)
    | (?P<newline>(?:\r?\n)++)
    | (?P<string>[A-Za-z]{0,2}(?:
          '''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?
        | \"""(?:[^"\\]++|\\.|"(?!""))*+(?:\""")?
        | '(?:[^'\\\n]++|\\.)*+'?
        | "(?:[^"\\\n]++|\\.)*+"?))
    | (?P<word>[^\W\d]\w*+)
    | (?P<number>[0-9][\w.]*+)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<end>[,;:])
    | (?P<sign>[-+*/%@&|^~<>=!]=?|\.)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_INSIDE = regex(r"\{([^{}]*+)")
"""What stands behind each brace of an f-string: the beginning of an expression, or no code at all."""
_CHAINING = frozenset({"not", "await", "lambda", "if", "else", "and", "or", "in", "is", "yield", "for"})


def too_complex(text: str) -> bool:
    """Whether `text` goes beyond one of the limits; the rest of it is not looked at then."""
    scan = _Scan()
    return any(scan.goes_beyond(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text))


class _Scan:
    """Counts what makes a parser recurse. Colons end no chain inside brackets: `lambda: lambda: …` is one."""

    def __init__(self) -> None:
        self._leaves = 0
        self._chain = 0
        self._around: list[int] = []
        """For each open bracket the length of the chain that it stands in."""
        self._indents: list[tuple[int, int]] = []
        """For each open block its column and how many `elif` it has had."""
        self._begins_line = True
        self._column = 0

    def goes_beyond(self, kind: str, text: str) -> bool:
        """Whether the limits are exceeded with this token."""
        if kind in ("space", "comment"):
            self._column = len(text.expandtabs(8)) if self._begins_line and kind == "space" else self._column
            return False
        if kind == "newline":
            self._new_line()
            return False
        if self._begins_line and self._enter(text):
            return True
        self._begins_line = False
        self._leaves += kind in ("word", "number", "string", "other")
        self._take(kind, text)
        if self._leaves > MAX_NODES or len(self._around) > MAX_BRACKETS or self._chain > MAX_CHAIN:
            return True
        return kind == "string" and "f" in text[:2].lower() and any(map(_is_deep, _expressions(text)))

    def _new_line(self) -> None:
        if not self._around:
            self._chain, self._column, self._begins_line = 0, 0, True

    def _enter(self, text: str) -> bool:
        """Opens and closes the blocks that the column of a line's first word says; True for too many `elif`.

        Python's own reader refuses more than a hundred blocks inside one another before it builds anything.
        """
        while self._indents and self._indents[-1][0] > self._column:
            self._indents.pop()
        last, count = self._indents[-1] if self._indents else (-1, 0)
        count = count + 1 if text == "elif" else count if text == "else" else 0
        if last == self._column:
            self._indents.pop()
        self._indents.append((self._column, count))
        return count > MAX_ALTERNATIVES

    def _take(self, kind: str, text: str) -> None:
        if kind == "open":
            self._around.append(self._chain)
            self._chain += 1
        elif kind == "close":
            # What has been closed may be called or indexed again: a link of the chain around it.
            self._chain = (self._around.pop() if self._around else self._chain) + 1
        elif kind == "end" and (text != ":" or not self._around):
            self._chain = self._around[-1] + 1 if self._around else 0 if text != ":" else self._chain
        elif kind == "sign" or (kind == "word" and text in _CHAINING):
            self._chain += 1


def _expressions(string: str) -> Iterator[str]:
    return (match[1] for match in _INSIDE.finditer(string))


def _is_deep(expression: str) -> bool:
    return len(re.findall(r"[-+~]|\b(?:not|await|lambda)\b|[.(\[]", expression)) > MAX_CHAIN

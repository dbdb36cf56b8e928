"""Finds the comments of a Terraform file, and the blocks, arguments and elements that begin a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from bbws_readiness.source import Source
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.lexer import Lines, Token, lex
from bbws_readiness.waivers.layout import Comment, Layout

_OPENS = frozenset({"{", "[", "(", "${", "%{", "quote", "heredoc", "indented"})
_CLOSES = frozenset({"}", "]", ")", "sequence-end", "close"})
_BODIES = ("", "{")
"""Where a new line ends an entry; elsewhere only a comma does."""
_LATER = -1
"""Stands for an entry that begins behind another one on its line."""


def hcl_layout(source: Source) -> Layout | None:
    """The layout of the file, or None when it cannot be read."""
    try:
        lexed = lex(source.text, Lines(source.path, source.text))
    except Fault:
        return None
    if lexed.fault:
        return None
    lines = _Lines(source.text)
    comments = [
        Comment(_bare(token.text), lines.of(token.start), lines.of(token.start + len(token.text.rstrip()) - 1))
        for token in lexed.comments
    ]
    entries = _Entries(lines)
    for token in lexed.tokens:
        entries.take(token)
    return Layout(source.lines, comments, frozenset(entries.code), dict(entries.spans))


def _bare(text: str) -> str:
    if text.startswith("/*"):
        return text[2:-2]
    return text[2:] if text.startswith("//") else text[1:]


class _Lines:
    def __init__(self, text: str) -> None:
        self._starts = list(_starts(text))

    def of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def _starts(text: str) -> Iterator[int]:
    position = 0
    while True:
        yield position
        position = text.find("\n", position) + 1
        if not position:
            return


class _Entries:
    """Follows the tokens with one open entry per level of brackets."""

    def __init__(self, lines: _Lines) -> None:
        self.code: set[int] = set()
        self.spans: dict[int, int] = {}
        self._lines = lines
        self._levels: list[tuple[str, int]] = [("", 0)]
        """Per level what opened it, and the first line of its open entry: 0 for none."""
        self._last = 0
        """The last line on which a token stands."""

    def take(self, token: Token) -> None:
        kind = token.kind
        if kind in ("newline", "end"):
            if self._levels[-1][0] in _BODIES:
                self._end_entry()
            return
        first = self._lines.of(token.start)
        if kind in _CLOSES:
            self._end_entry()
            self._levels.pop()
        elif kind == ",":
            self._end_entry()
        else:
            self._begin_entry(first)
        if kind in _OPENS:
            self._levels.append((kind, 0))
        self._stand(first, self._lines.of(token.start + max(len(token.text.rstrip("\r\n")) - 1, 0)))

    def _begin_entry(self, line: int) -> None:
        opened, entry = self._levels[-1]
        if not entry:
            self._levels[-1] = (opened, line if line > self._last else _LATER)

    def _end_entry(self) -> None:
        opened, entry = self._levels[-1]
        if entry > 0:
            self.spans.setdefault(entry, self._last)
        self._levels[-1] = (opened, 0)

    def _stand(self, first: int, last: int) -> None:
        self.code.update(range(first, last + 1))
        self._last = max(self._last, last)

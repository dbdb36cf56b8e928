"""Finds the comments of a Python file, and its statements, without parsing or running it."""

from __future__ import annotations

import io
import tokenize

from bbws_readiness.source import Source
from bbws_readiness.waivers.layout import Comment, Layout

_NOTHING = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def python_layout(source: Source) -> Layout | None:
    """The layout of the file, or None when it cannot be read."""
    reading = _Reading()
    text = source.text.replace("\r\n", "\n")
    if "\r" in text or "\f" in text:
        return None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            reading.take(token)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return Layout(source.lines, reading.comments, frozenset(reading.code), reading.spans)


class _Reading:
    """Follows the tokens statement by statement; a compound one goes to the end of its own block, decorators first."""

    def __init__(self) -> None:
        self.comments: list[Comment] = []
        self.code: set[int] = set()
        self.spans: dict[int, int] = {}
        self._statement: list[int] = []
        """First lines of the statement being read: of its decorators, then its own."""
        self._decorator = False
        self._inside = False
        """Within a statement's own line."""
        self._blocks: list[list[int]] = []
        self._last = 0

    def take(self, token: tokenize.TokenInfo) -> None:
        kind, first, last = token.type, token.start[0], token.end[0]
        if kind == tokenize.COMMENT:
            self.comments.append(Comment(token.string[1:], first, first))
        elif kind == tokenize.INDENT:
            self._blocks.append(self._statement)
            self._statement = []
        elif kind == tokenize.DEDENT:
            self._end(self._blocks.pop())
        elif kind == tokenize.NEWLINE:
            self._end(self._statement)
            self._inside = False
        elif kind not in _NOTHING:
            self._begin(token)
            self.code.update(range(first, last + 1))
            self._last = last

    def _begin(self, token: tokenize.TokenInfo) -> None:
        if self._inside:
            return
        self._inside = True
        if not self._decorator:
            self._statement = []
        self._statement.append(token.start[0])
        self._decorator = token.string == "@"

    def _end(self, statement: list[int]) -> None:
        for first in statement:
            self.spans[first] = max(self._last, self.spans.get(first, 0))

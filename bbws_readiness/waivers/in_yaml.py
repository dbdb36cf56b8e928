"""Finds the comments of a YAML file, those of its `run` scripts included, and the entries that begin a line."""

from __future__ import annotations

from typing import Any

from bbws_readiness.patterns import regex
from bbws_readiness.positioned import MAX_DEPTH
from bbws_readiness.source import Source
from bbws_readiness.waivers.in_shell import shell_comments
from bbws_readiness.waivers.layout import Comment, Layout

MAX_TOKENS = 500_000
"""A file with more is not looked into; no file of this size is read as anything."""

_ODD_LINE_END = regex("\r(?!\n)|[\u0085\u2028\u2029]")
_HEADER_COMMENT = regex(r"\s#(.*)")
SCRIPT_KEY = "run"
"""The key whose block text is a shell script."""


def yaml_layout(source: Source) -> Layout | None:
    """The layout of the file, or None when it cannot be read."""
    import yaml

    if _ODD_LINE_END.search(source.text):
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reading = _Reading(source)
    try:
        for count, token in enumerate(yaml.scan(source.text, Loader=loader)):
            reading.take(token)
            # Such files are refused wherever they are read; the library's time grows with the square of the depth.
            if count > MAX_TOKENS or reading.depth > MAX_DEPTH:
                return None
    except (yaml.YAMLError, ValueError):
        return None
    comments = sorted(reading.comments, key=lambda comment: comment.first)
    return Layout(source.lines, comments, frozenset(reading.code), reading.spans)


def _outside() -> tuple[type, ...]:
    """The tokens that are no content of a document."""
    import yaml

    return (yaml.DocumentStartToken, yaml.DocumentEndToken, yaml.DirectiveToken)


class _Reading:
    """Follows the tokens of the library; whatever lies between two of them is white space or a comment."""

    def __init__(self, source: Source) -> None:
        self.comments: list[Comment] = []
        self.code: set[int] = set()
        self.spans: dict[int, int] = {}
        self._lines = source.lines
        self._end = (0, 0)
        """Line from 0 and column behind the last token."""
        self._last = 0
        """The last line, from 1, on which anything stands."""
        self._levels: list[list[int]] = []
        """Per block collection the first line of its open entry, then that of the open item of a list not indented."""
        self._flow = 0
        self._word = ""
        """The last scalar outside of any flow, to tell what key a block text belongs to."""

    @property
    def depth(self) -> int:
        """How many lists and mappings are open."""
        return len(self._levels) + self._flow

    def take(self, token: Any) -> None:  # noqa: ANN401 - a token of the library
        import yaml

        start, end = token.start_mark, token.end_mark
        if (start.line, start.column) > self._end:
            self._gap((start.line, start.column))
        if isinstance(token, yaml.KeyToken | yaml.BlockEntryToken) and not self._flow:
            self._entry(start.line + 1, listed=isinstance(token, yaml.BlockEntryToken))
        elif isinstance(token, yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken):
            self._levels.append([0, 0])
        elif isinstance(token, yaml.BlockEndToken) and self._levels:
            self._close(self._levels.pop())
        elif isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
            self._flow += 1
        elif isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            self._flow -= 1
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            self._block_text(start.line, end, token.style)
        elif token.end_mark.index > token.start_mark.index and not isinstance(token, _outside()):
            self._stand(start.line + 1, end.line + 1)
        if isinstance(token, yaml.ScalarToken):
            self._word = token.value
        self._end = max(self._end, (end.line, end.column))

    def _gap(self, until: tuple[int, int]) -> None:
        """Takes the comments between the last token and `until`: one per line at most."""
        line, column = self._end
        for number in range(line, min(until[0] + 1, len(self._lines))):
            text = self._lines[number][column:]
            if number == until[0]:
                text = self._lines[number][column : until[1]]
            column = 0
            if (sign := text.find("#")) >= 0:
                self.comments.append(Comment(text[sign + 1 :], number + 1, number + 1))

    def _entry(self, line: int, *, listed: bool) -> None:
        if not self._levels:
            return
        level = self._levels[-1]
        if listed:
            self._end_of(level, 1)
            level[1] = line
            return
        self._close(level)
        level[0] = line

    def _close(self, level: list[int]) -> None:
        self._end_of(level, 1)
        self._end_of(level, 0)

    def _end_of(self, level: list[int], which: int) -> None:
        if level[which]:
            self.spans[level[which]] = max(self._last, self.spans.get(level[which], 0))
        level[which] = 0

    def _block_text(self, line: int, end: Any, style: str) -> None:  # noqa: ANN401 - a mark of the library
        """The lines of a `|` or `>` text. A script may have comments of its own, and so may the line of the sign."""
        if comment := _HEADER_COMMENT.search(self._lines[line]):
            self.comments.append(Comment(comment[1], line + 1, line + 1))
        last = end.line if end.column else end.line - 1
        while last > line and not self._lines[last].strip():
            last -= 1
        lines = range(line + 1, last + 1)
        if style == "|" and self._word == SCRIPT_KEY and not self._flow:
            self._script(lines)
        else:
            self.code.update(number + 1 for number in lines)
        self._stand(line + 1, line + 1)
        self._last = max(self._last, last + 1)

    def _script(self, lines: range) -> None:
        texts = [self._lines[number] for number in lines]
        indents = [len(text) - len(text.lstrip(" ")) for text in texts if text.strip()]
        indent = min(indents, default=0)
        found = shell_comments([text[indent:] for text in texts], first=lines.start + 1)
        self.comments += found.comments
        self.code |= found.code
        self.spans.update(found.spans)

    def _stand(self, first: int, last: int) -> None:
        self.code.update(range(first, last + 1))
        self._last = max(self._last, last)

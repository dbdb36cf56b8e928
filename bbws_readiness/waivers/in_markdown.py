"""Finds the comments of a Markdown file, and its sections and list items; code in it is no comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bbws_readiness.patterns import regex
from bbws_readiness.source import Source
from bbws_readiness.waivers.layout import Comment, Layout

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_LINES = 20_000
"""A file with more lines is not looked into."""
MAX_LINE = 4_000
"""Characters of a line that are looked at."""
MAX_NESTING = 20
"""Lists and quotes inside one another; what lies deeper is not looked into."""

_OPENING = regex(r"`+|<!--|\\[`<]")


def markdown_layout(source: Source) -> Layout | None:
    """The layout of the file, or None when it has too many lines."""
    if len(source.lines) > MAX_LINES + 1:
        return None
    lines = tuple(line.replace("\r", " ")[:MAX_LINE] for line in source.lines)
    reading = _Reading(lines)
    for token in _tokens("\n".join(lines)):
        reading.take(token)
    reading.finish()
    return Layout(lines, reading.comments, frozenset(reading.code), reading.spans, loose=True)


def _tokens(text: str) -> list[Token]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    parser.disable(["inline", "lheading", "reference"])
    return parser.parse(text)


class _Reading:
    def __init__(self, lines: tuple[str, ...]) -> None:
        self.comments: list[Comment] = []
        self.code: set[int] = {number for number, line in enumerate(lines, start=1) if line.strip()}
        self.spans: dict[int, int] = {}
        self._lines = lines
        self._sections: list[tuple[int, int]] = []
        """Level and line of the headings whose sections are open."""

    def take(self, token: Token) -> None:
        first, after = token.map or (0, 0)
        match token.type:
            case "heading_open" if token.level == 0:
                level = int(token.tag[1:])
                self._end_sections(level, first)
                self._sections.append((level, first + 1))
            case "list_item_open":
                self.spans.setdefault(first + 1, self._trimmed(after))
            case "html_block" if token.content.lstrip().startswith("<!--"):
                self._alone(first + 1, token.content)
            case "inline":
                self._within(first + 1, token.content)

    def finish(self) -> None:
        """End what is open at the end of the file."""
        self._end_sections(0, len(self._lines))
        self.comments.sort(key=lambda comment: comment.first)

    def _end_sections(self, level: int, last: int) -> None:
        while self._sections and self._sections[-1][0] >= level:
            _, first = self._sections.pop()
            self.spans[first] = max(self._trimmed(last), first)

    def _trimmed(self, last: int) -> int:
        """The last line up to `last` that is not blank."""
        while last and not self._lines[last - 1].strip():
            last -= 1
        return last

    def _alone(self, first: int, content: str) -> None:
        """A block that begins with a comment: nothing else in it means that nothing else is on its lines."""
        found = list(_comments(content, first))
        self.comments += found
        if found and not _rest(content).strip():
            for comment in found:
                self.code.difference_update(range(comment.first, comment.last + 1))

    def _within(self, first: int, content: str) -> None:
        """Running text as a whole, because code between backticks may go on in its next line; a table row by row."""
        lines = content.split("\n")
        if not any(line.lstrip().startswith("|") for line in lines):
            lines = [content]
        for number, line in enumerate(lines):
            self.comments += _comments(line, first + number)


def _comments(content: str, first: int) -> Iterator[Comment]:
    """The comments in running text, code between backticks left out."""
    runs = _runs(content)
    position, counted, line = 0, 0, first
    while match := _OPENING.search(content, position):
        position = match.end()
        if match[0][0] == "`":
            ends = runs[len(match[0])]
            while ends and ends[-1] < position:
                ends.pop()
            position = ends[-1] + len(match[0]) if ends else position
        elif match[0] == "<!--":
            end = content.find("-->", position)
            if end < 0:
                return
            line += content.count("\n", counted, match.start())
            counted = match.start()
            text = content[position:end]
            yield Comment(text, line, line + text.count("\n"))
            position = end + 3


def _rest(content: str) -> str:
    """What is left of a text without its comments."""
    parts, position = [], 0
    while (start := content.find("<!--", position)) >= 0 and (end := content.find("-->", start + 4)) >= 0:
        parts.append(content[position:start])
        position = end + 3
    return "".join(parts) + content[position:]


def _runs(content: str) -> dict[int, list[int]]:
    """Per length of a run of backticks where such runs begin, last first."""
    runs: dict[int, list[int]] = {}
    for match in re.finditer("`+", content):
        runs.setdefault(len(match[0]), []).append(match.start())
    return {length: starts[::-1] for length, starts in runs.items()}

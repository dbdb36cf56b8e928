"""Leaves the comments of a Markdown file out: what no reader of the page sees is no statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_INDENTED = 4
"""Columns from which on a line is code, which is shown as it is."""


def comment_block(state: StateBlock, first: int, after: int, silent: bool) -> bool:
    """A rule of the parser: a block that begins with `<!--` gives nothing, up to the line that holds `-->`.

    Without such a line it ends with the quote, list or document that it stands in. A comment on one line with text
    behind it is left to the paragraph.
    """
    begin = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("<!--", begin) or state.sCount[first] - state.blkIndent >= _INDENTED:
        return False
    line = first
    while line < after and (line == first or state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        _, closing, behind = state.src[begin : state.eMarks[line]].partition("-->")
        if closing and line == first and behind.strip():
            return False
        line += 1
        if closing:
            break
        begin = state.bMarks[line] + state.tShift[line]
    if not silent:
        state.line = line
    return True


def without_comments(text: str) -> str:
    """Running text without its comments, line for line; `<!--` right behind a backtick or backslash is text."""
    if "<!--" not in text:
        return text
    parts, position = [], 0
    while (start := text.find("<!--", position)) >= 0:
        if text[max(0, start - 1) : start] in ("`", "\\"):
            parts.append(text[position : start + 4])
            position = start + 4
            continue
        end = text.find("-->", start + 2)
        if end < 0:
            break
        parts += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end + 3
    return "".join(parts) + text[position:]

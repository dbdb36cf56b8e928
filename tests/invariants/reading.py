"""Markdown read back into headings, items, rows, paragraphs and fences, each with its line and its place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

BLOCKS = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["inline"])
"""Blocks alone: what is within a line is read by `shown`, which is much quicker and enough for figures."""

_FENCE = re.compile(r"`{3,}(?![^\n]*`)|~{3,}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[((?:`[^`]*`|\\.|[^\[\]\\])*)\]\([^()]*\)")
_BREAK = re.compile(r"<br\s*/?>")
_ESCAPE = re.compile(r"\\([^\w\s])")
_BOX = re.compile(r"\[([ xX])\] ")


@dataclass(frozen=True)
class Block:
    """One piece of a document."""

    kind: str
    """`heading`, `item`, `line`, `row` or `fence`."""
    text: str
    """As a reader sees it; of a row its cells, each on a line of its own; of a fence its content."""
    line: int
    """The first, from 1."""
    section: str
    """The H2 that it stands under; empty before the first."""
    part: str
    """The H3 that it stands under; empty before the first of the section."""
    label: str = ""
    """The line in bold alone that it stands under."""
    label_of_fence: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    """Of a row: by the headings of its table."""
    number: int = 0
    """Of an item of a numbered list its number; of a heading its level."""
    box: bool = False
    """Whether it is an item with a box to tick."""


def shown(raw: str) -> str:
    """What a reader sees of one line, without marks of emphasis; `<br>` as a line break."""
    text = _LINK.sub(r"\1", _COMMENT.sub("", raw))
    text = _BREAK.sub("\n", text).replace("**", "").replace("`", "")
    return html.unescape(_ESCAPE.sub(r"\1", text)).strip()


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """The pieces of a document in their order; read once for all that look at the same text."""
    return tuple(_moved(block, before) for before, chapter in _chapters(text) for block in _read(chapter))


@lru_cache(maxsize=1024)
def title_of(section: str) -> str:
    """The heading of a section without what is counted in it: `OPEN DECISIONS (5)` is `open decisions`."""
    return re.sub(r" \(\d+\)$", "", section).casefold()


def _chapters(text: str) -> Iterator[tuple[int, str]]:
    """The document from H2 to H2, each with the number of lines before it: one is read as if it stood alone."""
    fence, first = "", 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if fence:
            closed = line.strip().startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if closed else fence
        elif found := _FENCE.match(line):
            fence = found[0]
        elif line.startswith("## ") and number > first:
            yield first, "\n".join(lines[first:number]) + "\n"
            first = number
    yield first, "\n".join(lines[first:])


def _moved(block: Block, lines: int) -> Block:
    return replace(block, line=block.line + lines) if lines else block


@lru_cache(maxsize=2048)
def _read(chapter: str) -> tuple[Block, ...]:
    """Projects share chapters, and a document of which a figure is changed keeps all the others."""
    return tuple(in_one_piece(chapter))


def in_one_piece(text: str) -> Iterator[Block]:
    """The same without a look at chapters."""
    section = part = label = ""
    lists: list[int] = []
    headings: list[str] = []
    cells: list[str] = []
    kind = "line"
    number = level = start = 0
    for token in BLOCKS.parse(text):
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "heading_open":
                kind, level = "heading", int(token.tag[1])
            case "heading_close":
                kind = "line"
            case "ordered_list_open" | "bullet_list_open":
                lists.append(token.type == "ordered_list_open")
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
            case "list_item_open":
                number = int(token.info or 0) if lists[-1] else 0
            case "th_open" | "td_open":
                kind = "cell"
            case "tr_close":
                if headings and cells:
                    yield _row(headings, cells, start, (section, part, label))
                else:
                    headings = headings or cells
                cells, kind = [], "line"
            case "table_close":
                headings = []
            case "fence":
                yield Block("fence", token.content, line, section, part, label, token.info)
            case "inline" if kind == "cell":
                cells.append(shown(token.content))
                start = line
            case "inline" if kind == "heading":
                told = shown(token.content)
                section, part = (told, "") if level == 2 else (section, told if level == 3 else part)
                label = ""
                yield Block("heading", told, line, section, part, number=level)
            case "inline":
                label = _label(token, label, in_list=bool(lists))
                yield from _lines(token, line, (section, part, label), number if lists else 0, in_list=bool(lists))


def _label(token: Token, label: str, *, in_list: bool) -> str:
    raw = token.content
    alone = not in_list and raw.startswith("**") and raw.endswith("**") and "**" not in raw[2:-2] and "\n" not in raw
    return shown(raw) if alone else label


def _row(headings: list[str], cells: list[str], line: int, place: tuple[str, str, str]) -> Block:
    named = dict(zip(headings, cells, strict=False))
    return Block("row", "\n".join(cells), line, *place, cells=named)


def _lines(token: Token, line: int, place: tuple[str, str, str], number: int, *, in_list: bool) -> Iterator[Block]:
    kind = "item" if in_list else "line"
    for offset, raw in enumerate(token.content.split("\n")):
        box = _BOX.match(raw) if in_list else None
        text = shown(raw[box.end() :] if box else raw)
        yield Block(kind, text, line + offset, *place, number=number if not offset else 0, box=bool(box))

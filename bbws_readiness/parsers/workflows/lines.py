"""Gives the text of a YAML scalar so that each of its lines is a line of the file."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source

_BLOCK_HEADER = regex(r"(?:[&!]\S*+\s++)*+([|>])[-+0-9]*\s*(?:#.*)?$")
_WORD = regex(r"\S+")


class Placed(Struct, frozen=True):
    """A script and where it stands: line n of `text` is line `first_line + n - 1` of the file."""

    text: str
    first_line: int
    last_line: int
    """No line beyond this one belongs to the scalar; later lines of `text` count as this one."""
    at: Location
    """Where the scalar starts, with the sign of its block."""


def place(source: Source, node: Node) -> Placed:
    """The scalar `node` of `source`, line by line as written.

    Where YAML folds lines into one, a backslash and a newline stand for the fold, which a shell reads the same. A
    scalar with escapes that span lines cannot be laid out again; all of it then counts from the line it starts on.
    """
    header = _BLOCK_HEADER.match(*_line_from(source, node))
    if header and header[1] == "|":
        return Placed(node.raw, node.at.line + 1, len(source.lines), node.at)
    first = node.at.line + 1 if header else node.at.line
    words = [(match.start(), match[0]) for match in _WORD.finditer(node.raw)]
    lines = _lines_of(source, node, len(words), quoted=not header)
    if [written for written, _ in lines] != [word for _, word in words]:
        return Placed(node.raw, node.at.line, node.at.line, node.at)
    text = _laid_out(node.raw, words, [line for _, line in lines], first)
    return Placed(text, first, len(source.lines), node.at)


def starts_block(source: Source, node: Node) -> bool:
    """Whether `node` is written as a block scalar, with `|` or `>`."""
    line, column = _line_from(source, node)
    return line.startswith(("|", ">"), column)


def _line_from(source: Source, node: Node) -> tuple[str, int]:
    """The line on which `node` starts and where in it; never a copy of its rest, because a line may hold many nodes.

    The line is empty where YAML counts more of them than the file has: it breaks them at U+2028, too.
    """
    return (source.lines[node.at.line - 1], node.at.column - 1) if node.at.line <= len(source.lines) else ("", 0)


def _lines_of(source: Source, node: Node, count: int, *, quoted: bool) -> list[tuple[str, int]]:
    """The first `count` words of the scalar as the file writes them, with their lines."""
    found: list[tuple[str, int]] = []
    line, column = (node.at.line, node.at.column - 1) if quoted else (node.at.line + 1, 0)
    written, at = _line_from(source, node)
    quote = written[at : at + 1] if quoted and written[at : at + 1] in ("'", '"') else ""
    column += len(quote)
    while len(found) < count and line <= len(source.lines):
        matches = islice(_WORD.finditer(source.lines[line - 1], column), count - len(found))
        found += [(match[0], line) for match in matches]
        line, column = line + 1, 0
    if quote and found:
        last, at = found[-1]
        found[-1] = (last.split(quote)[0], at)
    return found


def _laid_out(text: str, words: list[tuple[int, str]], lines: list[int], first: int) -> str:
    """`text` with as many newlines between its words as the file has."""
    parts: list[str] = []
    line, done = first, 0
    for (start, word), at in zip(words, lines, strict=True):
        gap = text[done:start]
        if at > line:
            gap = "\n" * (at - line) if "\n" in gap else (" \\\n" if parts else "\n") * (at - line)
            line = at
        parts += [gap, word]
        done = start + len(word)
    return "".join(parts)

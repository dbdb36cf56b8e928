"""The text of templates: escapes, indentation of heredocs, and the parts a template is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.nodes import (
    Expression,
    Literal,
    Template,
    TemplateFor,
    TemplateIf,
    Wrap,
)
from bbws_readiness.terraform.scanner import Chunk, CodePiece, Lines, TemplateText, TextPiece

_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\Z))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DOUBLED = re.compile(r"([$%])\1\{")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)(?![\w-])")
_FOR = re.compile(r"\s*for\s+([^\W\d][\w-]*)(?:\s*,\s*([^\W\d][\w-]*))?\s+in(?![\w-])")

Parse = "Callable[[Chunk], Expression]"


@dataclass(frozen=True, slots=True)
class _Text:
    """One literal part; in a heredoc, of at most one line, because `~` and indentation work line by line."""

    at: Location
    text: str


@dataclass(frozen=True, slots=True)
class _Directive:
    at: Location
    keyword: str
    code: Chunk


_Part = _Text | _Directive | Expression


def build_template(template: TemplateText, lines: Lines, parse: Callable[[Chunk], Expression]) -> Expression:
    """The node of a template; plain text becomes a `Literal`, a lone interpolation a `Wrap`."""
    at = lines.at(template.start)
    parts = list(_parts(template, lines, parse))
    if template.kind == "indented":
        parts = _without_indentation(parts)
    if len(parts) == 1 and not isinstance(parts[0], _Text | _Directive):
        return Wrap(at, parts[0])
    reader = _Directives(parts, parse, lines)
    nodes = reader.until(at)
    if all(isinstance(part, _Text) for part in parts):
        return Literal(at, "".join(part.text for part in parts if isinstance(part, _Text)))
    return Template(at, tuple(nodes))


def normalize(text: str) -> str:
    """Terraform keeps every string in Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _parts(template: TemplateText, lines: Lines, parse: Callable[[Chunk], Expression]) -> Iterator[_Part]:
    by_line = template.kind in ("heredoc", "indented", "file")
    pieces = template.pieces
    for position, piece in enumerate(pieces):
        if isinstance(piece, TextPiece):
            strip_left = position > 0 and _strips(pieces[position - 1], "after")
            strip_right = position + 1 < len(pieces) and _strips(pieces[position + 1], "before")
            yield from _text_parts(
                piece,
                lines,
                by_line=by_line,
                indented=template.kind == "indented",
                strip_left=strip_left,
                strip_right=strip_right,
            )
        elif piece.sign == "$":
            yield parse(piece.code)
        else:
            yield _directive(piece, lines)


def _strips(piece: TextPiece | CodePiece, side: str) -> bool:
    return isinstance(piece, CodePiece) and (piece.strips_after if side == "after" else piece.strips_before)


def _text_parts(
    piece: TextPiece,
    lines: Lines,
    *,
    by_line: bool,
    indented: bool,
    strip_left: bool,
    strip_right: bool,
) -> Iterator[_Text]:
    # Line by line only where that makes a difference: a heredoc may have very many lines.
    splits = by_line and (indented or strip_left or strip_right)
    chunks = _split_lines(piece.text) if splits else [piece.text]
    at = lines.at(piece.start)
    for index, chunk in enumerate(chunks):
        text = _DOUBLED.sub(r"\1{", chunk) if by_line else unescape(chunk, piece.start, lines)
        if strip_left and index == 0:
            text = text.lstrip()
        if strip_right and index == len(chunks) - 1:
            text = text.rstrip()
        if text:
            yield _Text(at, normalize(text))


def _split_lines(text: str) -> list[str]:
    """Split after newlines only; `splitlines` would split at form feeds too."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def unescape(text: str, offset: int, lines: Lines) -> str:
    """The text that a quoted literal stands for. Raises `Fault` for an escape Terraform does not know."""
    if "\\" not in text and "{" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            return _SIMPLE[match[1]]
        code = int(match[2] or match[3] or "110000", 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise Fault("invalid escape sequence", lines.at(offset + match.start()))
        return chr(code)

    # An escaped dollar never precedes a brace sign, so the two kinds of escape cannot overlap.
    pieces = re.split(r"([$%])\1\{", text)
    out = [_ESCAPE.sub(replaced, pieces[0])]
    for sign, rest in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(sign + "{")
        out.append(_ESCAPE.sub(replaced, rest))
    return "".join(out)


def _directive(piece: CodePiece, lines: Lines) -> _Directive:
    match = _DIRECTIVE.match(piece.code.text)
    if match is None:
        raise Fault('expected "if", "else", "endif", "for" or "endfor" in "%{"', lines.at(piece.start))
    return _Directive(lines.at(piece.start), match[1], piece.code)


def _without_indentation(parts: list[_Part]) -> list[_Part]:
    """Take the smallest indentation of all lines away, as `<<-` does; blank lines do not count."""
    smallest: int | None = None
    adjust: set[int] = set()
    newline = True
    for index, part in enumerate(parts):
        if newline:
            newline = False
            spaces: int | None = 0
            if isinstance(part, _Text):
                stripped = part.text.lstrip()
                if not stripped and part.text.endswith("\n"):
                    spaces = None
                else:
                    spaces = len(part.text) - len(stripped)
                    adjust.add(index)
            if spaces is not None and (smallest is None or spaces < smallest):
                smallest = spaces
        if isinstance(part, _Text) and part.text.endswith("\n"):
            newline = True
    return [
        _Text(part.at, part.text[smallest:]) if index in adjust and isinstance(part, _Text) else part
        for index, part in enumerate(parts)
    ]


class _Directives:
    """Folds the flat parts of a template into nested `if` and `for` nodes."""

    def __init__(self, parts: list[_Part], parse: Callable[[Chunk], Expression], lines: Lines) -> None:
        self._parts = parts
        self._parse = parse
        self._lines = lines
        self._next = 0
        self._closed_by = ""

    def until(self, opened: Location, *enders: str) -> list[Expression]:
        """The nodes up to one of `enders`, which is then in `_closed_by`; up to the end without any."""
        nodes: list[Expression] = []
        while self._next < len(self._parts):
            part = self._parts[self._next]
            self._next += 1
            match part:
                case _Text():
                    nodes.append(Literal(part.at, part.text))
                case _Directive():
                    if part.keyword in enders:
                        self._closed_by = part.keyword
                        return nodes
                    nodes.append(self._open(part))
                case _:
                    nodes.append(part)
        if enders:
            raise Fault(f'"%{{" without "%{{{enders[-1]}}}"', opened)
        return nodes

    def _open(self, part: _Directive) -> Expression:
        if part.keyword == "if":
            condition = self._parse(_blanked(part.code, part.code.text.index("if") + 2))
            then = Template(part.at, tuple(self.until(part.at, "else", "endif")))
            otherwise: tuple[Expression, ...] = ()
            if self._closed_by == "else":
                otherwise = tuple(self.until(part.at, "endif"))
            return TemplateIf(part.at, condition, then, Template(part.at, otherwise))
        if part.keyword == "for":
            intro = _FOR.match(part.code.text)
            if intro is None:
                raise Fault('expected "for name in collection" in "%{"', part.at)
            collection = self._parse(_blanked(part.code, intro.end()))
            body = Template(part.at, tuple(self.until(part.at, "endfor")))
            key, value = (intro[1], intro[2]) if intro[2] else (None, intro[1])
            return TemplateFor(part.at, key, value, collection, body)
        raise Fault(f'"%{{{part.keyword}}}" without its beginning', part.at)


def _blanked(code: Chunk, length: int) -> Chunk:
    return Chunk(" " * length + code.text[length:], code.start)

"""Splits a configuration text, in one linear pass, into code that the grammar can read and templates that we read.

The grammar knows neither inline comments nor heredocs in every place Terraform allows them, and bounds no nesting.
So each stretch of code becomes a *skeleton* of exactly the same length, in which offsets stay true: comments are
blank, line ends inside parentheses and brackets are blank (Terraform ignores them there), and every quoted string
or heredoc is a plain string of filler characters that is looked up by its offset.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.limits import MAX_NESTING


@dataclass(frozen=True, slots=True)
class Chunk:
    """The skeleton of the source text from `start` on."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Literal text of a template, as written."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class CodePiece:
    """What stands inside `${ }` or `%{ }`."""

    start: int
    sign: str
    """`$` for an interpolation, `%` for a directive."""
    code: Chunk
    strips_before: bool
    strips_after: bool


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A quoted string, a heredoc or a template file, split into pieces."""

    start: int
    kind: str
    """`quoted`, `heredoc`, `indented` (a heredoc written `<<-`) or `file`."""
    pieces: tuple[TextPiece | CodePiece, ...]


@dataclass
class Scan:
    """A whole text, scanned."""

    code: Chunk
    templates: dict[int, TemplateText]
    """Under the offset of the opening quote or `<<`."""
    doubled: frozenset[int]
    """Offsets of `!!`, of which the skeleton shows one."""


class Lines:
    """Turns offsets of one text into places."""

    def __init__(self, path: str, text: str, *, first_line: int = 1) -> None:
        self._path = path
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._first = first_line

    def at(self, offset: int) -> Location:
        """The place of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Location(self._path, line + self._first - 1, offset - self._starts[line - 1] + 1)


_CODE = re.compile(r'["#(){}\[\]\n]|//|/\*|<<-?(?=[^\W\d])|::|!!+(?!=)|[^\x00-\x7f]')
_QUOTED = re.compile(r'["\\\n]|\$\$+\{|%%+\{|\$\{|%\{')
_PLAIN = re.compile(r"\$\$+\{|%%+\{|\$\{|%\{")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_OBJECT_FOR = re.compile(r"\{\s*for\s+[^\W\d]")
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def scan(text: str, lines: Lines) -> Scan:
    """Scan a configuration text. Raises `Fault` for an unclosed or too deeply nested part."""
    scanner = _Scanner(text, lines)
    code = scanner.code(0, inside=None)
    return Scan(code, scanner.templates, frozenset(scanner.doubled))


def scan_template(text: str, lines: Lines) -> tuple[TemplateText, Scan]:
    """Scan a text that is a template as a whole, as `templatefile` reads it."""
    scanner = _Scanner(text, lines)
    pieces = scanner.template_pieces(0, _PLAIN, marker=None)
    return TemplateText(0, "file", tuple(pieces)), Scan(Chunk("", 0), scanner.templates, frozenset(scanner.doubled))


@dataclass
class _Scanner:
    text: str
    lines: Lines
    templates: dict[int, TemplateText] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    depth: int = 0
    position: int = 0

    def code(self, start: int, *, inside: int | None) -> Chunk:
        """Read code to the end of the text, or to the brace that closes the template part opened at `inside`."""
        out: list[str] = []
        opened: list[tuple[str, int, bool]] = []
        done = position = start
        text = self.text
        while True:
            match = _CODE.search(text, position)
            if match is None:
                if opened or inside is not None:
                    sign, offset = (opened[-1][0], opened[-1][1]) if opened else ("${", inside or 0)
                    raise self.unclosed(sign, offset)
                out.append(text[done:])
                self.position = len(text)
                return Chunk("".join(out), start)
            found, found_text = match.start(), match.group()
            out.append(text[done:found])
            position = match.end()
            if found_text in _CLOSES:
                self.deeper(found)
                keeps_lines = found_text == "{" and not _OBJECT_FOR.match(text, found)
                opened.append((found_text, found, keeps_lines))
                out.append(found_text)
            elif found_text in ")]}":
                if not opened and found_text == "}" and inside is not None:
                    self.position = position
                    return Chunk("".join(out), start)
                self.close(found_text, found, opened)
                out.append(found_text)
            elif found_text == "\n":
                keeps_lines = opened[-1][2] if opened else inside is None
                out.append("\n" if keeps_lines else " ")
            else:
                position = self.special(found_text, found, out)
            done = position

    def special(self, found_text: str, found: int, out: list[str]) -> int:
        """Replace a comment, a string, a heredoc or a character the grammar does not know; the offset after it."""
        text = self.text
        if found_text in ("#", "//"):
            end = text.find("\n", found)
            end = len(text) if end < 0 else end
            out.append(" " * (end - found))
        elif found_text == "/*":
            end = text.find("*/", found + 2) + 2
            if end < 2:
                raise Fault("comment is not closed", self.lines.at(found))
            out.append(" " * (end - found))
        elif found_text == '"':
            end = self.quoted(found)
            out.append(f'"{"x" * (end - found - 2)}"')
        elif found_text.startswith("<<"):
            end = self.heredoc(found)
            out.append(f'"{"x" * (end - found - 2)}"')
        elif found_text == "::":
            end = found + 2
            out.append("__")
        elif found_text.startswith("!!"):
            end = found + len(found_text)
            if len(found_text) % 2 == 0:
                self.doubled.add(found)
            out.append("!".ljust(len(found_text)))
        else:
            end = found + 1
            if not f"a{found_text}".isidentifier():
                raise Fault(f"unexpected character U+{ord(found_text):04X}", self.lines.at(found))
            out.append("a")
        return end

    def quoted(self, start: int) -> int:
        self.deeper(start)
        pieces = self.template_pieces(start + 1, _QUOTED, marker=None, opening=start)
        self.depth -= 1
        self.templates[start] = TemplateText(start, "quoted", tuple(pieces))
        return self.position

    def heredoc(self, start: int) -> int:
        opening = _HEREDOC.match(self.text, start)
        if opening is None:
            raise Fault("heredoc needs a marker alone at the end of its line", self.lines.at(start))
        self.deeper(start)
        marker = re.compile(rf"^[ \t]*{re.escape(opening[2])}(?=[ \t\r]*(?:\n|\Z))", re.MULTILINE)
        pieces = self.template_pieces(opening.end(), _PLAIN, marker=marker, opening=start)
        self.depth -= 1
        self.templates[start] = TemplateText(start, "indented" if opening[1] else "heredoc", tuple(pieces))
        return self.position

    def template_pieces(
        self, start: int, pattern: re.Pattern[str], *, marker: re.Pattern[str] | None, opening: int = 0
    ) -> list[TextPiece | CodePiece]:
        """Split a template; leaves `position` behind its closing quote or marker."""
        pieces: list[TextPiece | CodePiece] = []
        done = position = start
        text = self.text
        end = marker.search(text, start) if marker else None
        while True:
            if marker and end is None:
                raise self.unclosed_text(opening, heredoc=True)
            match = pattern.search(text, position, end.start() if end else len(text))
            if match is None:
                if pattern is _QUOTED:
                    raise self.unclosed_text(opening, heredoc=False)
                pieces.append(TextPiece(done, text[done : end.start() if end else len(text)]))
                self.position = end.end() if end else len(text)
                return pieces
            sign, found = match.group(), match.start()
            position = match.end()
            if sign == '"':
                pieces.append(TextPiece(done, text[done:found]))
                self.position = position
                return pieces
            if sign == "\n":
                raise self.unclosed_text(opening, heredoc=False)
            if sign == "\\":
                position += 1
            elif len(sign) == 2:
                pieces.append(TextPiece(done, text[done:found]))
                pieces.append(self.code_piece(found))
                done = position = self.position
                if marker and end and end.start() < position:
                    # What looked like the marker stood inside the code.
                    end = marker.search(text, position)

    def code_piece(self, start: int) -> CodePiece:
        self.deeper(start)
        begin = start + 2
        strips_before = self.text.startswith("~", begin)
        chunk = self.code(begin + strips_before, inside=start)
        self.depth -= 1
        body = chunk.text.rstrip()
        strips_after = body.endswith("~")
        if strips_after:
            chunk = Chunk(body[:-1], chunk.start)
        return CodePiece(start, self.text[start], chunk, strips_before, strips_after)

    def deeper(self, offset: int) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise Fault(f"nested deeper than {MAX_NESTING} levels", self.lines.at(offset))

    def close(self, found_text: str, offset: int, opened: list[tuple[str, int, bool]]) -> None:
        if not opened:
            raise Fault(f'unexpected "{found_text}": nothing is open here', self.lines.at(offset))
        sign, start, _ = opened.pop()
        self.depth -= 1
        if _CLOSES[sign] != found_text:
            line = self.lines.at(start).line
            raise Fault(
                f'expected "{_CLOSES[sign]}" before "{found_text}"; "{sign}" was opened at line {line}',
                self.lines.at(offset),
            )

    def unclosed(self, sign: str, offset: int) -> Fault:
        line = self.lines.at(offset).line
        return Fault(
            f'unexpected end of file; "{sign}" opened at line {line} is not closed', self.lines.at(len(self.text))
        )

    def unclosed_text(self, opening: int, *, heredoc: bool) -> Fault:
        what = "heredoc" if heredoc else "string"
        return Fault(f"{what} is not closed", self.lines.at(opening))

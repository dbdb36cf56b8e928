"""Builds the nodes of templates from their flat parts: escapes, stripped white space, indentation, directives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.lexer import GO_SPACE, Places
from bbws_readiness.terraform.limits import MAX_NESTING
from bbws_readiness.terraform.nodes import Expression, Literal, Template, TemplateFor, TemplateIf, Wrap
from bbws_readiness.terraform.strings import normalize

_ESCAPE = regex(r"([$%])\1\{|\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\Z))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DOUBLED = regex(r"([$%])\1\{")
_LINE = regex(r"[^\n]*\n|[^\n]+")


class Text(Struct, frozen=True):
    """Literal text; in a heredoc of one line where that matters, because `~` and indentation work line by line."""

    at: Location
    text: str


class Directive(Struct, frozen=True):
    """`%{if …}`, `%{else}`, `%{endif}`, `%{for …}` or `%{endfor}`."""

    at: Location
    keyword: str
    subject: Expression | None = None
    """The condition of `if`, the collection of `for`."""
    key_name: str | None = None
    value_name: str = ""


Part: TypeAlias = Text | Directive | Expression


def unescape(raw: str, start: int, places: Places) -> str:
    """The text that the inside of a quoted string stands for. Raises `Fault` for an escape Terraform does not know."""
    if "\\" not in raw and "{" not in raw:
        return raw

    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            return match[1] + "{"
        if match[2]:
            return _SIMPLE[match[2]]
        code = int(match[3] or match[4] or "110000", 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise Fault("invalid escape sequence", places.at(start + match.start()), code=Code.ESCAPE)
        return chr(code)

    return _ESCAPE.sub(replaced, raw)


def quoted_text(raw: str, start: int, places: Places, *, strip_left: bool, strip_right: bool) -> Text:
    """The part that a stretch of text in a quoted string makes."""
    return Text(places.at(start), _stripped(unescape(raw, start, places), left=strip_left, right=strip_right))


def plain_text(
    raw: str, start: int, places: Places, *, strip_left: bool, strip_right: bool, by_line: bool
) -> Iterator[Text]:
    """The parts that a stretch of text in a heredoc or a template file makes."""
    # Line by line only where that makes a difference: a heredoc may have very many lines.
    lines = _LINE.findall(raw) if by_line or strip_left or strip_right else [raw]
    last = len(lines) - 1
    for index, line in enumerate(lines):
        text = _DOUBLED.sub(r"\1{", line)
        yield Text(
            places.at(start), _stripped(text, left=strip_left and index == 0, right=strip_right and index == last)
        )
        start += len(line)


def _stripped(text: str, *, left: bool, right: bool) -> str:
    text = text.lstrip(GO_SPACE) if left else text
    return text.rstrip(GO_SPACE) if right else text


def build_template(at: Location, parts: list[Part], *, indented: bool = False) -> Expression:
    """The node of a template; plain text becomes a `Literal`, a lone interpolation a `Wrap`."""
    if indented:
        parts = _without_indentation(parts)
    if len(parts) == 1 and not isinstance(parts[0], Text | Directive):
        return Wrap(at, parts[0])
    texts = [part.text for part in parts if isinstance(part, Text)]
    if len(texts) == len(parts):
        return Literal(at, normalize("".join(texts)))
    return Template(at, _fold(parts))


def _without_indentation(parts: Sequence[Part]) -> list[Part]:
    """Take the smallest indentation of all lines away, as `<<-` does; blank lines do not count."""
    smallest: int | None = None
    adjust: set[int] = set()
    newline = True
    for index, part in enumerate(parts):
        text = part.text if isinstance(part, Text) else ""
        if newline:
            newline = False
            stripped = text.lstrip(GO_SPACE)
            if stripped or not text.endswith("\n"):
                adjust.add(index)
                spaces = len(text) - len(stripped)
                smallest = spaces if smallest is None else min(smallest, spaces)
        newline = newline or text.endswith("\n")
    return [
        replace(part, text=part.text[smallest:]) if index in adjust and isinstance(part, Text) else part
        for index, part in enumerate(parts)
    ]


class _Open(Struct):
    """A directive that waits for its end; the bottom of the stack has none."""

    directive: Directive | None
    nodes: list[Expression] = field(default_factory=list)
    then: Template | None = None
    """What stood before `%{else}`."""


def _fold(parts: Sequence[Part]) -> tuple[Expression, ...]:
    """Nest what stands between the directives of a template into them."""
    stack = [_Open(None)]
    for part in parts:
        match part:
            case Text():
                if part.text:
                    stack[-1].nodes.append(Literal(part.at, normalize(part.text)))
            case Directive(keyword="if" | "for"):
                stack.append(_Open(part))
                if len(stack) > MAX_NESTING:
                    raise Fault(f"nested deeper than {MAX_NESTING} levels", part.at, code=Code.NESTING)
            case Directive():
                _close(stack, part)
            case _:
                stack[-1].nodes.append(part)
    if opened := stack[-1].directive:
        raise Fault(f'"%{{" without "%{{end{opened.keyword}}}"', opened.at, code=Code.TEMPLATE)
    return tuple(stack[0].nodes)


def _close(stack: list[_Open], part: Directive) -> None:
    top = stack[-1]
    opened = top.directive
    wanted = "if" if part.keyword == "else" else part.keyword.removeprefix("end")
    if opened is None or opened.subject is None or opened.keyword != wanted or (part.keyword == "else" and top.then):
        raise Fault(f'"%{{{part.keyword}}}" without its beginning', part.at, code=Code.TEMPLATE)
    body = Template(opened.at, tuple(top.nodes))
    if part.keyword == "else":
        top.then, top.nodes = body, []
        return
    stack.pop()
    node: Expression
    if part.keyword == "endif":
        otherwise = body if top.then else Template(opened.at, ())
        node = TemplateIf(opened.at, opened.subject, top.then or body, otherwise)
    else:
        node = TemplateFor(opened.at, opened.key_name, opened.value_name, opened.subject, body)
    stack[-1].nodes.append(node)

"""Reads configuration files, expressions and templates into nodes, refusing what Terraform refuses."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from bbws_readiness import codes, errors
from bbws_readiness.cache.codec import Codec, classes_of
from bbws_readiness.cache.results import recalled
from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic
from bbws_readiness.memory import read_once
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform import nodes
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.expressions import ExpressionParser
from bbws_readiness.terraform.lexer import Lines, Token, lex, lex_template
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode, BodyNode, Expression
from bbws_readiness.terraform.templates import unescape

_OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "?", ":", "."})


class ParsedFile(Struct, frozen=True):
    """A configuration file, or why there is none: `body` is None exactly when a diagnostic says why."""

    path: str
    body: BodyNode | None
    diagnostics: tuple[Diagnostic, ...] = ()


@read_once
def parse_file(source: Source) -> ParsedFile:
    """Read a `.tf`, `.tfvars`, `.tf.json` or `.tfvars.json` file.

    A fault anywhere in it makes the whole file unreadable, as in Terraform.
    """
    if not source.path.endswith(".tf"):
        return _parsed(source)  # values are not kept, and JSON is quickly read
    return recalled("terraform", _codec, source, "", lambda: _parsed(source))


@cache
def _codec() -> Codec:
    return Codec([*classes_of(nodes, codes, errors), ParsedFile])


def _parsed(source: Source) -> ParsedFile:
    try:
        body = _json_body(source) if source.path.endswith(".json") else _native_body(source)
    except Fault as fault:
        return ParsedFile(source.path, None, (fault.diagnostic(),))
    return ParsedFile(source.path, body)


def parse_expression(text: str, at: Location) -> Expression:
    """Read one expression that stands at `at`. Raises `Fault`."""
    lines = Lines(at.path, text, first_line=at.line)
    return ExpressionParser(lex(text, lines), lines).lone_expression()


def parse_template(text: str, path: str) -> Expression:
    """Read a whole text as a template, as `templatefile` does. Raises `Fault`."""
    lines = Lines(path, text)
    return ExpressionParser(lex_template(text, lines), lines).whole_template()


def _native_body(source: Source) -> BodyNode:
    lines = Lines(source.path, source.text)
    return _FileParser(lex(source.text, lines), lines).file(source.at(1))


def _json_body(source: Source) -> BodyNode:
    # Few projects have such files, and the schemas they need take a while to import.
    from bbws_readiness.terraform.json_syntax import parse_json_body

    return parse_json_body(source)


class _FileParser(ExpressionParser):
    """Reads arguments and blocks, which end with their lines."""

    def file(self, at: Location) -> BodyNode:
        return self._body(at, "end")

    def _body(self, at: Location, end: str) -> BodyNode:
        attributes: dict[str, AttributeNode] = {}
        blocks: list[BlockNode] = []
        while True:
            name = self._take()
            if name.kind == end:
                return BodyNode(at, tuple(attributes.values()), tuple(blocks))
            if name.kind == "newline":
                continue
            if name.kind != "word":
                raise self._not_an_item(name, follows=bool(attributes))
            if self._peek().kind == "=":
                self._attribute_into(attributes, name)
            else:
                blocks.append(self._block(name))
            following = self._peek()
            if following.kind == "newline":
                self._next += 1
            elif following.kind != "end":
                raise self._fault("expected a new line before the next argument or block", following)

    def _not_an_item(self, token: Token, *, follows: bool) -> Fault:
        if follows and token.kind in _OPERATORS:
            return self._fault("an operator cannot begin a new line here", token, "put it in parentheses")
        if token.kind in ("quote", "heredoc", "indented"):
            return self._fault("an argument or block begins with a plain word", token, "leave the quotes out")
        return self._fault(f'unexpected "{token.text}"', token, "an argument or block begins with a word")

    def _attribute_into(self, attributes: dict[str, AttributeNode], name: Token) -> None:
        self._next += 1
        attribute = AttributeNode(self._at(name), name.text, self.expression())
        if first := attributes.get(name.text):
            summary = f'argument "{name.text}" is set twice (first at line {first.at.line})'
            raise self._fault(summary, name, "keep one of the two", code=Code.ARGUMENT_TWICE)
        attributes[name.text] = attribute

    def _block(self, kind: Token) -> BlockNode:
        labels = []
        while (token := self._take()).kind != "{":
            if token.kind == "word":
                labels.append(token.text)
            elif token.kind == "quote":
                labels.append(self._label(token))
            else:
                raise self._fault(f'expected "=", a label or "{{" behind "{kind.text}"', token)
        at = self._at(kind)
        if self._peek().kind in ("newline", "}"):
            return BlockNode(at, kind.text, tuple(labels), self._body(at, "}"))
        return BlockNode(at, kind.text, tuple(labels), self._body_of_one_line(at))

    def _label(self, opening: Token) -> str:
        token = self._take()
        if token.kind == "close":
            return ""
        if token.kind != "text" or self._peek().kind in ("${", "%{"):
            raise self._fault("a block label cannot contain a template", opening)
        self._expect("close", "the label is not closed")
        return unescape(token.text, token.start, self._places)

    def _body_of_one_line(self, at: Location) -> BodyNode:
        """What `{ name = value }` holds: one argument, and nothing else on the line."""
        name = self._expect("word", "expected an argument")
        if self._peek().kind != "=":
            raise self._fault("a block on one line can hold one argument only", self._peek(), "use several lines")
        attributes: dict[str, AttributeNode] = {}
        self._attribute_into(attributes, name)
        self._expect("}", "a block on one line ends behind its argument")
        return BodyNode(at, tuple(attributes.values()))

"""Reads the JSON form of configurations and of variable values into the nodes that native syntax makes."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.codes import Code
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.expressions import ExpressionParser
from bbws_readiness.terraform.json_document import JsonArray, JsonObject, JsonScalar, JsonText, JsonValue, read_json
from bbws_readiness.terraform.json_shapes import ROOT, VALUES, Nested, Shape, dynamic, nested_of, shape_of
from bbws_readiness.terraform.lexer import Lines, lex, lex_template
from bbws_readiness.terraform.nodes import (
    AttributeNode,
    BlockNode,
    BodyNode,
    Expression,
    Literal,
    ObjectCons,
    TupleCons,
)
from bbws_readiness.terraform.strings import normalize

_COMMENT = "//"
"""The name of members that Terraform leaves unread in the bodies of blocks."""


def parse_json_body(source: Source) -> BodyNode:
    """The body that a `.tf.json` or `.tfvars.json` file stands for. Raises `Fault`."""
    lines = Lines(source.path, source.text)
    document = read_json(source.text, lines)
    if not isinstance(document, JsonObject | JsonArray):
        raise Fault("expected an object at the top of the file", document.at, code=Code.TERRAFORM_JSON)
    shape = VALUES if source.path.endswith(".tfvars.json") else ROOT
    return _BodyReader(lines).body(source.at(1), document, shape)


class _TextPlaces:
    """The places of the characters of one string of the file."""

    def __init__(self, lines: Lines, text: JsonText) -> None:
        self._lines = lines
        self._offsets = text.offsets

    def at(self, offset: int) -> Location:
        return self._lines.at(self._offsets[min(offset, len(self._offsets) - 1)])


class _BodyReader:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def body(self, at: Location, value: JsonValue, shape: Shape) -> BodyNode:
        """The arguments and blocks in an object, or in an array of objects taken together."""
        attributes: dict[str, AttributeNode] = {}
        blocks: list[BlockNode] = []
        for key, member in _members(value):
            name = normalize(key.text)
            if name == _COMMENT:
                continue
            if name == "dynamic" and shape is not ROOT and (shape.blocks or shape.guesses):
                blocks.extend(self._dynamic_blocks(key, member, shape))
                continue
            nested = nested_of(shape, name)
            if nested and (name in shape.blocks or _looks_like_blocks(member)):
                blocks.extend(self._blocks(key, name, member, nested, ()))
                continue
            if shape is not VALUES and not _is_name(name):
                raise Fault("an argument needs a plain word as name", key.at, code=Code.TERRAFORM_JSON)
            if first := attributes.get(name):
                summary = f'argument "{name}" is set twice (first at line {first.at.line})'
                raise Fault(summary, key.at, "keep one of the two", code=Code.ARGUMENT_TWICE)
            attributes[name] = AttributeNode(key.at, name, self._argument(name, member, shape))
        return BodyNode(at, tuple(attributes.values()), tuple(blocks))

    def _blocks(
        self, key: JsonText, name: str, value: JsonValue, nested: Nested, labels: tuple[str, ...]
    ) -> Iterator[BlockNode]:
        """The blocks of one type: each missing label is a level of objects, then comes one body or an array of them."""
        if len(labels) < nested.labels:
            members = list(_members(value))
            if not members:
                raise Fault(
                    f"{name} block: expected {nested.labels} labels, got {len(labels)}", key.at, code=Code.BLOCK
                )
            for label, member in members:
                yield from self._blocks(label, name, member, nested, (*labels, normalize(label.text)))
            return
        if isinstance(value, JsonScalar) and value.value is None:
            return
        if not isinstance(value, JsonObject | JsonArray):
            raise Fault(f"expected an object, or an array of objects, for {name}", value.at, code=Code.TERRAFORM_JSON)
        for body in value.items if isinstance(value, JsonArray) else (value,):
            at = key.at if isinstance(value, JsonObject) else body.at
            yield BlockNode(at, name, labels, self.body(at, body, shape_of(nested, labels)))

    def _dynamic_blocks(self, key: JsonText, value: JsonValue, shape: Shape) -> Iterator[BlockNode]:
        for label, member in _members(value):
            content = nested_of(shape, label.text) or Nested(0, Shape())
            yield from self._blocks(label, key.text, member, Nested(0, dynamic(content)), (label.text,))

    def _argument(self, name: str, value: JsonValue, shape: Shape) -> Expression:
        if name in shape.references:
            return self._reference(value)
        return self._expression(value, literal=shape.all_literal or name in shape.literals)

    def _expression(self, value: JsonValue, *, literal: bool) -> Expression:
        match value:
            case JsonScalar():
                return Literal(value.at, value.value)
            case JsonText():
                return self._text(value, literal=literal)
            case JsonArray():
                return TupleCons(value.at, tuple(self._expression(item, literal=literal) for item in value.items))
        seen: dict[str, JsonText] = {}
        items = []
        for key, member in value.members:
            if first := seen.get(key.text):
                raise Fault(
                    f'the key "{key.text}" is set twice (first at line {first.at.line})',
                    key.at,
                    code=Code.ARGUMENT_TWICE,
                )
            seen[key.text] = key
            items.append((self._text(key, literal=literal), self._expression(member, literal=literal)))
        return ObjectCons(value.at, tuple(items))

    def _text(self, text: JsonText, *, literal: bool) -> Expression:
        """A string as the template that it is, or as it stands."""
        if literal or ("${" not in text.text and "%{" not in text.text):
            return Literal(text.at, normalize(text.text))
        places = _TextPlaces(self._lines, text)
        return ExpressionParser(lex_template(text.text, places), places).whole_template()

    def _reference(self, value: JsonValue) -> Expression:
        """A string as the name that it is; arrays and objects of them."""
        match value:
            case JsonText():
                places = _TextPlaces(self._lines, value)
                return ExpressionParser(lex(value.text, places), places).lone_expression()
            case JsonArray():
                return TupleCons(value.at, tuple(map(self._reference, value.items)))
            case JsonObject():
                members = ((Literal(key.at, key.text), self._reference(member)) for key, member in value.members)
                return ObjectCons(value.at, tuple(members))
        return Literal(value.at, value.value)


def _members(value: JsonValue) -> Iterator[tuple[JsonText, JsonValue]]:
    """The members of an object, or of all objects in an array; `null` has none."""
    match value:
        case JsonObject():
            yield from value.members
        case JsonArray():
            for item in value.items:
                if not isinstance(item, JsonObject):
                    raise Fault("expected an object", item.at, code=Code.TERRAFORM_JSON)
                yield from item.members
        case JsonScalar(value=None):
            return
        case _:
            raise Fault("expected an object", value.at, code=Code.TERRAFORM_JSON)


def _looks_like_blocks(value: JsonValue) -> bool:
    """Whether this may be one or more blocks: objects with names that arguments can have."""
    bodies = value.items if isinstance(value, JsonArray) else (value,)
    objects = [body for body in bodies if isinstance(body, JsonObject)]
    if not objects or len(objects) != len(bodies):
        return False
    return all(_is_name(key.text) or key.text == _COMMENT for body in objects for key, _ in body.members)


def _is_name(text: str) -> bool:
    return text[:1] != "-" and text.replace("-", "_").isidentifier()

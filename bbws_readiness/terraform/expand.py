"""Turns one block into the instances and nested blocks it stands for: `count`, `for_each`, `dynamic`."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.source import Location
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Collector, Fault, error
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.limits import MAX_INSTANCES
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode, BodyNode, Call, Expression
from bbws_readiness.terraform.results import Attribute, Block, Body
from bbws_readiness.terraform.scope import Scope, iterator_name
from bbws_readiness.terraform.types import (
    NUMBER,
    STRING,
    DynamicType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    describe,
)
from bbws_readiness.terraform.values import Sensitive, Value, is_open, number, object_of, string, unknown


class Instance(Struct, frozen=True):
    """One key that `count` or `for_each` gives, with the names it binds."""

    key: str | int | None = None
    known: bool = True
    bound: Mapping[str, Value] = field(default_factory=dict)


class Expansion(Struct, frozen=True):
    """All instances of a block."""

    mode: str
    """`single`, `count` or `for_each`."""
    instances: tuple[Instance, ...]
    reason: str = ""
    """Why the keys are unknown; there is then exactly one instance, so that nothing vanishes."""


SINGLE = Expansion("single", (Instance(),))


def expand(block: BlockNode, scope: Scope, evaluator: Evaluator, collector: Collector, address: str) -> Expansion:
    """The instances of a resource or module block."""
    count, for_each = block.body.attribute("count"), block.body.attribute("for_each")
    if count and for_each:
        collector.add(error("count and for_each exclude each other", for_each.at, code=Code.FOR_EACH))
    if count:
        return _expand(count, "count", scope, evaluator, collector, address)
    if for_each:
        return _expand(for_each, "for_each", scope, evaluator, collector, address)
    return SINGLE


def _expand(
    node: AttributeNode,
    mode: str,
    scope: Scope,
    evaluator: Evaluator,
    collector: Collector,
    address: str,
) -> Expansion:
    value = evaluator.attempt(node.expression, scope, f"{mode} of {address}")
    reason = ""
    try:
        if mode == "count":
            instances = _by_count(value, node.expression.at)
        else:
            instances = _by_element(value, node.expression.at, revealed=_is_revealed(node.expression))
    except Fault as fault:
        collector.add(fault.diagnostic())
        instances, reason = None, fault.summary
    if instances is not None:
        return Expansion(mode, instances)
    reason = f"{mode} of {address} is unknown: {reason or value.first_reason}"
    return Expansion(mode, (_unknown_instance(mode, value, reason, node.at),), reason)


def _unknown_instance(mode: str, value: Value, reason: str, at: Location) -> Instance:
    if mode == "count":
        return Instance(None, False, {"count": object_of({"index": unknown(NUMBER, reason, at)})})
    element = value.type.element if isinstance(value.type, MapType) else STRING
    each = {"key": unknown(STRING, reason, at), "value": unknown(element, reason, at)}
    if not isinstance(value.type, MapType | SetType):
        each["value"] = unknown(reason=reason, at=at)
    return Instance(None, False, {"each": object_of(each)})


def _by_count(value: Value, at: Location) -> tuple[Instance, ...] | None:
    if value.is_null:
        raise Fault("count is null", at, code=Code.COUNT)
    try:
        amount = convert(value, NUMBER)
    except ConversionError as problem:
        raise Fault(f"count is not a number: {problem}", at, code=Code.COUNT) from None
    if not amount.known:
        return None
    if not isinstance(amount.raw, int) or amount.raw < 0:
        raise Fault("count must be a whole number, zero or more", at, code=Code.COUNT)
    if amount.raw > MAX_INSTANCES:
        raise Fault(f"count is larger than {MAX_INSTANCES}", at, code=Code.INSTANCES)
    return tuple(
        Instance(index, True, {"count": object_of({"index": number(index).marked(amount.marks)})})
        for index in range(amount.raw)
    )


def _is_revealed(node: Expression) -> bool:
    """Whether the author has declared the keys harmless; the value keeps its mark all the same."""
    return isinstance(node, Call) and (node.name == "nonsensitive" or any(map(_is_revealed, node.arguments)))


def _by_element(value: Value, at: Location, *, revealed: bool) -> tuple[Instance, ...] | None:
    if value.is_null:
        raise Fault("for_each is null", at, code=Code.FOR_EACH)
    if _is_marked_sensitive(value) and not revealed:
        raise Fault("for_each must not be sensitive", at, "its keys would be shown in addresses", code=Code.FOR_EACH)
    if isinstance(value.type, ListType | TupleType):
        raise Fault(
            f"for_each cannot go over a {describe(value.type)}",
            at,
            "use toset for a list of strings",
            code=Code.FOR_EACH,
        )
    if not isinstance(value.type, MapType | ObjectType | SetType | DynamicType):
        raise Fault(
            f"for_each cannot go over a {describe(value.type)}",
            at,
            "it needs a map or a set of strings",
            code=Code.FOR_EACH,
        )
    if not value.known or is_open(value):
        return None
    if isinstance(value.type, SetType):
        if not value.wholly_known:
            return None
        if value.raw and value.type.element != STRING:
            raise Fault(
                f"for_each cannot go over a {describe(value.type)}", at, "it needs a set of strings", code=Code.FOR_EACH
            )
        if any(item.is_null for _, item in value.elements()):
            raise Fault("for_each contains null", at, code=Code.FOR_EACH)
        return tuple(_each(str(item.raw), item, item) for _, item in value.elements())
    return tuple(_each(str(key), string(str(key)).marked(value.marks), item) for key, item in value.elements())


def _is_marked_sensitive(value: Value) -> bool:
    """Whether the collection itself is sensitive; its parts may be."""
    return any(isinstance(mark, Sensitive) for mark in value.marks)


def _each(key: str, key_value: Value, item: Value) -> Instance:
    return Instance(key, True, {"each": object_of({"key": key_value, "value": item})})


class BodyEvaluator:
    """Evaluates the content of blocks, `dynamic` blocks included."""

    def __init__(self, evaluator: Evaluator, collector: Collector) -> None:
        self._evaluator = evaluator
        self._collector = collector

    def body(self, node: BodyNode, scope: Scope, *, skip: frozenset[str] = frozenset(), of: str = "") -> Body:
        """The evaluated content; `skip` names arguments and blocks to leave out, `of` the block for messages."""
        attributes = {
            attribute.name: self.attribute(attribute, scope, of)
            for attribute in node.attributes
            if attribute.name not in skip
        }
        blocks: list[Block] = []
        for block in node.blocks:
            if block.type in skip:
                continue
            if block.type == "dynamic" and len(block.labels) == 1:
                blocks.extend(self._dynamic(block, scope, of))
            else:
                inner = self.body(block.body, scope, of=f"{of}.{block.type}" if of else block.type)
                blocks.append(Block(block.type, block.labels, block.at, inner))
        return Body(node.at, attributes, tuple(blocks))

    def attribute(self, node: AttributeNode, scope: Scope, of: str = "") -> Attribute:
        """One argument; what is wrong with it becomes a diagnostic."""
        value = self._evaluator.attempt(node.expression, scope, f"{of}.{node.name}" if of else node.name)
        return Attribute(value, node.at, value.via)

    def _dynamic(self, block: BlockNode, scope: Scope, of: str) -> list[Block]:
        for_each = block.body.attribute("for_each")
        contents = block.body.blocks_of("content")
        if for_each is None or len(contents) != 1:
            self._collector.add(
                error('a dynamic block needs "for_each" and one "content" block', block.at, code=Code.DYNAMIC_BLOCK)
            )
            return []
        name = iterator_name(block)
        value = self._evaluator.attempt(for_each.expression, scope, f"for_each of dynamic {block.labels[0]}")
        try:
            items = self._elements(value, for_each.expression.at)
        except Fault as fault:
            self._collector.add(fault.diagnostic())
            value, items = unknown(reason=fault.summary, at=fault.at), None
        inner_of = f"{of}.{block.labels[0]}" if of else block.labels[0]
        if items is None:
            reason = f"for_each of the dynamic {block.labels[0]} block is unknown: {value.first_reason}"
            item = object_of(
                {"key": unknown(reason=reason, at=for_each.at), "value": unknown(reason=reason, at=for_each.at)}
            )
            body = self.body(contents[0].body, scope.binding({name: item}), of=inner_of)
            return [Block(block.labels[0], (), block.at, body, unknown=True)]
        blocks = []
        for key, item in items:
            inner = scope.binding({name: object_of({"key": key, "value": item})})
            body = self.body(contents[0].body, inner, of=inner_of)
            blocks.append(Block(block.labels[0], self._labels(block, inner), block.at, body))
        return blocks

    def _elements(self, value: Value, at: Location) -> list[tuple[Value, Value]] | None:
        if value.is_null:
            raise Fault("for_each is null", at, code=Code.FOR_EACH)
        if not isinstance(value.type, MapType | ObjectType | SetType | ListType | TupleType | DynamicType):
            raise Fault(f"for_each cannot go over a {describe(value.type)}", at, code=Code.FOR_EACH)
        if not value.known or is_open(value) or (isinstance(value.type, SetType) and not value.wholly_known):
            return None
        if isinstance(value.type, SetType):
            return [(item, item) for _, item in value.elements()]
        return [(number(k) if isinstance(k, int) else string(k), item) for k, item in value.elements()]

    def _labels(self, block: BlockNode, scope: Scope) -> tuple[str, ...]:
        node = block.body.attribute("labels")
        if node is None:
            return ()
        value = self._evaluator.attempt(node.expression, scope, "labels")
        return tuple(str(item.raw) for _, item in value.elements())

"""Expressions that go over the elements of a collection: `for`, splats, and loops in templates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bbws_readiness.codes import Code
from bbws_readiness.source import Location
from bbws_readiness.terraform.convert import convert, unify
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.limits import MAX_LOOPS, BudgetExceeded, check_length
from bbws_readiness.terraform.nodes import Expression, ForExpression, Splat, TemplateFor
from bbws_readiness.terraform.scope import Scope
from bbws_readiness.terraform.types import (
    DYNAMIC,
    STRING,
    DynamicType,
    ListType,
    SetType,
    TupleType,
    Type,
    describe,
    is_collection,
)
from bbws_readiness.terraform.values import (
    UNKNOWN,
    Marks,
    Value,
    is_open,
    list_of,
    merge_marks,
    object_of,
    position,
    string,
    tuple_of,
    unknown,
)


class Evaluates(Protocol):
    """What loops need of the evaluator."""

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of `node`. Raises `Fault`."""

    def condition(self, node: Expression, scope: Scope) -> Value:
        """The bool that `node` gives. Raises `Fault`."""

    def key(self, node: Expression, scope: Scope) -> Value:
        """The string that names a member. Raises `Fault`."""


class Loops:
    """Evaluates the three kinds of loop."""

    def __init__(self, evaluates: Evaluates) -> None:
        self._evaluates = evaluates
        self._depth = 0

    def template_for(self, node: TemplateFor, scope: Scope) -> Value:
        """The text of all rounds of a template's loop."""
        with self._deeper():
            return self._template_for(node, scope)

    def for_expression(self, node: ForExpression, scope: Scope) -> Value:
        """The tuple or object that a `for` expression builds."""
        with self._deeper():
            return self._for_expression(node, scope)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        if self._depth == MAX_LOOPS:
            raise BudgetExceeded(f"loops nested deeper than {MAX_LOOPS} levels", Code.LOOPS)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _template_for(self, node: TemplateFor, scope: Scope) -> Value:
        collection = self._evaluates.evaluate(node.collection, scope)
        check_iterable(collection, node.collection.at)
        if not _is_listed(collection):
            return Value(STRING, UNKNOWN, collection.deep_marks())
        marks, known, size = collection.marks, True, 0
        pieces: list[str] = []
        for key, item in iterate(collection):
            names = {node.value_name: item} | ({node.key_name: key} if node.key_name else {})
            value = self._evaluates.evaluate(node.body, scope.binding(names))
            marks = merge_marks(marks, value.marks)
            if isinstance(value.raw, str):
                size += len(value.raw)
                check_length(size)
                pieces.append(value.raw)
            else:
                known = False
        return Value(STRING, "".join(pieces) if known else UNKNOWN, marks)

    def _for_expression(self, node: ForExpression, scope: Scope) -> Value:
        collection = self._evaluates.evaluate(node.collection, scope)
        check_iterable(collection, node.collection.at)
        if not _is_listed(collection):
            return Value(DYNAMIC, UNKNOWN, collection.deep_marks())
        marks = collection.marks
        items: list[Value] = []
        groups: dict[str, list[Value]] = {}
        known = True
        for key, item in iterate(collection):
            inner = scope.binding(
                {node.key_name: key, node.value_name: item} if node.key_name else {node.value_name: item}
            )
            if node.condition is not None:
                wanted = self._evaluates.condition(node.condition, inner)
                marks = merge_marks(marks, wanted.marks)
                if not wanted.known:
                    known = False
                if not wanted.raw:
                    continue
            if node.key is None:
                items.append(self._evaluates.evaluate(node.value, inner))
                continue
            name = self._evaluates.key(node.key, inner)
            marks = merge_marks(marks, name.marks)
            value = self._evaluates.evaluate(node.value, inner)
            if not isinstance(name.raw, str):
                known = False
                continue
            if name.raw in groups and not node.grouped:
                raise Fault(
                    "two elements have the same key",
                    node.key.at,
                    'add "..." to group them',
                    code=Code.SAME_KEY,
                )
            groups.setdefault(name.raw, []).append(value)
        if not known:
            return Value(DYNAMIC, UNKNOWN, marks)
        if node.key is None:
            return tuple_of(items).marked(marks)
        members = {name: tuple_of(found) if node.grouped else found[0] for name, found in groups.items()}
        return object_of(members).marked(marks)

    def splat(self, node: Splat, scope: Scope) -> Value:
        """The tuple or list of what is taken from every element."""
        source = self._evaluates.evaluate(node.source, scope)
        if source.is_null:
            if isinstance(source.type, ListType | SetType | TupleType):
                raise Fault("null has no elements", node.at, code=Code.NULL_VALUE)
            return tuple_of(()).marked(source.marks)
        sequence = isinstance(source.type, ListType | SetType | TupleType)
        if not source.known and (sequence or isinstance(source.type, DynamicType)):
            return Value(DYNAMIC, UNKNOWN, source.marks)
        if not sequence:
            return tuple_of((self._evaluates.evaluate(node.each, scope.with_item(source)),))
        items = [self._evaluates.evaluate(node.each, scope.with_item(item)) for _, item in iterate(source)]
        if isinstance(source.type, TupleType):
            return tuple_of(items).marked(source.marks)
        kind = unify([item.type for item in items]) if items else self._type_of_each(node, source, scope)
        if kind is None or isinstance(kind, DynamicType):
            return (tuple_of(items) if items else list_of(DYNAMIC, ())).marked(source.marks)
        return list_of(kind, (convert(item, kind) for item in items)).marked(source.marks)

    def _type_of_each(self, node: Splat, source: Value, scope: Scope) -> Type:
        element = source.type.element if isinstance(source.type, ListType | SetType) else DYNAMIC
        kind = self._evaluates.evaluate(node.each, scope.with_item(unknown(element))).type
        # A splat within the splat: of what is no list even the number of elements is open while it is unknown.
        return DYNAMIC if isinstance(node.each, Splat) and isinstance(kind, TupleType) else kind


def iterate(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Keys and elements as `for` sees them; the key of a set's element is the element."""
    # Once for all elements that have no marks of their own: loops within loops come here most.
    marks = merge_marks((), collection.marks)
    match collection.raw:
        case tuple():
            is_set = isinstance(collection.type, SetType)
            for index, part in enumerate(collection.raw):
                item = _marked(part, marks)
                yield item if is_set else position(index), item
        case dict():
            for name, part in collection.raw.items():
                yield string(name), _marked(part, marks)


def _marked(part: Value, marks: Marks) -> Value:
    if part.marks or not marks:
        return part.marked(marks)
    return Value(part.type, part.raw, marks)


def check_iterable(value: Value, at: Location) -> None:
    """Raises `Fault` for what cannot be iterated."""
    if value.is_null:
        raise Fault("null cannot be iterated", at, code=Code.NULL_VALUE)
    if not is_collection(value.type) and not isinstance(value.type, DynamicType):
        raise Fault(f"{describe(value.type)} cannot be iterated", at, code=Code.WRONG_TYPE)


def _is_listed(value: Value) -> bool:
    """Whether loops can go over it; they take an unknown element of a set as one of its own."""
    return value.known and not is_open(value)


def iterable_known(value: Value) -> bool:
    """Whether it can be told which elements there are; the elements themselves may be unknown."""
    if isinstance(value.type, SetType) and not value.wholly_known:
        return False
    return value.known and not is_open(value)

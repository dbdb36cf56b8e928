"""Evaluates one expression in a scope, by the rules of the Terraform language."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import near_name
from bbws_readiness.source import Location
from bbws_readiness.terraform.accessors import get_attribute, get_index
from bbws_readiness.terraform.budget import Account
from bbws_readiness.terraform.calls import Calls
from bbws_readiness.terraform.convert import ConversionError, convert, unify
from bbws_readiness.terraform.diagnostics import BudgetFault, Collector, Fault, StaticFault, error, warning
from bbws_readiness.terraform.functions.spec import Host
from bbws_readiness.terraform.limits import MAX_STEPS, BudgetExceeded, check_elements, check_length
from bbws_readiness.terraform.loops import Loops
from bbws_readiness.terraform.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    ForExpression,
    GetAttribute,
    Index,
    Literal,
    Name,
    ObjectCons,
    Parentheses,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TupleCons,
    Unary,
    Wrap,
)
from bbws_readiness.terraform.operators import binary, unary
from bbws_readiness.terraform.outlines import GAP, MAX_OUTLINE, outline_of, outlined
from bbws_readiness.terraform.scope import Scope, flatten, leading_words, reference_of
from bbws_readiness.terraform.strings import normalize
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    DynamicType,
    ListType,
    MapType,
    SetType,
    Type,
    describe,
)
from bbws_readiness.terraform.values import (
    UNKNOWN,
    Mark,
    Marks,
    Sensitive,
    Value,
    from_python,
    identity,
    merge_marks,
    null,
    object_of,
    tuple_of,
    unknown,
)


class Evaluator:
    """Evaluates expressions for one configuration; counts their steps and gathers their faults."""

    def __init__(self, collector: Collector, host: Host) -> None:
        self._collector = collector
        self._steps = 0
        self._exhausted_at: Location | None = None
        self._account = Account()
        loops = Loops(self)
        calls = Calls(self, host)
        # A table, because a chain of comparisons for every node is what evaluation would spend its time on.
        self._forms: dict[type, Callable[[Any, Scope], Value]] = {
            Binary: self._binary,
            Call: lambda node, scope: self._account.charge(calls.call(node, scope)),
            Conditional: self._conditional,
            ForExpression: lambda node, scope: self._account.charge(loops.for_expression(node, scope)),
            GetAttribute: self.traversal,
            Index: self.traversal,
            Literal: self._literal,
            Name: self._name,
            ObjectCons: self._object,
            Parentheses: self._inner,
            Splat: lambda node, scope: self._account.charge(loops.splat(node, scope)),
            SplatItem: self._splat_item,
            Template: self._template,
            TemplateFor: loops.template_for,
            TemplateIf: self._template_if,
            TupleCons: self._tuple,
            Unary: self._unary,
            Wrap: self._inner,
        }

    def attempt(self, node: Expression, scope: Scope, what: str = "the expression") -> Value:
        """The value of `node`; a fault becomes a diagnostic and the value unknown, named `what` in the reason."""
        try:
            return self.evaluate(node, scope)
        except Fault as fault:
            self._collector.add(fault.diagnostic())
            return unknown(DYNAMIC, f"{what} could not be evaluated: {fault.summary}", fault.at)
        except RecursionError:
            summary = "expression too complex to evaluate"
            self._collector.add(error(summary, node.at, code=Code.TOO_COMPLEX))
            return unknown(DYNAMIC, f"{what} could not be evaluated: {summary}", node.at)

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of `node`. Raises `Fault`."""
        # Written out here, because this runs for every node.
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._refuse_step(node.at)
        try:
            return self._forms[type(node)](node, scope)
        except BudgetExceeded as exceeded:
            raise BudgetFault(str(exceeded), node.at, code=exceeded.code) from None

    def _count_step(self, at: Location) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._refuse_step(at)

    def _refuse_step(self, at: Location) -> None:
        self._exhausted_at = self._exhausted_at or at
        raise BudgetFault(f"more than {MAX_STEPS} evaluation steps", self._exhausted_at, code=Code.STEPS)

    def _name(self, node: Name, scope: Scope) -> Value:
        bound = scope.bound.get(node.name)
        return bound if bound is not None else self.traversal(node, scope)

    def _literal(self, node: Literal, _: Scope) -> Value:
        # A text may be long, and what is kept is kept for every project.
        value = node.value
        return Value(STRING, value) if isinstance(value, str) else _constant(type(value).__name__, value)

    def _inner(self, node: Wrap | Parentheses, scope: Scope) -> Value:
        return self.evaluate(node.inner, scope)

    def _binary(self, node: Binary, scope: Scope) -> Value:
        # From the leftmost operand on, without recursion: a chain of operators may be long.
        pending = [node]
        while isinstance(pending[-1].left, Binary):
            pending.append(pending[-1].left)
        value = self.evaluate(pending[-1].left, scope)
        for part in reversed(pending):
            if part is not node:
                self._count_step(part.at)
            value = binary(part.operator, value, self.evaluate(part.right, scope), part.at)
        return value

    def _unary(self, node: Unary, scope: Scope) -> Value:
        return unary(node.operator, self.evaluate(node.operand, scope), node.at)

    def _tuple(self, node: TupleCons, scope: Scope) -> Value:
        check_elements(len(node.items))
        return self._account.charge(tuple_of([self.evaluate(item, scope) for item in node.items]))

    def _splat_item(self, _: SplatItem, scope: Scope) -> Value:
        return scope.splat_item if scope.splat_item is not None else unknown()

    def traversal(self, node: Name | GetAttribute | Index, scope: Scope) -> Value:
        """What a reference with its accessors stands for. Raises `Fault`."""
        base, steps = flatten(node)
        if not isinstance(base, Name):
            value = self.evaluate(base, scope)
        elif base.name in scope.bound:
            value = scope.bound[base.name]
        else:
            reference, taken = reference_of(base, leading_words(steps))
            if reference is None:
                known = [*scope.bound, "var", "local", "module", "data", "path", "terraform", "each", "count"]
                near = near_name(base.name, known)
                hint = f'did you mean "{near}"?' if near else "a name here needs an attribute, as in var.name"
                raise StaticFault(f'"{base.name}" is not a value', base.at, hint, code=Code.UNDECLARED)
            value = scope.resolver.resolve(reference)
            steps = steps[taken:]
        for step in steps:
            if isinstance(step, GetAttribute):
                value = get_attribute(value, step.name, step.at)
            else:
                value = get_index(value, self.evaluate(step.key, scope), step.at)
        return value

    def _template(self, node: Template, scope: Scope) -> Value:
        pieces: list[str] = []
        size = 0
        marks: Marks = ()
        known = True
        for part in node.parts:
            value = self._as_text(self.evaluate(part, scope), part.at)
            marks = merge_marks(marks, value.marks)
            if isinstance(value.raw, str):
                size += len(value.raw)
                check_length(size)
                pieces.append(value.raw)
            else:
                known = False
                pieces.append(outline_of(value) if size <= MAX_OUTLINE else GAP)
                size += len(value.outline)
        text = "".join(pieces)
        if known:
            return self._account.charge(Value(STRING, normalize(text), marks))
        return self._account.charge(outlined(Value(STRING, UNKNOWN, marks), text))

    def _as_text(self, value: Value, at: Location) -> Value:
        if value.is_null:
            raise Fault("null cannot stand in a string template", at, code=Code.NULL_VALUE)
        try:
            return convert(value, STRING)
        except ConversionError:
            raise Fault(f"{describe(value.type)} cannot stand in a string template", at, code=Code.WRONG_TYPE) from None

    def _template_if(self, node: TemplateIf, scope: Scope) -> Value:
        condition = self.condition(node.condition, scope)
        if not condition.known:
            return Value(STRING, UNKNOWN, condition.marks)
        return self.evaluate(node.then if condition.raw else node.otherwise, scope).marked(condition.marks)

    def condition(self, node: Expression, scope: Scope) -> Value:
        """The bool that `node` gives. Raises `Fault` for null and what is no bool."""
        value = self.evaluate(node, scope)
        if value.is_null:
            raise Fault("the condition is null", node.at, code=Code.NULL_VALUE)
        try:
            return convert(value, BOOL)
        except ConversionError as error:
            raise Fault(f"the condition is not a bool: {error}", node.at, code=Code.WRONG_TYPE) from None

    def _conditional(self, node: Conditional, scope: Scope) -> Value:
        condition = self.condition(node.condition, scope)
        then = self._branch(node.then, scope, chosen=condition.raw is True)
        otherwise = self._branch(node.otherwise, scope, chosen=condition.raw is False)
        kind = _common_type(then, otherwise)
        if kind is None:
            raise Fault("the two results of the conditional have no type in common", node.at, code=Code.WRONG_TYPE)
        if not condition.known:
            same = _surely_same(then, otherwise)
            return then.marked(condition.marks) if same else Value(kind, UNKNOWN, condition.marks)
        chosen, other = (then, otherwise) if condition.raw else (otherwise, then)
        if isinstance(other.type, DynamicType) and not other.known and chosen.known and not chosen.is_null:
            # Terraform converts to a type that both have in common; only a string surely stays what it is.
            if chosen.type == STRING:
                return chosen.marked(condition.marks)
            return unknown(
                DYNAMIC, "the type depends on the other result", node.at, marks=(*other.marks, *condition.marks)
            )
        try:
            return convert(chosen, kind).marked(condition.marks).marked(tuple(filter(_hides, other.marks)))
        except ConversionError as error:
            raise Fault(
                f"the two results of the conditional have no type in common: {error}", node.at, code=Code.WRONG_TYPE
            ) from None

    def _branch(self, node: Expression, scope: Scope, *, chosen: bool) -> Value:
        """One result of a conditional; a fault counts only in the one that is chosen."""
        try:
            return self.evaluate(node, scope)
        except (BudgetFault, StaticFault):
            raise
        except Fault:
            if chosen:
                raise
            # Terraform goes on as if the other one had no type.
            return null()

    def _object(self, node: ObjectCons, scope: Scope) -> Value:
        check_elements(len(node.items))
        attributes: dict[str, Value] = {}
        marks: Marks = ()
        unknown_key = False
        for key_node, value_node in node.items:
            if isinstance(key_node, GetAttribute | Index) and isinstance(flatten(key_node)[0], Name):
                raise Fault(
                    "a reference as key needs parentheses",
                    key_node.at,
                    "or quotes, if it is meant as text",
                    code=Code.SYNTAX,
                )
            key = self.key(key_node, scope)
            value = self.evaluate(value_node, scope)
            marks = merge_marks(marks, key.marks)
            if isinstance(key.raw, str):
                if key.raw in attributes:
                    self._warn_twice(key_node)
                attributes[key.raw] = value
            else:
                unknown_key = True
        if unknown_key:
            return Value(DYNAMIC, UNKNOWN, marks)
        return self._account.charge(object_of(attributes).marked(marks))

    def _warn_twice(self, key: Expression) -> None:
        """Terraform says nothing of it, and yet one of the two values is lost."""
        named = f'the key "{key.value}"' if isinstance(key, Literal) else "a key"
        summary = f"{named} is set twice in one object; the last one holds"
        self._collector.add(warning(summary, key.at, "remove one of the two", code=Code.OBJECT_KEY_TWICE))

    def key(self, node: Expression, scope: Scope) -> Value:
        """The string that names a member. Raises `Fault` for null and what is no string."""
        key = self.evaluate(node, scope)
        if key.is_null:
            raise Fault("the key is null", node.at, code=Code.NULL_VALUE)
        try:
            return convert(key, STRING)
        except ConversionError as error:
            raise Fault(f"the key is not a string: {error}", node.at, code=Code.WRONG_TYPE) from None


def _hides(mark: Mark) -> bool:
    """Whether the mark spreads from the result that is not chosen."""
    return isinstance(mark, Sensitive)


def _common_type(then: Value, otherwise: Value) -> Type | None:
    if then.is_null and isinstance(then.type, DynamicType):
        return otherwise.type
    if otherwise.is_null and isinstance(otherwise.type, DynamicType):
        return then.type
    if isinstance(then.type, DynamicType) or isinstance(otherwise.type, DynamicType):
        return DYNAMIC
    return unify([then.type, otherwise.type])


def _surely_same(then: Value, otherwise: Value) -> bool:
    """Whether Terraform tells the result although the condition is unknown.

    It keeps bounds of both results, not the results: they meet in one value for nulls, for equal numbers and for
    empty collections, but not for equal strings, booleans, objects or other collections.
    """
    if not (then.wholly_known and otherwise.wholly_known) or identity(then) != identity(otherwise):
        return False
    if then.is_null or then.type == NUMBER:
        return True
    collection = isinstance(then.type, ListType | SetType | MapType)
    return collection and then.type == otherwise.type and not list(then.elements())


@lru_cache(maxsize=4096)
def _constant(kind: str, value: object) -> Value:
    """The value of a literal that is no text; `kind` keeps `1` and `true` apart."""
    return from_python(value)

"""Evaluates one expression in a scope, by the rules of the Terraform language."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.errors import near_name
from bbws_readiness.source import Location
from bbws_readiness.terraform.accessors import get_attribute, get_index
from bbws_readiness.terraform.convert import ConversionError, convert, unify
from bbws_readiness.terraform.diagnostics import BudgetFault, Collector, Fault, error
from bbws_readiness.terraform.functions import FUNCTIONS
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Host, call
from bbws_readiness.terraform.limits import MAX_STEPS, BudgetExceeded, check_elements, check_length
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
    ObjectType,
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
    boolean,
    from_python,
    is_open,
    list_of,
    merge_marks,
    null,
    object_of,
    string,
    tuple_of,
    unknown,
)


class Evaluator:
    """Evaluates expressions for one configuration; counts their steps and gathers their faults."""

    def __init__(self, collector: Collector, host: Host) -> None:
        self._collector = collector
        self._host = host
        self._steps = 0
        self._exhausted_at: Location | None = None

    def attempt(self, node: Expression, scope: Scope, what: str = "the expression") -> Value:
        """The value of `node`; a fault becomes a diagnostic and the value unknown, named `what` in the reason."""
        try:
            return self.evaluate(node, scope)
        except Fault as fault:
            self._collector.add(fault.diagnostic())
            return unknown(DYNAMIC, f"{what} could not be evaluated: {fault.summary}", fault.at)
        except RecursionError:
            summary = "expression too complex to evaluate"
            self._collector.add(error(summary, node.at))
            return unknown(DYNAMIC, f"{what} could not be evaluated: {summary}", node.at)

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of `node`. Raises `Fault`."""
        self._count_step(node.at)
        try:
            return self._evaluate(node, scope)
        except BudgetExceeded as exceeded:
            raise BudgetFault(str(exceeded), node.at) from None

    def _count_step(self, at: Location) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._exhausted_at = self._exhausted_at or at
            raise BudgetFault(f"more than {MAX_STEPS} evaluation steps", self._exhausted_at)

    def _evaluate(self, node: Expression, scope: Scope) -> Value:
        match node:
            case Literal():
                return from_python(node.value)
            case Name() | GetAttribute() | Index():
                return self._traversal(node, scope)
            case Template():
                return self._template(node, scope)
            case Wrap() | Parentheses():
                return self.evaluate(node.inner, scope)
            case Call():
                return self._call(node, scope)
            case Conditional():
                return self._conditional(node, scope)
            case Binary():
                left = self.evaluate(node.left, scope)
                return binary(node.operator, left, self.evaluate(node.right, scope), node.at)
            case Unary():
                return unary(node.operator, self.evaluate(node.operand, scope), node.at)
            case TupleCons():
                check_elements(len(node.items))
                return tuple_of(self.evaluate(item, scope) for item in node.items)
            case ObjectCons():
                return self._object(node, scope)
            case ForExpression():
                return self._for(node, scope)
            case Splat():
                return self._splat(node, scope)
            case TemplateIf():
                return self._template_if(node, scope)
            case TemplateFor():
                return self._template_for(node, scope)
            case SplatItem():
                return scope.splat_item if scope.splat_item is not None else unknown()

    def _traversal(self, node: Name | GetAttribute | Index, scope: Scope) -> Value:
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
                raise Fault(f'"{base.name}" is not a value', base.at, hint)
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
        return Value(STRING, normalize("".join(pieces)) if known else UNKNOWN, marks)

    def _as_text(self, value: Value, at: Location) -> Value:
        if value.is_null:
            raise Fault("null cannot stand in a string template", at)
        try:
            return convert(value, STRING)
        except ConversionError:
            raise Fault(f"{describe(value.type)} cannot stand in a string template", at) from None

    def _template_if(self, node: TemplateIf, scope: Scope) -> Value:
        condition = self._condition(node.condition, scope)
        if not condition.known:
            return Value(STRING, UNKNOWN, condition.marks)
        return self.evaluate(node.then if condition.raw else node.otherwise, scope).marked(condition.marks)

    def _template_for(self, node: TemplateFor, scope: Scope) -> Value:
        collection = self.evaluate(node.collection, scope)
        self._check_iterable(collection, node.collection.at)
        if not self._iterable_known(collection):
            return Value(STRING, UNKNOWN, collection.deep_marks())
        marks, known, size = collection.marks, True, 0
        pieces: list[str] = []
        for key, item in _iterate(collection):
            names = {node.value_name: item} | ({node.key_name: key} if node.key_name else {})
            value = self.evaluate(node.body, scope.binding(names))
            marks = merge_marks(marks, value.marks)
            if isinstance(value.raw, str):
                size += len(value.raw)
                check_length(size)
                pieces.append(value.raw)
            else:
                known = False
        return Value(STRING, "".join(pieces) if known else UNKNOWN, marks)

    def _condition(self, node: Expression, scope: Scope) -> Value:
        value = self.evaluate(node, scope)
        if value.is_null:
            raise Fault("the condition is null", node.at)
        try:
            return convert(value, BOOL)
        except ConversionError as error:
            raise Fault(f"the condition is not a bool: {error}", node.at) from None

    def _conditional(self, node: Conditional, scope: Scope) -> Value:
        condition = self._condition(node.condition, scope)
        then = self._branch(node.then, scope, chosen=condition.raw is True)
        otherwise = self._branch(node.otherwise, scope, chosen=condition.raw is False)
        kind = _common_type(then, otherwise)
        if kind is None:
            raise Fault("the two results of the conditional have no type in common", node.at)
        if not condition.known:
            return Value(kind, UNKNOWN, condition.marks)
        chosen = then if condition.raw else otherwise
        try:
            return convert(chosen, kind).marked(condition.marks)
        except ConversionError as error:
            raise Fault(f"the two results of the conditional have no type in common: {error}", node.at) from None

    def _branch(self, node: Expression, scope: Scope, *, chosen: bool) -> Value:
        """One result of a conditional; a fault counts only in the one that is chosen."""
        try:
            return self.evaluate(node, scope)
        except BudgetFault:
            raise
        except Fault as fault:
            if chosen:
                raise
            return unknown(DYNAMIC, fault.summary, fault.at)

    def _object(self, node: ObjectCons, scope: Scope) -> Value:
        check_elements(len(node.items))
        attributes: dict[str, Value] = {}
        marks: Marks = ()
        unknown_key = False
        for key_node, value_node in node.items:
            key = self._key(key_node, scope)
            value = self.evaluate(value_node, scope)
            marks = merge_marks(marks, key.marks)
            if isinstance(key.raw, str):
                attributes[key.raw] = value
            else:
                unknown_key = True
        return Value(DYNAMIC, UNKNOWN, marks) if unknown_key else object_of(attributes).marked(marks)

    def _key(self, node: Expression, scope: Scope) -> Value:
        key = self.evaluate(node, scope)
        if key.is_null:
            raise Fault("the key is null", node.at)
        try:
            return convert(key, STRING)
        except ConversionError as error:
            raise Fault(f"the key is not a string: {error}", node.at) from None

    def _for(self, node: ForExpression, scope: Scope) -> Value:
        collection = self.evaluate(node.collection, scope)
        self._check_iterable(collection, node.collection.at)
        if not self._iterable_known(collection):
            return Value(DYNAMIC, UNKNOWN, collection.deep_marks())
        marks = collection.marks
        items: list[Value] = []
        groups: dict[str, list[Value]] = {}
        known = True
        for key, item in _iterate(collection):
            names = {node.value_name: item} | ({node.key_name: key} if node.key_name else {})
            inner = scope.binding(names)
            if node.condition is not None:
                wanted = self._condition(node.condition, inner)
                marks = merge_marks(marks, wanted.marks)
                if not wanted.known:
                    known = False
                if not wanted.raw:
                    continue
            if node.key is None:
                items.append(self.evaluate(node.value, inner))
                continue
            name = self._key(node.key, inner)
            marks = merge_marks(marks, name.marks)
            value = self.evaluate(node.value, inner)
            if not isinstance(name.raw, str):
                known = False
                continue
            if name.raw in groups and not node.grouped:
                raise Fault(f'two elements have the key "{name.raw}"', node.key.at, 'add "..." to group them')
            groups.setdefault(name.raw, []).append(value)
        if not known:
            return Value(DYNAMIC, UNKNOWN, marks)
        if node.key is None:
            return tuple_of(items).marked(marks)
        members = {name: tuple_of(found) if node.grouped else found[0] for name, found in groups.items()}
        return object_of(members).marked(marks)

    def _check_iterable(self, value: Value, at: Location) -> None:
        if value.is_null:
            raise Fault("null cannot be iterated", at)
        if not is_collection(value.type) and not isinstance(value.type, DynamicType):
            raise Fault(f"{describe(value.type)} cannot be iterated", at)

    def _iterable_known(self, value: Value) -> bool:
        if isinstance(value.type, SetType) and not value.wholly_known:
            return False
        return value.known and not is_open(value)

    def _splat(self, node: Splat, scope: Scope) -> Value:
        source = self.evaluate(node.source, scope)
        if source.is_null:
            return tuple_of(()).marked(source.marks)
        sequence = isinstance(source.type, ListType | SetType | TupleType)
        if not source.known and (sequence or isinstance(source.type, DynamicType)):
            return Value(DYNAMIC, UNKNOWN, source.marks)
        if not sequence:
            return tuple_of((self.evaluate(node.each, scope.with_item(source)),))
        if isinstance(source.type, SetType) and not source.wholly_known:
            return Value(DYNAMIC, UNKNOWN, source.deep_marks())
        items = [self.evaluate(node.each, scope.with_item(item)) for _, item in _iterate(source)]
        if isinstance(source.type, TupleType):
            return tuple_of(items).marked(source.marks)
        kind = unify([item.type for item in items]) if items else self._type_of_each(node, source, scope)
        if kind is None or isinstance(kind, DynamicType):
            return (tuple_of(items) if items else list_of(DYNAMIC, ())).marked(source.marks)
        return list_of(kind, (convert(item, kind) for item in items)).marked(source.marks)

    def _type_of_each(self, node: Splat, source: Value, scope: Scope) -> Type:
        element = source.type.element if isinstance(source.type, ListType | SetType) else DYNAMIC
        return self.evaluate(node.each, scope.with_item(unknown(element))).type

    def _call(self, node: Call, scope: Scope) -> Value:
        name = node.name.removeprefix("core::")
        if name in ("try", "can"):
            return self._try(node, scope, name)
        function = FUNCTIONS.get(name)
        if function is None:
            raise self._no_such_function(name, node.at)
        arguments = [self.evaluate(argument, scope) for argument in node.arguments]
        if node.expands:
            expanded = self._expanded(arguments.pop(), node)
            if expanded is None:
                return unknown(DYNAMIC, "the number of arguments is not known", node.at)
            arguments.extend(expanded)
        return self._apply(function, arguments, node.at)

    def _apply(self, function: Function, arguments: list[Value], at: Location) -> Value:
        try:
            return call(function, arguments, self._host, at)
        except FunctionError as error:
            raise Fault(f"{function.name}: {error.message}", error.at or at, error.hint) from None
        except BudgetExceeded as exceeded:
            raise BudgetFault(f"{function.name}: {exceeded}", at) from None

    def _no_such_function(self, name: str, at: Location) -> Fault:
        near = near_name(name, [*FUNCTIONS, "try", "can"])
        return Fault(f'there is no function "{name}"', at, f'did you mean "{near}"?' if near else "")

    def _expanded(self, value: Value, node: Call) -> list[Value] | None:
        """The elements of the argument that `...` follows; None when they are not known."""
        if value.is_null or not isinstance(value.type, ListType | SetType | TupleType | DynamicType):
            raise Fault(f'"..." of {node.name} needs a list, set or tuple', node.at)
        if not self._iterable_known(value):
            return None
        return [item for _, item in value.elements()]

    def _try(self, node: Call, scope: Scope, name: str) -> Value:
        """`try` gives the first argument without a fault, `can` whether its argument has none."""
        if not node.arguments:
            raise Fault(f"{name}: at least one argument is required", node.at)
        last: Fault | None = None
        for argument in node.arguments:
            try:
                value = self.evaluate(argument, scope)
            except BudgetFault:
                raise
            except Fault as fault:
                last = fault
                value = self._unknown_inside(argument, scope) or null()
                if value.known:
                    continue
            if name == "try":
                return value
            return boolean(True).marked(value.marks) if value.wholly_known else Value(BOOL, UNKNOWN, value.deep_marks())
        if name == "can":
            return boolean(False)
        detail = f"the last one: {last.summary}" if last else ""
        raise Fault("try: no argument could be evaluated", node.at, detail)

    def _unknown_inside(self, node: Expression, scope: Scope) -> Value | None:
        """An unknown that a faulty expression refers to: with its value there might be no fault."""
        from bbws_readiness.terraform.nodes import children

        pending: list[Expression] = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, Name | GetAttribute | Index):
                try:
                    value = self._traversal(current, scope)
                except Fault:
                    pending.extend(children(current))
                    continue
                if not value.wholly_known:
                    return Value(DYNAMIC, UNKNOWN, value.deep_marks())
            elif not isinstance(current, ForExpression | TemplateFor):
                pending.extend(children(current))
        return None


def _iterate(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Keys and elements as `for` sees them; the key of a set's element is the element."""
    for key, item in collection.elements():
        if isinstance(collection.type, SetType):
            yield item, item
        elif isinstance(collection.type, MapType | ObjectType):
            yield string(str(key)), item
        else:
            yield Value(NUMBER, key), item


def _common_type(then: Value, otherwise: Value) -> Type | None:
    if then.is_null and isinstance(then.type, DynamicType):
        return otherwise.type
    if otherwise.is_null and isinstance(otherwise.type, DynamicType):
        return then.type
    if isinstance(then.type, DynamicType) or isinstance(otherwise.type, DynamicType):
        return DYNAMIC
    return unify([then.type, otherwise.type])

"""Functions that pick from collections, combine them or take them apart; the parts keep their own marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.terraform.convert import ConversionError, convert, unify
from bbws_readiness.terraform.functions.elements import KEYED, SEQUENCES, items_of, require_known
from bbws_readiness.terraform.functions.graphemes import characters
from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter, is_unknown
from bbws_readiness.terraform.limits import MAX_RANGE, BudgetExceeded, check_elements
from bbws_readiness.terraform.numbers import PRECISION, Number, counted, precision_of
from bbws_readiness.terraform.operators import added, equal
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    LIST_OF_STRING,
    NUMBER,
    STRING,
    DynamicType,
    ListType,
    SetType,
    Type,
)
from bbws_readiness.terraform.values import (
    Value,
    identity,
    list_of,
    position,
    tuple_of,
    unknown,
)


def in_common(items: Sequence[Value]) -> tuple[Type, tuple[Value, ...]]:
    """The items converted to the type they have in common. Raises `FunctionError` when there is none."""
    kind = unify([item.type for item in items if not (item.is_null and isinstance(item.type, DynamicType))])
    if kind is None:
        raise FunctionError("the elements have no type in common")
    try:
        return kind, tuple(convert(item, kind) for item in items)
    except ConversionError as error:
        raise FunctionError(str(error)) from None


def as_list(items: Iterable[Value]) -> Value:
    """A list of items of one type in common."""
    kind, converted = in_common(tuple(items))
    return list_of(kind, converted)


def decided(answer: Value) -> bool:
    """A bool that must be known for the function to have a result."""
    if is_unknown(answer):
        raise NotEvaluated(answer.reason)
    return bool(answer.raw)


def _chunklist(items: Value, size: Value) -> Value:
    parts = items_of(items)
    width = size.raw
    if not isinstance(width, int) or width < 0:
        raise FunctionError("size must be a whole number, zero or more")
    element = items.type.element if isinstance(items.type, ListType) else DYNAMIC
    if not parts:
        return list_of(ListType(element), ())
    width = width or len(parts)
    chunks = [list_of(element, parts[start : start + width]) for start in range(0, len(parts), width)]
    return list_of(ListType(element), chunks)


def _coalesce(*values: Value) -> Value:
    kind = unify([value.type for value in values])
    if kind is None:
        raise FunctionError("the arguments have no type in common")
    for value in values:
        if is_unknown(value):
            return unknown(kind, marks=value.marks)
        if value.is_null:
            continue
        candidate = convert(value, kind)
        if candidate.raw != "" or kind != STRING:
            return candidate
    raise FunctionError("no argument is neither null nor empty")


def _coalescelist(*lists: Value) -> Value:
    for value in lists:
        if is_unknown(value):
            return unknown(DYNAMIC, marks=value.marks)
        if not value.is_null and items_of(value, "list or tuple"):
            return value
    raise FunctionError("all lists are empty")


def _compact(items: Value) -> Value:
    parts = items_of(items)
    require_known(items)
    return list_of(STRING, (part for part in parts if part.raw not in (None, "")))


def _concat(*lists: Value) -> Value:
    if not lists:
        raise FunctionError("at least one argument is required", code=Code.FUNCTION_ARGUMENTS)
    if any(isinstance(value.type, SetType) for value in lists):
        raise FunctionError("all arguments must be lists or tuples")
    parts = [part.marked(value.marks) for value in lists for part in items_of(value)]
    check_elements(len(parts))
    if all(isinstance(value.type, ListType) for value in lists):
        kind = unify([value.type for value in lists])
        if isinstance(kind, ListType):
            return list_of(kind.element, (convert(part, kind.element) for part in parts))
    return tuple_of(parts)


def _contains(items: Value, wanted: Value) -> bool:
    answers = []
    for part in items_of(items):
        converted = _alike(part, wanted)
        answer = equal(part, converted) if converted is not None else None
        if answer is not None and answer.raw is True:
            return True
        if answer is not None and is_unknown(answer):
            answers.append(answer)
    if answers:
        raise NotEvaluated(answers[0].reason)
    return False


def _alike(part: Value, wanted: Value) -> Value | None:
    return wanted if part.type == wanted.type or wanted.is_null or part.is_null or not part.wholly_known else None


def _distinct(items: Value) -> Value:
    require_known(items)
    kept: dict[Any, Value] = {}
    for part in items_of(items):
        kept.setdefault(identity(part), part)
    return as_list(kept.values())


def _element(items: Value, index: Value) -> Value:
    parts = items_of(items, "list or tuple")
    if not parts:
        raise FunctionError("the list is empty")
    if not isinstance(index.raw, int):
        raise FunctionError("index must be a whole number")
    if index.raw < 0:
        raise FunctionError("index must not be negative")
    return parts[index.raw % len(parts)]


def _flatten(items: Value) -> Value:
    found: list[Value] = []
    pending: list[Value] = [items]
    while pending:
        current = pending.pop()
        if is_unknown(current) and not isinstance(current.type, (*SEQUENCES, *KEYED)) and current is not items:
            if isinstance(current.type, DynamicType):
                raise NotEvaluated(current.reason)
            found.append(current)
        elif isinstance(current.type, SEQUENCES) and not current.is_null:
            if is_unknown(current) or not _is_counted(current):
                raise NotEvaluated(current.first_reason)
            pending.extend(part for _, part in reversed(current.elements()))
        else:
            found.append(current)
        check_elements(len(found))
    return tuple_of(found)


def _is_counted(items: Value) -> bool:
    """Whether it is known how many elements there are: two unknown elements of a set may turn out to be one."""
    return not isinstance(items.type, SetType) or items.wholly_known or len(items_of(items)) == 1


def _checked_flatten(items: Value) -> Value:
    items_of(items)
    return _flatten(items)


def _index(items: Value, wanted: Value) -> Number:
    parts = items_of(items, "list or tuple")
    if not parts:
        raise FunctionError("the list is empty")
    for index, part in enumerate(parts):
        if decided(equal(part, wanted)):
            return counted(index)
    raise FunctionError("the list does not contain the value")


def _length(value: Value) -> Number:
    if isinstance(value.raw, str):
        return counted(len(characters(value.raw)))
    if isinstance(value.type, SetType) and not _is_counted(value):
        require_known(value)
    if isinstance(value.raw, tuple | dict):
        return counted(len(value.raw))
    raise FunctionError("argument must be a string, a collection or a structure")


def _matchkeys(values: Value, keys: Value, wanted: Value) -> Value:
    require_known(values, keys, wanted)
    chosen, searched = items_of(values), items_of(keys)
    if len(chosen) != len(searched):
        raise FunctionError("values and keys must have the same length")
    _, alike = in_common((*searched, *items_of(wanted)))
    searched = alike[: len(searched)]
    identities = {identity(part) for part in alike[len(searched) :]}
    element = values.type.element if isinstance(values.type, ListType) else DYNAMIC
    pairs = zip(chosen, searched, strict=True)
    return list_of(element, (value for value, key in pairs if identity(key) in identities))


def _one(items: Value) -> Value:
    _require_known_size(items)
    parts = items_of(items)
    if len(parts) > 1:
        raise FunctionError("the list has more than one element")
    return parts[0] if parts else Value(DYNAMIC, None)


def _require_known_size(items: Value) -> None:
    if isinstance(items.type, SetType):
        require_known(items)


def _reverse(items: Value) -> Value:
    parts = items_of(items)[::-1]
    return list_of(items.type.element, parts) if isinstance(items.type, ListType | SetType) else tuple_of(parts)


def _slice(items: Value, start: Value, end: Value) -> Value:
    parts = items_of(items, "list or tuple")
    first, last = start.raw, end.raw
    if not isinstance(first, int) or not isinstance(last, int):
        raise FunctionError("the indexes must be whole numbers")
    if not 0 <= first <= last <= len(parts):
        raise FunctionError(f"the indexes must lie between 0 and {len(parts)}, the start before the end")
    chosen = parts[first:last]
    return list_of(items.type.element, chosen) if isinstance(items.type, ListType) else tuple_of(chosen)


def _sort(items: Value) -> Value:
    parts = items_of(items)
    if not items.wholly_known:
        return list_of(STRING, (unknown(STRING, marks=items.deep_marks()) for _ in parts))
    if any(part.is_null for part in parts):
        raise FunctionError("an element is null")
    return list_of(STRING, sorted(parts, key=lambda part: str(part.raw).encode("utf-8", "surrogatepass")))


def _all_true(items: Value) -> Value:
    return _quantified(items, decisive=False)


def _any_true(items: Value) -> Value:
    return _quantified(items, decisive=True)


def _quantified(items: Value, *, decisive: bool) -> Value:
    answer, open_parts = not decisive, []
    marks = items.deep_marks()
    for part in items_of(items):
        if is_unknown(part):
            open_parts.append(part)
            if not decisive:
                # `alltrue` stops at the first that is unknown, `anytrue` goes on.
                break
        elif bool(part.raw) is decisive:
            answer = decisive
    if answer is decisive or not open_parts:
        return Value(BOOL, answer, marks)
    return unknown(BOOL, marks=marks)


def _range(*limits: Value) -> Value:
    numbers: list[Any] = [limit.raw for limit in limits]
    if not 1 <= len(numbers) <= 3:
        raise FunctionError("expected 1 to 3 arguments", code=Code.FUNCTION_ARGUMENTS)
    start, end = (counted(0), numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) == 3 else counted(1 if end >= start else -1)
    if step == 0:
        raise FunctionError("step must not be zero")
    if (end > start and step < 0) or (end < start and step > 0):
        raise FunctionError("step must lead from the start to the limit")
    if isinstance(start, int) and isinstance(end, int) and isinstance(step, int):
        return list_of(NUMBER, _whole_range(start, end, step))
    found: list[Value] = []
    current = start
    while current < end if step > 0 else current > end:
        if len(found) == MAX_RANGE:
            raise BudgetExceeded(f"more than {MAX_RANGE} values", Code.ELEMENTS)
        found.append(Value(NUMBER, current))
        current = added(current, step)
    return list_of(NUMBER, found)


def _whole_range(start: int, end: int, step: int) -> Iterator[Value]:
    numbers = range(start, end, step)
    # Not its length: Python counts no further than a machine word.
    if numbers[MAX_RANGE:]:
        raise BudgetExceeded(f"more than {MAX_RANGE} values", Code.ELEMENTS)
    if precision_of(start) < PRECISION and precision_of(step) < PRECISION:
        yield from map(position, numbers)
    else:
        yield from (Value(NUMBER, start if index == 0 else amount) for index, amount in enumerate(numbers))


_LIST = Parameter("list")
_STRINGS = Parameter("list", LIST_OF_STRING)
_BOOLS = Parameter("list", ListType(BOOL))
_NUMBER = Parameter("index", NUMBER)

COLLECTION_FUNCTIONS = (
    Function("alltrue", (_BOOLS,), _all_true, BOOL, parts=True),
    Function("anytrue", (_BOOLS,), _any_true, BOOL, parts=True),
    Function("chunklist", (Parameter("list", ListType(DYNAMIC)), _NUMBER), _chunklist, parts=True),
    Function("coalesce", (), _coalesce, variadic=Parameter("vals", nullable=True), parts=True, unknowns=True),
    Function(
        "coalescelist", (), _coalescelist, variadic=Parameter("vals"), parts=True, hides_parts=True, unknowns=True
    ),
    Function("compact", (_STRINGS,), _compact, LIST_OF_STRING, parts=True, hides_parts=True),
    Function("concat", (), _concat, variadic=Parameter("seqs"), parts=True),
    Function("contains", (_LIST, Parameter("value")), _contains, BOOL, parts=True, hides_parts=True),
    Function("distinct", (Parameter("list", ListType(DYNAMIC)),), _distinct, parts=True, hides_parts=True),
    Function("element", (_LIST, _NUMBER), _element, parts=True),
    Function("flatten", (_LIST,), _checked_flatten, parts=True),
    Function("index", (_LIST, Parameter("value")), _index, NUMBER, parts=True, hides_parts=True),
    Function("length", (_LIST,), _length, NUMBER, parts=True),
    Function(
        "matchkeys",
        (Parameter("values", ListType(DYNAMIC)), Parameter("keys", ListType(DYNAMIC)), _LIST),
        _matchkeys,
        parts=True,
        hides_parts=True,
    ),
    Function("one", (_LIST,), _one, parts=True),
    Function("range", (), _range, ListType(NUMBER), variadic=Parameter("params", NUMBER), parts=True),
    Function("reverse", (_LIST,), _reverse, parts=True),
    Function("slice", (_LIST, Parameter("start_index", NUMBER), Parameter("end_index", NUMBER)), _slice, parts=True),
    Function("sort", (_STRINGS,), _sort, LIST_OF_STRING, parts=True, hides_parts=True),
)

"""Functions on sets."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.terraform.convert import convert, unify
from bbws_readiness.terraform.functions.collections import in_common
from bbws_readiness.terraform.functions.elements import items_of, require_known
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter
from bbws_readiness.terraform.limits import check_elements
from bbws_readiness.terraform.types import DYNAMIC, ListType, SetType, TupleType
from bbws_readiness.terraform.values import Value, identity, list_of, merge_marks, set_of, tuple_of


def _setproduct(*collections: Value) -> Value:
    columns = []
    for collection in collections:
        parts = items_of(collection)
        if isinstance(collection.type, SetType):
            require_known(collection)
        columns.append([part.marked(collection.marks) for part in parts])
    if len(columns) < 2:
        raise FunctionError("at least two arguments are required", code=Code.FUNCTION_ARGUMENTS)
    check_elements(prod(len(column) for column in columns))
    kinds = []
    for collection, column in zip(collections, columns, strict=True):
        fixed = collection.type.element if isinstance(collection.type, ListType | SetType) else None
        kinds.append(fixed if fixed is not None else in_common(column)[0])
    rows = [tuple_of(convert(p, k) for p, k in zip(row, kinds, strict=True)) for row in product(*columns)]
    row_type = TupleType(tuple(kinds))
    if any(isinstance(collection.type, SetType) for collection in collections):
        return set_of(row_type, rows)
    return list_of(row_type, rows)


def _combined(how: Any) -> Any:  # noqa: ANN401 - a body, made for one operation on sets
    def body(*collections: Value) -> Value:
        for collection in collections:
            require_known(collection)
        typed = [c.type for c in collections if c.type != SetType(DYNAMIC)]
        kind = unify(typed) if typed else SetType(DYNAMIC)
        if not isinstance(kind, SetType):
            raise FunctionError("the elements have no type in common")
        converted = [convert(collection, kind) for collection in collections]
        members = [{identity(part): part for part in items_of(collection)} for collection in converted]
        result = members[0]
        for other in members[1:]:
            result = how(result, other)
        marks = merge_marks((), *(collection.marks for collection in collections))
        return set_of(kind.element, result.values()).marked(marks)

    return body


_SET = Parameter("set", SetType(DYNAMIC))

SET_FUNCTIONS = (
    Function(
        "setintersection",
        (_SET,),
        _combined(lambda left, right: {key: part for key, part in left.items() if key in right}),
        variadic=_SET,
        parts=True,
    ),
    Function("setproduct", (), _setproduct, variadic=Parameter("sets"), parts=True),
    Function(
        "setsubtract",
        (_SET, _SET),
        _combined(lambda left, right: {key: part for key, part in left.items() if key not in right}),
        parts=True,
    ),
    Function("setunion", (_SET,), _combined(lambda left, right: {**left, **right}), variadic=_SET, parts=True),
)

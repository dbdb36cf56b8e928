"""Attribute access and indexing of values."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.errors import near_name
from bbws_readiness.source import Location
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.types import (
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
)
from bbws_readiness.terraform.values import UNKNOWN, Value, is_open, merge_marks, unknown, unveiled


def get_attribute(value: Value, name: str, at: Location) -> Value:
    """`value.name`. Raises `Fault` when there is no such attribute."""
    if value.is_null:
        raise Fault(f'null has no attribute "{name}"', at, code=Code.NULL_VALUE)
    if isinstance(value.type, DynamicType):
        return Value(value.type, UNKNOWN, value.marks)
    if not isinstance(value.type, ObjectType | MapType):
        if isinstance(value.type, ListType | TupleType | SetType):
            raise Fault(
                f'{describe(value.type)} has no attribute "{name}"',
                at,
                "choose an element with [0] or [*]",
                code=Code.NO_SUCH_ELEMENT,
            )
        raise Fault(f'{describe(value.type)} has no attribute "{name}"', at, code=Code.NO_SUCH_ELEMENT)
    if isinstance(value.type, ObjectType) and not value.known:
        kind = value.type.by_name.get(name)
        if kind is None:
            raise _missing(value.type, name, at)
        return Value(kind, UNKNOWN, value.marks)
    return _member(value, name, at)


def get_index(value: Value, key: Value, at: Location) -> Value:
    """`value[key]`. Raises `Fault` when there is no such element."""
    if value.is_null:
        raise Fault("null cannot be indexed", at, code=Code.NULL_VALUE)
    if key.is_null:
        raise Fault("the index is null", at, code=Code.NULL_VALUE)
    marks = merge_marks(value.marks, key.marks)
    match value.type:
        case DynamicType():
            return Value(DYNAMIC, UNKNOWN, marks)
        case ListType() | TupleType():
            return _item(value, _as_key(key, NUMBER, at), at)
        case MapType() | ObjectType():
            wanted = _as_key(key, STRING, at)
            if not (isinstance(wanted.raw, str) and value.known):
                kind = value.type.element if isinstance(value.type, MapType) else DYNAMIC
                return Value(kind, UNKNOWN, marks)
            # Terraform does not hide a member because its name is to be hidden.
            try:
                return _member(value, wanted.raw, at).marked(unveiled(key).marks)
            except Fault as fault:
                if key.sensitive:
                    raise Fault("there is no element under a sensitive key", at, code=fault.code) from None
                raise
        case SetType():
            raise Fault(
                "elements of a set cannot be indexed", at, "convert it with tolist or sort", code=Code.WRONG_TYPE
            )
    raise Fault(f"{describe(value.type)} cannot be indexed", at, code=Code.WRONG_TYPE)


def _item(value: Value, key: Value, at: Location) -> Value:
    marks = merge_marks(value.marks, key.marks)
    if not (value.known and key.known):
        return Value(value.type.element if isinstance(value.type, ListType) else DYNAMIC, UNKNOWN, marks)
    if not isinstance(key.raw, int) or not isinstance(value.raw, tuple):
        raise Fault("the index is not a whole number", at, code=Code.WRONG_TYPE)
    if not 0 <= key.raw < len(value.raw):
        size = len(value.raw)
        wanted = "under a sensitive index" if key.sensitive else key.raw
        raise Fault(
            f"there is no element {wanted}: the {describe(value.type)} has {size}", at, code=Code.NO_SUCH_ELEMENT
        )
    return value.raw[key.raw].marked(marks)


def _member(value: Value, name: str, at: Location) -> Value:
    if not isinstance(value.raw, dict):
        kind = value.type.element if isinstance(value.type, MapType) else DYNAMIC
        return Value(kind, UNKNOWN, value.marks)
    found = value.raw.get(name)
    if found is not None:
        return found.marked(value.marks)
    if is_open(value) and isinstance(value.type, ObjectType):
        return unknown(DYNAMIC, computed(value.type.computed_of, name), at, marks=value.marks)
    raise _missing(value.type, name, at)


def computed(address: str, name: str) -> str:
    """Why an attribute that the configuration does not set is unknown."""
    if address.startswith("data.") or ".data." in address:
        return f"{address}.{name} is read from the provider when planned"
    return f"{address}.{name} is computed by the provider when applied"


def _missing(kind: Type, name: str, at: Location) -> Fault:
    what = "attribute" if isinstance(kind, ObjectType) else "element"
    known = list(kind.by_name) if isinstance(kind, ObjectType) else []
    near = near_name(name, known)
    return Fault(
        f'there is no {what} "{name}"', at, f'did you mean "{near}"?' if near else "", code=Code.NO_SUCH_ELEMENT
    )


def _as_key(key: Value, kind: Type, at: Location) -> Value:
    try:
        return convert(key, kind)
    except ConversionError as error:
        raise Fault(f"the index does not fit: {error}", at, code=Code.WRONG_TYPE) from None

"""Conversion between types and the type that several values have in common, by Terraform's rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bbws_readiness.terraform.numbers import NumberTooLong, format_number, parse_number
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    DynamicType,
    ListType,
    MapType,
    ObjectType,
    PrimitiveType,
    SetType,
    TupleType,
    Type,
    describe,
    is_decided,
    object_type,
)
from bbws_readiness.terraform.values import UNKNOWN, Unknown, Value, null, set_of, unknown


class ConversionError(Exception):
    """A value does not fit a type; `path` leads to the part that does not: `.rules[0].port`."""

    def __init__(self, message: str, path: str = "") -> None:
        self.message = message
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)

    def below(self, step: str) -> ConversionError:
        """The same error seen from one level further out."""
        return ConversionError(self.message, step + self.path)


def convert(value: Value, target: Type) -> Value:
    """`value` as a `target`, with its marks. Raises `ConversionError` when Terraform would refuse."""
    if value.type is target and isinstance(target, PrimitiveType):
        return value
    if value.type == target and not _has_defaults(target):
        return value
    if isinstance(target, DynamicType):
        return value
    if value.is_null:
        return replace(value, type=_settled(target, value.type))
    if not value.known:
        if not _might_convert(value.type, target):
            raise ConversionError(f"{describe(target)} required")
        return replace(value, type=plain(target))
    match target:
        case PrimitiveType():
            return _to_primitive(value, target)
        case ListType(element):
            return _to_list(value, element)
        case SetType(element):
            return _to_set(value, element)
        case MapType(element):
            return _to_map(value, element)
        case TupleType(elements):
            return _to_tuple(value, elements)
        case ObjectType():
            return _to_object(value, target)
    raise ConversionError(f"{describe(target)} required")


def plain(target: Type) -> Type:
    """A constraint without what only constraints have: optional attributes are attributes like others."""
    match target:
        case ListType(element):
            return ListType(plain(element))
        case SetType(element):
            return SetType(plain(element))
        case MapType(element):
            return MapType(plain(element))
        case TupleType(elements):
            return TupleType(tuple(map(plain, elements)))
        case ObjectType():
            return object_type({name: plain(kind) for name, kind in target.attributes})
    return target


def unify(types: Sequence[Type]) -> Type | None:
    """The one type all of `types` can be converted to without loss, or None."""
    distinct = list(dict.fromkeys(types))
    if not distinct:
        return DYNAMIC
    if len(distinct) == 1:
        return distinct[0]
    decided = [kind for kind in distinct if not isinstance(kind, DynamicType)]
    if len(decided) < len(distinct):
        # What is not decided yet, a null or an unknown, becomes the primitive the others agree on; beside anything
        # larger all of them stay undecided.
        return unify(decided) if all(isinstance(kind, PrimitiveType) for kind in decided) else DYNAMIC
    if all(isinstance(kind, PrimitiveType) for kind in distinct):
        return STRING if STRING in distinct else None
    if all(isinstance(kind, ObjectType) for kind in distinct):
        return _unify_objects([kind for kind in distinct if isinstance(kind, ObjectType)])
    if all(isinstance(kind, TupleType) for kind in distinct):
        return _unify_tuples([kind for kind in distinct if isinstance(kind, TupleType)])
    if all(isinstance(kind, MapType | ObjectType) for kind in distinct):
        element = unify([part for kind in distinct for part in _element_types(kind)])
        return MapType(element) if element is not None else None
    if all(isinstance(kind, ListType | SetType | TupleType) for kind in distinct):
        return _unify_sequences(distinct)
    return None


def _unify_sequences(types: list[Type]) -> Type | None:
    lists = [kind for kind in types if isinstance(kind, ListType)]
    if len(lists) == 1 and all(isinstance(kind, ListType | SetType) for kind in types):
        # Sets become lists of whatever the list has, even when their elements do not fit.
        return lists[0]
    element = unify([part for kind in types for part in _element_types(kind)])
    if element is None:
        return None
    if any(isinstance(kind, ListType) for kind in types):
        return ListType(element)
    return SetType(element)


def _unify_objects(types: list[ObjectType]) -> Type | None:
    names = set(types[0].by_name)
    if all(set(kind.by_name) == names for kind in types):
        unified = {name: unify([kind.by_name[name] for kind in types]) for name in names}
        if None in unified.values():
            return None
        return object_type({name: kind for name, kind in unified.items() if kind is not None})
    element = unify([part for kind in types for part in _element_types(kind)])
    return MapType(element) if element is not None else None


def _unify_tuples(types: list[TupleType]) -> Type | None:
    if len({len(kind.elements) for kind in types}) == 1:
        unified = [unify(column) for column in zip(*(kind.elements for kind in types), strict=True)]
        return None if None in unified else TupleType(tuple(kind for kind in unified if kind is not None))
    element = unify([part for kind in types for part in _element_types(kind)])
    return ListType(element) if element is not None else None


def _element_types(kind: Type) -> tuple[Type, ...]:
    match kind:
        case ListType(element) | SetType(element) | MapType(element):
            return (element,)
        case TupleType(elements):
            return elements
        case ObjectType():
            return tuple(part for _, part in kind.attributes)
    return ()


def _to_primitive(value: Value, target: PrimitiveType) -> Value:
    raw = value.raw
    if target == STRING:
        if isinstance(raw, bool):
            return replace(value, type=STRING, raw="true" if raw else "false")
        if value.type == NUMBER and not isinstance(raw, str | tuple | dict | Unknown) and raw is not None:
            return replace(value, type=STRING, raw=format_number(raw))
        raise ConversionError("string required")
    if target == NUMBER and isinstance(raw, str):
        try:
            amount = parse_number(raw)
        except NumberTooLong as error:
            raise ConversionError(str(error)) from None
        if amount is not None:
            return replace(value, type=NUMBER, raw=amount)
        raise ConversionError("a number is required")
    if target == BOOL and isinstance(raw, str):
        truth = {"true": True, "1": True, "false": False, "0": False}.get(raw)
        if truth is not None:
            return replace(value, type=BOOL, raw=truth)
        raise ConversionError("a bool is required")
    raise ConversionError("a number is required" if target == NUMBER else "a bool is required")


def _to_list(value: Value, element: Type) -> Value:
    if not isinstance(value.type, ListType | SetType | TupleType) or not isinstance(value.raw, tuple):
        raise ConversionError(f"{describe(ListType(element))} required")
    if isinstance(value.type, SetType) and not value.wholly_known and len(value.raw) != 1:
        # How many elements a set has is open while one of them is unknown.
        return Value(ListType(plain(element)), UNKNOWN, value.deep_marks())
    items, kind = _converted(value.raw, _element(value, element), "list")
    return replace(value, type=ListType(kind), raw=items)


def _to_set(value: Value, element: Type) -> Value:
    if not isinstance(value.type, ListType | SetType | TupleType) or not isinstance(value.raw, tuple):
        raise ConversionError(f"{describe(SetType(element))} required")
    items, kind = _converted(value.raw, _element(value, element), "set")
    return set_of(kind, items).marked(value.marks)


def _to_map(value: Value, element: Type) -> Value:
    if not isinstance(value.type, MapType | ObjectType) or not isinstance(value.raw, dict):
        raise ConversionError(f"{describe(MapType(element))} required")
    if isinstance(value.type, ObjectType) and value.type.computed_of:
        return unknown(MapType(plain(element)), f"{value.type.computed_of} has attributes that the provider computes")
    items, kind = _converted(tuple(value.raw.values()), _element(value, element), "map", tuple(value.raw))
    return replace(value, type=MapType(kind), raw=dict(zip(value.raw, items, strict=True)))


def _to_tuple(value: Value, elements: tuple[Type, ...]) -> Value:
    if not isinstance(value.type, TupleType) or not isinstance(value.raw, tuple):
        raise ConversionError("tuple required")
    if len(value.raw) != len(elements):
        raise ConversionError(f"tuple of length {len(elements)} required")
    items = []
    for index, (item, kind) in enumerate(zip(value.raw, elements, strict=True)):
        try:
            items.append(convert(item, kind))
        except ConversionError as error:
            raise error.below(f"[{index}]") from None
    return replace(value, type=TupleType(tuple(item.type for item in items)), raw=tuple(items))


def _to_object(value: Value, target: ObjectType) -> Value:
    if not isinstance(value.type, MapType | ObjectType) or not isinstance(value.raw, dict):
        raise ConversionError("object required")
    optional = dict(target.optional)
    converted: dict[str, Value] = {}
    for name, kind in target.attributes:
        present = value.raw.get(name)
        if present is None and isinstance(value.type, ObjectType) and value.type.computed_of:
            present = unknown(kind, f"{value.type.computed_of}.{name} is computed by the provider when applied")
        if name in optional and (present is None or present.is_null):
            default = optional[name]
            fallback = default if isinstance(default, Value) else null(plain(kind))
            present = fallback.marked(present.marks) if present else fallback
        if present is None:
            raise ConversionError(f'attribute "{name}" is required')
        try:
            converted[name] = convert(present, kind)
        except ConversionError as error:
            raise error.below(f".{name}") from None
    return replace(value, type=object_type({name: part.type for name, part in converted.items()}), raw=converted)


def _element(value: Value, element: Type) -> Type:
    """The wanted type of elements; an empty collection keeps its own where the wanted one is open."""
    match value.type:
        case ListType(own) | SetType(own) | MapType(own) if not value.raw and isinstance(element, DynamicType):
            return own
    return element


def _converted(
    items: tuple[Value, ...], element: Type, what: str, keys: Iterable[str] | None = None
) -> tuple[tuple[Value, ...], Type]:
    """All items as `element`; when it leaves something open, as the type they have in common."""
    steps = [f'["{key}"]' for key in keys] if keys is not None else [f"[{index}]" for index in range(len(items))]
    out = []
    for step, item in zip(steps, items, strict=True):
        try:
            out.append(convert(item, element))
        except ConversionError as error:
            raise error.below(step) from None
    if is_decided(element):
        kind = plain(element)
        return tuple(_typed_null(item, kind) for item in out), kind
    decided = [item.type for item in out if not (item.is_null and isinstance(item.type, DynamicType))]
    common = unify(decided)
    undecided = what != "map" and len(decided) < len(out) and not isinstance(common, PrimitiveType | DynamicType)
    if common is None or undecided:
        raise ConversionError(f"all {what} elements must have the same type")
    return tuple(_typed_null(convert(item, common), common) for item in out), common


def _typed_null(item: Value, kind: Type) -> Value:
    return replace(item, type=kind) if item.is_null else item


def _settled(target: Type, present: Type) -> Type:
    return plain(target) if is_decided(target) or isinstance(present, DynamicType) else present


def _has_defaults(target: Type) -> bool:
    match target:
        case ListType(element) | SetType(element) | MapType(element):
            return _has_defaults(element)
        case TupleType(elements):
            return any(map(_has_defaults, elements))
        case ObjectType():
            return bool(target.optional) or any(_has_defaults(kind) for _, kind in target.attributes)
    return False


def _might_convert(present: Type, target: Type) -> bool:
    match present, target:
        case (DynamicType(), _) | (_, DynamicType()):
            return True
        case PrimitiveType(), PrimitiveType():
            return present == target or STRING in (present, target)
        case ListType(inner) | SetType(inner), ListType(outer) | SetType(outer):
            return _might_convert(inner, outer)
        case TupleType(inners), ListType(outer) | SetType(outer):
            return all(_might_convert(inner, outer) for inner in inners)
        case MapType(inner), MapType(outer):
            return _might_convert(inner, outer)
        case ObjectType(), MapType(outer):
            return all(_might_convert(inner, outer) for _, inner in present.attributes)
        case TupleType(inners), TupleType(outers):
            return len(inners) == len(outers) and all(map(_might_convert, inners, outers))
        case (MapType(), ObjectType()) | (ObjectType(), ObjectType()):
            return True
    return False

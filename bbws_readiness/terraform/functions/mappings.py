"""Functions on maps and objects; the members keep their own marks."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.errors import near_name
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.functions.elements import KEYED, items_of, require_known
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter, is_unknown, unknown_result
from bbws_readiness.terraform.limits import check_elements
from bbws_readiness.terraform.types import DYNAMIC, LIST_OF_STRING, STRING, ListType, MapType
from bbws_readiness.terraform.values import (
    Sensitive,
    Value,
    is_open,
    is_sensitive,
    list_of,
    map_of,
    object_of,
    string,
    tuple_of,
    unknown,
)


def members_of(value: Value) -> dict[str, Value]:
    """The members of a known map or object. Raises `FunctionError` for anything else."""
    if not isinstance(value.type, KEYED) or not isinstance(value.raw, dict):
        raise FunctionError("argument must be a map or object")
    return value.raw


def _keys(members: Value) -> Value:
    names = [string(name) for name in members_of(members)]
    return list_of(STRING, names) if isinstance(members.type, MapType) else tuple_of(names)


def _lookup(members: Value, key: Value, *default: Value) -> Value:
    if len(default) > 1:
        raise FunctionError("expected 2 or 3 arguments", code=Code.FUNCTION_ARGUMENTS)
    if is_unknown(members) or is_unknown(key) or is_open(members):
        return unknown_result(DYNAMIC, members, key)
    known = members_of(members)
    found = known.get(str(key.raw))
    if found is not None:
        return found
    if default and is_unknown(default[0]):
        return unknown_result(members.type.element if isinstance(members.type, MapType) else DYNAMIC, default[0])
    if not default:
        near = near_name(str(key.raw), list(known))
        raise FunctionError(
            f'there is no element "{key.raw}"',
            hint=f'did you mean "{near}"?' if near else "",
            code=Code.NO_SUCH_ELEMENT,
        )
    if isinstance(members.type, MapType):
        try:
            return convert(default[0], members.type.element)
        except ConversionError as error:
            raise FunctionError(f"the default does not fit the map: {error}") from None
    return default[0]


def _merge(*values: Value) -> Value:
    merged: dict[str, Value] = {}
    maps = len({value.type for value in values}) == 1
    for value in values:
        if value.is_null:
            continue
        if is_unknown(value):
            return unknown(DYNAMIC, marks=value.marks)
        maps = maps and isinstance(value.type, MapType)
        merged.update({name: part.marked(value.marks) for name, part in members_of(value).items()})
        check_elements(len(merged))
    if maps and isinstance(values[0].type, MapType):
        return map_of(values[0].type.element, merged)
    return object_of(merged)


def _transpose(members: Value) -> Value:
    require_known(members)
    turned: dict[str, list[str]] = {}
    for name, part in members_of(members).items():
        for item in items_of(part):
            if item.is_null:
                raise FunctionError("an element is null")
            turned.setdefault(str(item.raw), []).append(name)
    lists = {key: list_of(STRING, map(string, sorted(names))) for key, names in turned.items()}
    return map_of(LIST_OF_STRING, lists)


def _values(members: Value) -> Value:
    parts = members_of(members).values()
    return list_of(members.type.element, parts) if isinstance(members.type, MapType) else tuple_of(parts)


def _zipmap(keys: Value, values: Value) -> Value:
    names, parts = items_of(keys), items_of(values, "list or tuple")
    if len(names) != len(parts):
        raise FunctionError(f"{len(names)} keys for {len(parts)} values")
    require_known(keys)
    if any(name.is_null for name in names):
        raise FunctionError("a key is null")
    pairs = {str(name.raw): part.marked(name.marks) for name, part in zip(names, parts, strict=True)}
    zipped = map_of(values.type.element, pairs) if isinstance(values.type, ListType) else object_of(pairs)
    return zipped.marked((Sensitive(),)) if is_sensitive(keys) else zipped


_MAP = Parameter("map")

MAPPING_FUNCTIONS = (
    Function("keys", (_MAP,), _keys, parts=True),
    Function(
        "lookup",
        (_MAP, Parameter("key", STRING)),
        _lookup,
        variadic=Parameter("default", nullable=True),
        parts=True,
        unknowns=True,
    ),
    Function("merge", (), _merge, variadic=Parameter("maps", nullable=True), parts=True, unknowns=True),
    Function("transpose", (Parameter("values", MapType(LIST_OF_STRING)),), _transpose, parts=True, hides_parts=True),
    Function("values", (_MAP,), _values, parts=True),
    Function("zipmap", (Parameter("keys", LIST_OF_STRING), Parameter("values")), _zipmap, parts=True),
)

"""Tells whether plain data fits a JSON Schema, without loading a library for it; what is wrong is not told here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_Schema = Mapping[str, Any]


class _Unsure(Exception):
    """The schema or the data has something that only the library judges."""


def fits(schema: _Schema, data: object) -> bool:
    """True when `data` (of JSON: no other types) surely fits the schema (draft 2020-12); False says nothing.

    What it does not know (a keyword, a reference out of the schema, a float where a whole number is wanted) makes it
    answer False. In a pattern `$` is the very end of the text, as JSON Schema has it.
    """
    try:
        return _Fit(schema).holds(schema, data)
    except _Unsure:
        return False


class _Fit:
    def __init__(self, root: _Schema) -> None:
        self._root = root

    def holds(self, schema: Any, data: Any) -> bool:  # noqa: ANN401 - a schema is a mapping or a truth value
        """Whether it fits, exactly; raises `_Unsure`."""
        if isinstance(schema, bool):
            return schema
        for keyword, wanted in schema.items():
            if keyword in _WORDS:
                continue
            judge = _JUDGES.get(keyword)
            if judge is None or (keyword == "$id" and schema is not self._root):
                raise _Unsure
            if not judge(self, schema, wanted, data):
                return False
        return True

    def reference(self, _: _Schema, wanted: str, data: object) -> bool:
        if not re.fullmatch(r"#/\$defs/[A-Za-z0-9_-]+", wanted):
            raise _Unsure
        return self.holds(self._root["$defs"][wanted.removeprefix("#/$defs/")], data)

    def one_of(self, _: _Schema, wanted: list[_Schema], data: object) -> bool:
        return sum(self.holds(schema, data) for schema in wanted) == 1

    def any_of(self, _: _Schema, wanted: list[_Schema], data: object) -> bool:
        return any(self.holds(schema, data) for schema in wanted)

    def properties(self, _: _Schema, wanted: Mapping[str, _Schema], data: object) -> bool:
        if not isinstance(data, dict):
            return True
        return all(self.holds(schema, data[key]) for key, schema in wanted.items() if key in data)

    def other_properties(self, schema: _Schema, wanted: Any, data: object) -> bool:  # noqa: ANN401
        if "patternProperties" in schema:
            raise _Unsure
        if not isinstance(data, dict):
            return True
        known = schema.get("properties", ())
        return all(self.holds(wanted, value) for key, value in data.items() if key not in known)

    def names(self, _: _Schema, wanted: _Schema, data: object) -> bool:
        return not isinstance(data, dict) or all(self.holds(wanted, key) for key in data)

    def items(self, schema: _Schema, wanted: _Schema, data: object) -> bool:
        if "prefixItems" in schema:
            raise _Unsure
        return not isinstance(data, list) or all(self.holds(wanted, entry) for entry in data)


def _type(data: object, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(data, float) and "integer" in names:
        raise _Unsure
    return any(type(data) in _TYPES[name] for name in names)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def _among(data: object, wanted: list[object]) -> bool:
    """By type, too: in Python 1 is True and 1.0; what is no text, number or truth value is left to the library."""
    if not all(isinstance(value, str | int | None) for value in (data, *wanted)):
        raise _Unsure
    return any(type(data) is type(value) and data == value for value in wanted)


def _differ(data: object, wanted: bool) -> bool:
    if not wanted or not isinstance(data, list):
        return True
    if not all(isinstance(entry, str) for entry in data):
        raise _Unsure
    return len(set(data)) == len(data)


def _spelt(data: object, wanted: str) -> bool:
    return not isinstance(data, str) or re.search(wanted.replace("$", r"\Z"), data) is not None


def _required(data: object, wanted: list[str]) -> bool:
    return not isinstance(data, dict) or all(key in data for key in wanted)


def _number(data: object) -> bool:
    return type(data) in (int, float)


def _of(test: Callable[[Any, Any], bool]) -> Callable[[_Fit, _Schema, Any, Any], bool]:
    """A judge that looks at the data alone."""
    return lambda _, __, wanted, data: test(data, wanted)


_WORDS = frozenset({"$schema", "$defs", "$comment", "title", "description", "default", "examples"})
_JUDGES: Mapping[str, Callable[[_Fit, _Schema, Any, Any], bool]] = {
    "$id": _of(lambda _, __: True),
    "$ref": _Fit.reference,
    "oneOf": _Fit.one_of,
    "anyOf": _Fit.any_of,
    "properties": _Fit.properties,
    "additionalProperties": _Fit.other_properties,
    "propertyNames": _Fit.names,
    "items": _Fit.items,
    "type": _of(_type),
    "enum": _of(_among),
    "const": _of(lambda data, wanted: _among(data, [wanted])),
    "required": _of(_required),
    "uniqueItems": _of(_differ),
    "pattern": _of(_spelt),
    "minimum": _of(lambda data, wanted: not _number(data) or data >= wanted),
    "maximum": _of(lambda data, wanted: not _number(data) or data <= wanted),
    "minLength": _of(lambda data, wanted: not isinstance(data, str) or len(data) >= wanted),
    "maxLength": _of(lambda data, wanted: not isinstance(data, str) or len(data) <= wanted),
    "minItems": _of(lambda data, wanted: not isinstance(data, list) or len(data) >= wanted),
    "maxItems": _of(lambda data, wanted: not isinstance(data, list) or len(data) <= wanted),
    "maxProperties": _of(lambda data, wanted: not isinstance(data, dict) or len(data) <= wanted),
}

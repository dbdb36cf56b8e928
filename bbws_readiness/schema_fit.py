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
            if test := _TESTS.get(keyword):
                if not test(data, wanted):
                    return False
                continue
            if keyword in _WORDS or (keyword == "$id" and schema is self._root):
                continue
            judge = _JUDGES.get(keyword)
            if judge is None:
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
        return all(self.holds(wanted[key], value) for key, value in data.items() if key in wanted)

    def other_properties(self, schema: _Schema, wanted: Any, data: object) -> bool:  # noqa: ANN401
        if "patternProperties" in schema:
            raise _Unsure
        if not isinstance(data, dict):
            return True
        known = schema.get("properties", ())
        if wanted is False:
            return all(key in known for key in data)
        return all(self.holds(wanted, value) for key, value in data.items() if key not in known)

    def names(self, _: _Schema, wanted: _Schema, data: object) -> bool:
        return not isinstance(data, dict) or all(self.holds(wanted, key) for key in data)

    def items(self, schema: _Schema, wanted: _Schema, data: object) -> bool:
        if "prefixItems" in schema:
            raise _Unsure
        return not isinstance(data, list) or all(self.holds(wanted, entry) for entry in data)


def _type(data: object, wanted: str | list[str]) -> bool:
    if isinstance(data, float) and "integer" in wanted:
        raise _Unsure
    if isinstance(wanted, str):
        return type(data) in _TYPES[wanted]
    return any(type(data) in _TYPES[name] for name in wanted)


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


_WORDS = frozenset({"$schema", "$defs", "$comment", "title", "description", "default", "examples"})
_JUDGES: Mapping[str, Callable[[_Fit, _Schema, Any, Any], bool]] = {
    "$ref": _Fit.reference,
    "oneOf": _Fit.one_of,
    "anyOf": _Fit.any_of,
    "properties": _Fit.properties,
    "additionalProperties": _Fit.other_properties,
    "propertyNames": _Fit.names,
    "items": _Fit.items,
}
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": _type,
    "enum": _among,
    "const": lambda data, wanted: _among(data, [wanted]),
    "required": _required,
    "uniqueItems": _differ,
    "pattern": _spelt,
    "minimum": lambda data, wanted: not _number(data) or data >= wanted,
    "maximum": lambda data, wanted: not _number(data) or data <= wanted,
    "minLength": lambda data, wanted: not isinstance(data, str) or len(data) >= wanted,
    "maxLength": lambda data, wanted: not isinstance(data, str) or len(data) <= wanted,
    "minItems": lambda data, wanted: not isinstance(data, list) or len(data) >= wanted,
    "maxItems": lambda data, wanted: not isinstance(data, list) or len(data) <= wanted,
    "maxProperties": lambda data, wanted: not isinstance(data, dict) or len(data) <= wanted,
}
"""What looks at the data alone."""

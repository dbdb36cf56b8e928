"""Holds a YAML or JSON document against its JSON Schema, every fault in our own words and with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, near_name
from bbws_readiness.positioned import Node
from bbws_readiness.schema_fit import fits

MAX_ENTRIES = 1000
"""Entries of one list or mapping, where nothing else is said."""

_Path = list[str | int]


class SchemaCheck:
    """One schema (draft 2020-12), made ready once for any number of documents; nothing it refers to is ever fetched."""

    def __init__(self, schema: Mapping[str, Any], *, most: int = MAX_ENTRIES) -> None:
        """`most` entries may stand in one list or mapping."""
        self._schema, self._most = schema, most

    def faults(self, node: Node) -> list[Diagnostic]:
        """Every way in which the document breaks the schema, ordered by place."""
        if crowded := _crowded(node, self._most):
            return [crowded]
        data = node.to_python()
        if fits(self._schema, data):
            return []
        found = []
        for error in self._validator.iter_errors(data):
            for message, at, hint in _told(error, list(error.absolute_path)):
                found.append(
                    Diagnostic(DiagnosticSeverity.ERROR, message, node.locate(at), hint, code=Code.BREAKS_SCHEMA)
                )
        return sorted(found, key=lambda fault: (fault.at, fault.summary))

    def first_fault(self, data: object) -> str | None:
        """The place where plain data first breaks the schema, such as `issues, entry 3, owners`; None when it fits."""
        if fits(self._schema, data):
            return None
        error = next(self._validator.iter_errors(data), None)
        if error is None:
            return None
        steps = (f"entry {step + 1}" if isinstance(step, int) else str(step) for step in error.absolute_path)
        return ", ".join(steps) or "its members"

    @cached_property
    def _validator(self) -> Any:  # noqa: ANN401 - the library is loaded only when a file has a fault to tell
        return _validator(self._schema)


def _crowded(node: Node, most: int) -> Diagnostic | None:
    """The first list or mapping with too many entries: to check a list for twins may take the square of its length."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.shape == "scalar":
            continue
        below = [*current.elements(), *(value for _, value in current.pairs())]
        if len(below) > most:
            return Diagnostic(
                DiagnosticSeverity.ERROR,
                f"more than {most} entries",
                current.at,
                "split the file",
                code=Code.YAML_SIZE,
            )
        pending.extend(below)
    return None


def _validator(schema: Mapping[str, Any]) -> Any:  # noqa: ANN401
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry

    def pattern(_: Any, wanted: str, instance: Any, __: Any) -> Iterator[Any]:  # noqa: ANN401
        from jsonschema import ValidationError

        # In JSON Schema `$` is the very end; in Python it also stands before a last newline.
        if isinstance(instance, str) and not re.search(wanted.replace("$", r"\Z"), instance):
            yield ValidationError("pattern")

    # An empty registry: nothing a schema refers to is ever fetched.
    checker = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return checker(schema, registry=Registry())


def _told(error: Any, path: _Path) -> Iterator[tuple[str, _Path, str]]:  # noqa: ANN401 - the library's error
    """Message, path of the place and way out for one error of the library, whose own text is never shown."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        # The alternative that went furthest is the one that was meant.
        closest = max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator != "type"))
        yield from _told(closest, list(closest.absolute_path))
        return
    tell = _WORDS.get(error.validator)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", ()))
        for key in error.instance:
            if key not in known:
                yield _unknown_key(key, known, path)
    elif error.validator == "required":
        for key in error.schema["required"]:
            if key not in error.instance:
                yield f'{_named(path)} needs the key "{key}"', path, ""
    elif "propertyNames" in error.absolute_schema_path:
        # The faulty name itself is the instance; the place is the mapping that holds it.
        words = str(error.schema.get("title", "a valid name"))
        yield f"{_shown(error.instance)} is not {words}", [*path, str(error.instance)], ""
    elif tell:
        message, hint = tell(error)
        yield f"{_named(path)}: {message}", path, hint
    else:
        yield f"{_named(path)} breaks the schema", path, ""


def _unknown_key(key: str, known: list[str], path: _Path) -> tuple[str, _Path, str]:
    near = near_name(key, known)
    where = f" in {_named(path)}" if path else ""
    hint = f'did you mean "{near}"?' if near else f"known are {', '.join(sorted(known))}"
    return f"unknown key {_shown(key)}{where}", [*path, key], hint


def _type(error: Any) -> tuple[str, str]:  # noqa: ANN401
    names = {
        "string": "text",
        "array": "a list",
        "object": "a mapping",
        "boolean": "true or false",
        "integer": "a whole number",
        "number": "a number",
    }
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    expected = " or ".join(names.get(str(name), "another kind of value") for name in wanted)
    number = isinstance(error.instance, int | float) and not isinstance(error.instance, bool)
    hint = "put it in quotes" if "string" in wanted and number else ""
    if "pattern" in error.schema:
        expected = error.schema.get("title", expected)
    return f"expected {expected}, found {_kind(error.instance)}", hint


def _enum(error: Any) -> tuple[str, str]:  # noqa: ANN401
    allowed = [str(word) for word in error.validator_value]
    near = near_name(str(error.instance), allowed)
    hint = f'did you mean "{near}"?' if near else ""
    return f"expected one of {', '.join(allowed)}; found {_shown(error.instance)}", hint


def _pattern(error: Any) -> tuple[str, str]:  # noqa: ANN401
    return f"expected {error.schema.get('title', 'another form')}, found {_shown(error.instance)}", ""


def _plain(words: str) -> Callable[[Any], tuple[str, str]]:
    return lambda error: (words.format(error.validator_value), "")


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


_WORDS: Mapping[str, Callable[[Any], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _plain("expected at least {}"),
    "maximum": _plain("expected at most {}"),
    "minLength": _plain("expected some text, found none"),
    "maxLength": _plain("longer than {} characters"),
    "minItems": lambda error: (f"expected at least {_entries(error.validator_value)}", ""),
    "maxItems": lambda error: (f"expected at most {_entries(error.validator_value)}", ""),
    "uniqueItems": _plain("the same entry stands there twice"),
}


def _named(path: _Path) -> str:
    """A path in the words of the file: `prices.environments.sit, entry 1, from`."""
    text = ""
    for part in path:
        step = f"entry {part + 1}" if isinstance(part, int) else part[:80]
        separator = (
            "" if not text else ", " if isinstance(part, int) or text.rpartition(", ")[2].startswith("entry") else "."
        )
        text += separator + step
    return text or "the file"


def _kind(value: Any) -> str:  # noqa: ANN401
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return _shown(value)
        case list():
            return "a list"
    return "a mapping"


def _shown(value: Any) -> str:  # noqa: ANN401
    text = str(value)
    return f'"{text[:80]}…"' if len(text) > 80 else f'"{text}"'

"""Holds a YAML or JSON document against its JSON Schema, each fault in our own words and with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, near_name
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from jsonschema import ValidationError


def schema_faults(node: Node, schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Every way in which the document breaks `schema` (draft 2020-12, no remote references), ordered by place."""
    from jsonschema import Draft202012Validator

    faults = (
        fault for error in Draft202012Validator(schema).iter_errors(node.to_python()) for fault in _told(node, error)
    )
    yield from sorted(faults, key=lambda fault: (fault.at, fault.summary))


def _told(node: Node, error: ValidationError) -> Iterator[Diagnostic]:
    path = list(error.absolute_path)
    at = node.locate(path)
    where = ".".join(str(part) for part in path) or "the file"
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, dict) and isinstance(error.schema, Mapping):
            known = sorted(error.schema.get("properties", {}))
            for unknown in sorted(set(error.instance) - set(known)):
                place = node.locate([*path, unknown])
                yield _fault(f'unknown key "{unknown}" in {where}', place, _near(unknown, known))
        case "required" if isinstance(error.instance, dict):
            wanted_keys: list[str] = list(error.schema.get("required", ())) if isinstance(error.schema, Mapping) else []
            for missing in sorted(set(wanted_keys) - set(error.instance)):
                yield _fault(f'"{missing}" is missing in {where}', at, "add it")
        case "enum":
            allowed = [str(value) for value in error.schema["enum"]] if isinstance(error.schema, Mapping) else []
            yield _fault(f'{where}: "{_short(error.instance)}" is not allowed', at, _near(str(error.instance), allowed))
        case "type":
            wanted = error.validator_value
            words = " or ".join(wanted) if isinstance(wanted, list) else str(wanted)
            yield _fault(f"{where} must be of type {words}", at, "see the description in the schema")
        case "pattern":
            text = f'{where}: "{_short(error.instance)}" does not have the expected form'
            yield _fault(text, at, f"expected {error.validator_value}")
        case "oneOf" | "anyOf" if error.context:
            closest = max(error.context, key=lambda inner: len(inner.absolute_path))
            yield from _told(node, closest)
        case _:
            yield _fault(f"{where} breaks the schema ({error.validator})", at, "see the description in the schema")


def _fault(summary: str, at: Location, detail: str) -> Diagnostic:
    return Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail)


def _near(wrong: str, known: list[str]) -> str:
    near = near_name(wrong, known)
    return f'did you mean "{near}"?' if near else "known are " + ", ".join(known)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."

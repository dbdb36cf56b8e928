"""Reads the files of rules and remedies that travel with this tool, as they lie there, bound to nothing yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.engine.checklist import coverages
from bbws_readiness.engine.reading import remedy_of, rule_of
from bbws_readiness.engine.rule import AREAS, Rule
from bbws_readiness.engine.shipped import OutsideCheck, RuleFiles
from bbws_readiness.errors import Diagnostic, RulebookError, near_name
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import Reader
from bbws_readiness.source import Refused

NO_RULES = ("outside.yaml", "checklist.yaml")
"""Files beside the rules that hold none."""


def rule_files(reader: Reader, *, judge: Callable[[Rule, Node], None] | None = None) -> RuleFiles:
    """The files below the folder that holds `rules/`.

    With a `judge` every file must keep its schema, and each rule is shown to the judge with its document; without one
    the files are trusted. Raises `RulebookError` at the first file that cannot be used.
    """
    rules = []
    for node in _documents(reader, "rules", "rules/rule.schema.json", validate=judge is not None):
        rule = rule_of(node)
        _require_area(rule)
        if judge:
            judge(rule, node)
        rules.append(rule)
    remedies = _documents(reader, "rules/remedies", "rules/remedy.schema.json", validate=judge is not None)
    return RuleFiles(
        rules=tuple(rules),
        remedies=tuple(remedy_of(node) for node in remedies),
        outside=_outside(reader),
        checklist=coverages(_read(reader, "rules/checklist.yaml")),
    )


def schema_of(reader: Reader, path: str) -> dict[str, Any]:
    """A schema that travels with this tool; raises `RulebookError` when it is not there."""
    source = reader.read(path)
    if isinstance(source, Refused):
        raise RulebookError(source.summary, at=source.at, hint="reinstall bbws-readiness", code=source.code)
    schema: dict[str, Any] = json.loads(source.text)
    return schema


def _documents(reader: Reader, folder: str, schema: str, *, validate: bool) -> Iterator[Node]:
    faults = _faults_by(schema_of(reader, schema)) if validate else lambda _: []
    for name in reader.listdir(folder):
        if not name.endswith(".yaml") or name in NO_RULES:
            continue
        node = _read(reader, f"{folder}/{name}")
        for fault in faults(node):
            raise RulebookError(fault.summary, at=fault.at, hint=fault.detail)
        yield node


def _faults_by(schema: dict[str, Any]) -> Callable[[Node], list[Diagnostic]]:
    from bbws_readiness.schema_check import SchemaCheck

    return SchemaCheck(schema).faults


def _read(reader: Reader, path: str) -> Node:
    source = reader.read(path)
    if isinstance(source, Refused):
        raise RulebookError(source.summary, at=source.at, hint=source.detail, code=source.code)
    node = read_yaml(source)
    if isinstance(node, Diagnostic):
        raise RulebookError(node.summary, at=node.at, hint=node.detail, code=node.code)
    return node


def _require_area(rule: Rule) -> None:
    if rule.area not in AREAS:
        near = near_name(rule.area, list(AREAS))
        raise RulebookError(
            f'"{rule.area}" is no rule area',
            at=rule.at,
            hint=f"near: {near}" if near else "",
            code=Code.RULE_REFERENCE,
        )


def _outside(reader: Reader) -> tuple[OutsideCheck, ...]:
    node = _read(reader, "rules/outside.yaml")
    checks = []
    for entry in node.elements():
        data = entry.to_python()
        if not isinstance(data, dict) or set(data) != {"key", "needs", "text", "when"}:
            raise RulebookError("an outside check has key, needs, text and when", at=entry.at)
        checks.append(OutsideCheck(**data))
    return tuple(checks)

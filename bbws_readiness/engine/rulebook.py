"""Loads the rules and remedies from their YAML files; a mistake in one is told with file and line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bbws_readiness.codes import Code
from bbws_readiness.engine.rule import (
    AREAS,
    Explanation,
    Kind,
    Option,
    Remedy,
    Risk,
    Rule,
    Scope,
    Severity,
    Task,
)
from bbws_readiness.errors import Diagnostic, RulebookError, near_name
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import Reader
from bbws_readiness.schema_check import SchemaCheck
from bbws_readiness.source import Location, Refused

if TYPE_CHECKING:
    from bbws_readiness.config import Config


@dataclass(frozen=True, slots=True)
class OutsideCheck:
    """Something that only AWS or GitHub can tell: always NOT VERIFIED, never counted against the verdict."""

    key: str
    needs: str
    text: str
    """With `{placeholders}` of the assessment's figures."""
    when: str
    """What must be there for the question to arise; `bbws_readiness.assess.outside` knows the words."""


@dataclass(frozen=True)
class Rulebook:
    """All rules in the order of the catalogue, all remedies by key, and what lies outside the files."""

    rules: tuple[Rule, ...]
    remedies: Mapping[str, Remedy]
    outside: tuple[OutsideCheck, ...]

    def rule(self, name: str) -> Rule | None:
        """The rule of that code or slug, upper or lower case, or None."""
        wanted = name.casefold()
        return next((rule for rule in self.rules if wanted in (rule.code.casefold(), rule.slug)), None)

    def near(self, name: str) -> str | None:
        """The code or slug that is spelt most like `name`."""
        return near_name(name.casefold(), [rule.slug for rule in self.rules]) or near_name(
            name.upper(), [rule.code for rule in self.rules]
        )

    def configured(self, config: Config) -> Rulebook:
        """This rulebook with the severities, parameters, owners and estimates of the configuration."""
        return replace(
            self,
            rules=tuple(_configured_rule(rule, config) for rule in self.rules),
            remedies={key: _configured_remedy(remedy, config) for key, remedy in self.remedies.items()},
        )


def load_rulebook(root: Path, checks: Mapping[str, object]) -> Rulebook:
    """The rulebook below `root` (the folder that holds `rules/`), each rule bound to a name in `checks`.

    Raises `RulebookError` at the first file that breaks its schema, names an unknown check or remedy, or repeats
    the code of another.
    """
    reader = Reader(root)
    rules = [_rule(node) for node in _documents(reader, "rules", "rules/rule.schema.json")]
    remedies = [_remedy(node) for node in _documents(reader, "rules/remedies", "rules/remedy.schema.json")]
    book = {remedy.key: remedy for remedy in remedies}
    _refuse_repeats([(rule.code, rule.at) for rule in rules] + [(rule.slug, rule.at) for rule in rules])
    _refuse_repeats([(remedy.key, remedy.at) for remedy in remedies])
    for rule in rules:
        _bind(rule, checks, book)
    for remedy in remedies:
        _check_order(remedy, book)
    return Rulebook(tuple(sorted(rules, key=lambda rule: rule.order)), book, _outside(reader))


def _documents(reader: Reader, folder: str, schema_path: str) -> list[Node]:
    schema_source = reader.read(schema_path)
    if isinstance(schema_source, Refused):
        raise RulebookError(
            schema_source.summary, at=schema_source.at, hint="reinstall bbws-readiness", code=schema_source.code
        )
    check = SchemaCheck(json.loads(schema_source.text))
    names = sorted(path.name for path in (reader.root / folder).glob("*.yaml"))
    return [_document(reader, f"{folder}/{name}", check) for name in names if name != "outside.yaml"]


def _document(reader: Reader, path: str, check: SchemaCheck) -> Node:
    node = _read(reader, path)
    for fault in check.faults(node):
        raise RulebookError(fault.summary, at=fault.at, hint=fault.detail)
    return node


def _read(reader: Reader, path: str) -> Node:
    source = reader.read(path)
    if isinstance(source, Refused):
        raise RulebookError(source.summary, at=source.at, hint=source.detail, code=source.code)
    node = read_yaml(source)
    if isinstance(node, Diagnostic):
        raise RulebookError(node.summary, at=node.at, hint=node.detail, code=node.code)
    return node


def _rule(node: Node) -> Rule:
    data: dict[str, Any] = node.to_python()
    severity = data["severity"]
    asked, unasked = (severity["asked"], severity["unasked"]) if isinstance(severity, dict) else (severity, None)
    risk = data.get("risk")
    code_at = node.locate(["code"])
    if data["code"][:3] not in AREAS:
        near = near_name(data["code"][:3], list(AREAS))
        raise RulebookError(
            f'"{data["code"][:3]}" is no rule area',
            at=code_at,
            hint=f"near: {near}" if near else "",
            code=Code.RULE_REFERENCE,
        )
    return Rule(
        code=data["code"],
        slug=data["slug"],
        name=data["name"],
        title=data["title"],
        kind=Kind(data["kind"]),
        facet=data["facet"],
        severity=Severity(asked),
        severity_unasked=Severity(unasked) if unasked else None,
        by_itself=data.get("by-itself", False),
        scope=Scope(data.get("scope", "any")),
        reads=tuple(data["reads"]),
        check=data["check"],
        parameters=data.get("parameters", {}),
        remedy=data["remedy"],
        owners=tuple(data["owners"]),
        minutes=data["minutes"],
        gating=data.get("gating", asked in ("critical", "high")),
        explained_by=tuple(Explanation(entry["rule"], entry["same"]) for entry in data.get("explained-by", ())),
        holds=data["holds"],
        why=data["why"],
        messages=data["messages"],
        risk=Risk(risk["text"], risk.get("likelihood"), risk.get("impact")) if risk else None,
        lesson=data.get("lesson", ""),
        fix=data["fix"],
        settle=data["settle"],
        at=code_at,
    )


def _remedy(node: Node) -> Remedy:
    data: dict[str, Any] = node.to_python()
    return Remedy(
        key=data["key"],
        title=data["title"],
        phase=data["phase"],
        at=node.locate(["key"]),
        after=tuple(data.get("after", ())),
        changes_terraform=data.get("changes-terraform", False),
        question=data.get("question", ""),
        options=tuple(_option(entry) for entry in data.get("options", ())),
        tasks=tuple(Task(entry["key"], entry["text"], entry.get("snippet", "")) for entry in data["tasks"]),
        owners=tuple(data.get("owners", ())),
        minutes=data.get("minutes"),
        external=tuple(data.get("external", ())),
        priority=Severity(data["priority"]) if "priority" in data else None,
        always=data.get("always", False),
        group=data["group"],
        deliverable=data.get("deliverable", ""),
        verifies=tuple(data.get("verifies", ())),
    )


def _option(entry: Mapping[str, Any]) -> Option:
    return Option(
        key=entry["key"],
        title=entry["title"],
        changes=entry["changes"],
        pro=entry.get("pro", ""),
        con=entry.get("con", ""),
        minutes=entry.get("minutes"),
        irreversible=entry.get("irreversible", ""),
        tasks=tuple(entry.get("tasks", ())),
        favours=tuple(entry.get("favours", ())),
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


def _bind(rule: Rule, checks: Mapping[str, object], remedies: Mapping[str, Remedy]) -> None:
    if rule.check not in checks:
        near = near_name(rule.check, list(checks))
        raise RulebookError(
            f'{rule.code} names the check "{rule.check}", which does not exist',
            at=rule.at,
            hint=f'did you mean "{near}"?' if near else "",
            code=Code.RULE_REFERENCE,
        )
    if rule.remedy not in remedies:
        near = near_name(rule.remedy, list(remedies))
        raise RulebookError(
            f'{rule.code} names the remedy "{rule.remedy}", which does not exist',
            at=rule.at,
            hint=f'did you mean "{near}"?' if near else "",
            code=Code.RULE_REFERENCE,
        )


def _check_order(remedy: Remedy, remedies: Mapping[str, Remedy]) -> None:
    for earlier in remedy.after:
        if not earlier.startswith("every:") and earlier not in remedies:
            near = near_name(earlier, list(remedies))
            raise RulebookError(
                f'remedy {remedy.key} comes after "{earlier}", which does not exist',
                at=remedy.at,
                hint=f'did you mean "{near}"?' if near else "",
                code=Code.RULE_REFERENCE,
            )


def _refuse_repeats(names: list[tuple[str, Location]]) -> None:
    seen: dict[str, Location] = {}
    for name, at in names:
        if name in seen:
            raise RulebookError(
                f'"{name}" is used twice (first at {seen[name]})',
                at=at,
                hint="give it another name",
                code=Code.RULE_TWICE,
            )
        seen[name] = at


def _configured_rule(rule: Rule, config: Config) -> Rule:
    settings = config.rules.get(rule.code) or config.rules.get(rule.slug)
    rating = config.risk_ratings.get(rule.code) or config.risk_ratings.get(rule.slug)
    rule = replace(
        rule,
        owners=config.owners.get(rule.code) or config.owners.get(rule.slug) or rule.owners,
        minutes=config.estimates.get(rule.code) or config.estimates.get(rule.slug) or rule.minutes,
    )
    if rating and rule.risk:
        rated = Risk(rule.risk.text, rating.likelihood or rule.risk.likelihood, rating.impact or rule.risk.impact)
        rule = replace(rule, risk=rated)
    if settings is None:
        return rule
    severity = Severity(settings.severity) if settings.severity else None
    return replace(
        rule,
        severity=severity or rule.severity,
        severity_unasked=severity or rule.severity_unasked,
        enabled=settings.enabled,
        parameters={**rule.parameters, **settings.parameters},
    )


def _configured_remedy(remedy: Remedy, config: Config) -> Remedy:
    return replace(
        remedy,
        owners=config.owners.get(remedy.key, remedy.owners),
        minutes=config.estimates.get(remedy.key, remedy.minutes),
    )

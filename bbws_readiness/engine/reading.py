"""Makes rules and remedies of the nodes of their YAML files, which must have passed their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bbws_readiness.engine.rule import Explanation, Kind, Option, Remedy, Risk, Rule, Scope, Severity, Task
from bbws_readiness.positioned import Node


def rule_of(node: Node, *, remedy: str = "", own: bool = False) -> Rule:
    """The rule of one file. `remedy` is the key of the remedy that stands in the file itself."""
    data: dict[str, Any] = node.to_python()
    severity = data["severity"]
    asked, unasked = (severity["asked"], severity["unasked"]) if isinstance(severity, dict) else (severity, None)
    risk = data.get("risk")
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
        parameter_types=data.get("parameter-types", {}),
        remedy=remedy or data["remedy"],
        owners=tuple(data["owners"]),
        minutes=int(data["minutes"]),
        gating=data.get("gating", asked in ("critical", "high")),
        ignorable=data.get("ignorable", True),
        decidable=data.get("decidable", data.get("ignorable", True)),
        explained_by=tuple(Explanation(entry["rule"], entry["same"]) for entry in data.get("explained-by", ())),
        holds=data["holds"],
        why=data["why"],
        messages=data["messages"],
        risk=Risk(risk["text"], risk.get("likelihood"), risk.get("impact")) if risk else None,
        lesson=data.get("lesson", ""),
        fix=data["fix"],
        settle=data["settle"],
        own=own,
        at=node.locate(["code"]),
    )


def remedy_of(node: Node, *, key: str = "") -> Remedy:
    """The remedy of one file, or, with `key`, the one that stands in a rule."""
    data: dict[str, Any] = node.to_python()
    return Remedy(
        key=key or data["key"],
        title=data["title"],
        phase=data.get("phase", "build"),
        at=node.locate(["title" if key else "key"]),
        after=tuple(data.get("after", ())),
        changes_terraform=data.get("changes-terraform", False),
        question=data.get("question", ""),
        options=tuple(_option(entry) for entry in data.get("options", ())),
        tasks=tuple(
            Task(entry["key"], entry["text"], entry.get("snippet", ""), entry.get("for", "")) for entry in data["tasks"]
        ),
        owners=tuple(data.get("owners", ())),
        minutes=_minutes(data),
        external=tuple(data.get("external", ())),
        priority=Severity(data["priority"]) if "priority" in data else None,
        always=data.get("always", False),
        group=data.get("group", "Terraform Implementation"),
        deliverable=data.get("deliverable", ""),
        verifies=tuple(data.get("verifies", ())),
    )


def _minutes(data: Mapping[str, Any]) -> int | None:
    """A schema takes 15.0 for a whole number."""
    return int(data["minutes"]) if "minutes" in data else None


def _option(entry: Mapping[str, Any]) -> Option:
    return Option(
        key=entry["key"],
        title=entry["title"],
        changes=entry["changes"],
        pro=entry.get("pro", ""),
        con=entry.get("con", ""),
        minutes=_minutes(entry),
        irreversible=entry.get("irreversible", ""),
        tasks=tuple(entry.get("tasks", ())),
        favours=tuple(entry.get("favours", ())),
    )

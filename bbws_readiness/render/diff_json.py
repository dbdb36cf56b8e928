"""What differs between two assessments as JSON, in the shape that `diff.schema.json` publishes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bbws_readiness.compare.changes import Changes, DecidedChange, InputChange, IssueChange
from bbws_readiness.compare.snapshot import DecidedState, IssueState, Snapshot
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.render.machine import without_secrets

FORMAT = "bbws-readiness-diff/1"
"""Changes when a reader of the old shape could misread the new one."""

SEVERITIES = ("critical", "high", "medium", "low")


def diff_json(changes: Changes) -> str:
    """The document's text: two-space indent, keys in a fixed order, nothing invisible, with a final newline."""
    return to_json(without_secrets(diff_data(changes)), indent=True) + "\n"


def diff_data(changes: Changes) -> dict[str, Any]:
    """Plain data; places are `path:line` texts, and what is not there is null."""
    return {
        "format": FORMAT,
        "project": changes.after.slug,
        "environment": changes.after.environment,
        "before": _snapshot(changes.before),
        "after": _snapshot(changes.after),
        "differs": changes.differs,
        "verdict_changed": changes.verdict_changed,
        "corrects": changes.corrects,
        "score": {
            "difference": _number(changes.after.score - changes.before.score),
            "points": _number(sum((change.points for change in changes.issues), Decimal(0))),
            "floor": _number(changes.floor),
        },
        "issues": [_change(change) for change in changes.issues],
        "inputs": [_input(change) for change in changes.inputs],
        "authority": [
            {"facet": one.facet, "before": list(one.before), "after": list(one.after)} for one in changes.authority
        ],
        "decided": [_decided(change) for change in changes.decided],
        "tool": {"before": changes.tool[0], "after": changes.tool[1]} if changes.tool else None,
    }


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "as_of": snapshot.as_of,
        "commit": snapshot.commit or None,
        "tool": {"version": snapshot.tool_version, "rulebook": snapshot.rulebook},
        "verdict": snapshot.verdict,
        "reason": snapshot.reason,
        "score": _number(snapshot.score),
        "coverage": {"determined": snapshot.determined, "total": snapshot.total, "outside": snapshot.outside},
        "issues": {word: sum(issue.severity == word for issue in snapshot.issues) for word in SEVERITIES},
        "decisions": sum(issue.standing == "decision" for issue in snapshot.issues),
    }


def _change(change: IssueChange) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "key": change.key,
        "before": _issue(change.before),
        "after": _issue(change.after),
        "within": change.within or None,
        "causes": [cause.value for cause in change.causes],
        "why": change.why or None,
        "decisions": [entry.id for entry in change.decisions],
        "points": _number(change.points),
    }


def _issue(issue: IssueState | None) -> dict[str, Any] | None:
    if issue is None:
        return None
    return {
        "key": issue.key,
        "rules": list(issue.rules),
        "title": issue.title,
        "severity": issue.severity or None,
        "standing": issue.standing,
        "subjects": list(issue.subjects),
        "at": issue.at or None,
        "findings": list(issue.findings),
    }


def _input(change: InputChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "change": change.verb,
        "cause": change.cause.value,
        "before": change.before.sha256 if change.before else None,
        "after": change.after.sha256 if change.after else None,
    }


def _decided(change: DecidedChange) -> dict[str, Any]:
    return {"before": _entry(change.before), "after": _entry(change.after)}


def _entry(entry: DecidedState | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "id": entry.id or None,
        "kind": entry.kind or None,
        "state": entry.state,
        "by": list(entry.by),
        "on": entry.on or None,
        "until": entry.until or None,
        "reason": entry.reason or None,
        "note": entry.note or None,
        "rules": list(entry.rules),
        "at": entry.at,
    }

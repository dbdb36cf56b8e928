"""Writes a `Snapshot` as plain data, as small as it can be read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bbws_readiness.compare.snapshot import DecidedState, FindingState, IssueState, Snapshot


def plain_data(snapshot: Snapshot, form: str) -> dict[str, Any]:
    """The members of the JSON of an assessment that a comparison needs, those of findings shortened."""
    ledger = [
        {"key": line.key, "label": line.label, "severity": line.severity, "points": _number(line.points)}
        for line in snapshot.ledger
    ]
    return {
        "format": form,
        "tool": {"version": snapshot.tool_version, "rulebook": snapshot.rulebook},
        "project": {"name": snapshot.project, "slug": snapshot.slug},
        "environment": {"name": snapshot.environment},
        "as_of": snapshot.as_of,
        "commit": snapshot.commit or None,
        "verdict": snapshot.verdict,
        "reason": snapshot.reason,
        "score": {"value": _number(snapshot.score), "ledger": ledger},
        "coverage": {"determined": snapshot.determined, "total": snapshot.total, "outside": snapshot.outside},
        "authority": {facet: list(sources) for facet, sources in snapshot.authority.items()},
        "switched_off": [{"rule": one.rule, "at": one.at} for one in snapshot.switched_off],
        "issues": [_issue(issue) for issue in snapshot.issues if issue.standing != "decision"],
        "decisions": [_decision(issue) for issue in snapshot.issues if issue.standing == "decision"],
        "findings": [_finding(finding) for finding in snapshot.findings],
        "rules": [
            {"code": rule.code, "statuses": list(rule.statuses), "files": list(rule.files)} for rule in snapshot.rules
        ],
        "decided": [_decided(entry) for entry in snapshot.decided],
        "waivers": [_waiver(entry) for entry in snapshot.waived],
        "inputs": [{"path": one.path, "kind": one.kind, "sha256": one.sha256} for one in snapshot.inputs],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _issue(issue: IssueState) -> dict[str, Any]:
    return {
        "rule": issue.key,
        "title": issue.title,
        "severity": issue.severity,
        "standing": issue.standing,
        "subjects": list(issue.subjects),
        "at": issue.at,
        "findings": list(issue.findings),
        "evidence": list(issue.evidence),
    }


def _decision(issue: IssueState) -> dict[str, Any]:
    return {
        "key": issue.key.removeprefix("decision:"),
        "question": issue.title,
        "rules": list(issue.rules),
        "findings": list(issue.findings),
    }


def _finding(finding: FindingState) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "slug": finding.slug,
        "status": finding.status,
        "standing": finding.standing or None,
        "severity": finding.severity or None,
        "facet": finding.facet,
        "subject": finding.subject,
        "message": finding.message,
        "document": finding.document or None,
        "authority": finding.authority or None,
        "explained_by": finding.explained_by or None,
        "settled_by": finding.settled_by or None,
        "at": finding.at,
        "places": list(finding.places),
        "says": finding.says,
        "finds": finding.finds,
    }


def _decided(entry: DecidedState) -> dict[str, Any]:
    return {
        "id": entry.id or None,
        "kind": entry.kind or None,
        "state": entry.state,
        "environments": list(entry.environments),
        "by": list(entry.by),
        "on": entry.on or None,
        "until": entry.until or None,
        "reason": entry.reason or None,
        "note": entry.note or None,
        "evidence": [{"claim": one.claim, "at": list(one.at)} for one in entry.evidence],
        "rules": list(entry.rules),
        "findings": list(entry.findings),
        "at": entry.at,
    }


def _waiver(entry: DecidedState) -> dict[str, Any]:
    return {
        "rule": entry.rules[0] if entry.rules else None,
        "at": entry.at,
        "by": entry.by[0] if entry.by else None,
        "until": entry.until or None,
        "reason": entry.reason or None,
        "state": entry.state,
        "note": entry.note or None,
        "findings": list(entry.findings),
    }

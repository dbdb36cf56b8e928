"""Makes the JSON of assessments that no project has, as small as it may be, coherent as every real one is."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

WEIGHTS = {"critical": 20, "high": 10, "medium": 5, "low": 2.5, "decision": 5}
SEVERITIES = ("critical", "high", "medium", "low")


def finding(rule: str, subject: str = "orders", status: str = "FAIL", **members: Any) -> dict[str, Any]:
    """One finding of the JSON; a failure is a low defect unless `members` say otherwise."""
    failed = status in ("FAIL", "DECISION")
    identity = f"{rule} {subject} {members.get('document')}"
    return {
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        "rule": rule,
        "slug": rule.lower(),
        "status": status,
        "standing": {"FAIL": "defect", "DECISION": "decision"}.get(status),
        "severity": "low" if failed else None,
        "facet": "tables",
        "subject": subject,
        "message": f"{rule} about {subject}",
        "expected": None,
        "actual": None,
        "document": None,
        "authority": None,
        "needs": None,
        "explained_by": None,
        "settled_by": None,
        "at": "main.tf:1",
        "related": [],
        "sides": [],
        **members,
    }


def document(
    findings: Sequence[Mapping[str, Any]] = (), weights: Mapping[str, Any] = WEIGHTS, **members: Any
) -> dict[str, Any]:
    """The JSON with these findings; issues, decisions and score follow from them as in every assessment."""
    issues = [
        _issue(code, findings) for code in dict.fromkeys(one["rule"] for one in findings) if _defects(code, findings)
    ]
    decisions = [
        _decision(code, findings) for code in dict.fromkeys(one["rule"] for one in findings) if _open(code, findings)
    ]
    ledger = [_line(one["rule"], one["title"], one["severity"], weights) for one in issues]
    ledger += [_line(f"decision:{one['key']}", one["question"], "decision", weights) for one in decisions]
    left = Decimal(100) - sum((Decimal(str(line["points"])) for line in ledger), Decimal(0))
    return {
        "format": "bbws-readiness-assessment/1",
        "tool": {"name": "bbws-readiness", "version": "1.0", "rulebook": "0123456789ab"},
        "project": {"name": "2_1_bbws_orders", "slug": "orders"},
        "environment": {"name": "sit"},
        "as_of": "2026-01-07T00:00:00",
        "commit": None,
        "verdict": "CONDITIONAL",
        "reason": "because",
        "score": {"value": float(max(left, Decimal(0))), "start": 100, "ledger": ledger},
        "coverage": {"determined": 1, "total": 2, "outside": 1, "areas": []},
        "authority": {},
        "issues": issues,
        "decisions": decisions,
        "findings": list(findings),
        "decided": [],
        "waivers": [],
        "inputs": [],
        **members,
    }


def _defects(code: str, findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in findings if one["rule"] == code and one["status"] == "FAIL" and _stands(one)]


def _open(code: str, findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in findings if one["rule"] == code and one["status"] == "DECISION" and _stands(one)]


def _stands(one: Mapping[str, Any]) -> bool:
    return not one["explained_by"] and not one["settled_by"]


def _issue(code: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = _defects(code, findings)
    marks = [one["fingerprint"] for one in own]
    return {
        "rule": code,
        "slug": code.lower(),
        "title": f"{code} is broken",
        "severity": min((one["severity"] for one in own), key=SEVERITIES.index),
        "standing": "defect" if any(one["standing"] == "defect" for one in own) else "drift",
        "subjects": list(dict.fromkeys(one["subject"] for one in own)),
        "at": own[0]["at"],
        "findings": marks,
        "evidence": [one["fingerprint"] for one in findings if one["explained_by"] in marks],
    }


def _decision(code: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = _open(code, findings)
    marks = [one["fingerprint"] for one in own]
    return {"key": code.lower(), "question": f"{code}?", "rules": [code], "findings": marks}


def _line(key: str, label: str, severity: str, weights: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "label": label, "severity": severity, "points": weights[severity]}


def entry(name: str = "D1", state: str = "in-force", **members: Any) -> dict[str, Any]:
    """One entry of the decision log as the JSON lists it."""
    return {
        **{"id": name, "kind": "by-design", "state": state, "environments": ["sit"], "by": ["DBA"], "on": "2026-01-07"},
        **{"until": None, "reason": "because", "note": None, "evidence": [], "rules": [], "findings": []},
        "at": "readiness-decisions.yaml:2",
        **members,
    }


def file(path: str, content: str = "one", kind: str = "terraform") -> dict[str, Any]:
    """One input."""
    sha256 = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return {"path": path, "kind": kind, "size": 1, "lines": 1, "sha256": sha256}

"""Decision logs made for tests: entries that settle given findings as `readiness decide` would write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config.policy import DECISION_LOG
from bbws_readiness.decisions.statement import statement
from bbws_readiness.engine.finding import Finding, Outcome

REASON = "agreed in the review of the design"


def failures(assessment: Assessment, *rules: str, subject: str = "", document: str = "") -> tuple[Finding, ...]:
    """The failed findings of the rules, narrowed to a subject or a document."""
    return tuple(
        finding
        for finding in assessment.findings
        if finding.outcome is Outcome.FAIL
        and finding.rule.code in rules
        and subject in ("", finding.subject)
        and document in ("", finding.document or "")
    )


def entry(identity: str, about: Iterable[Finding], /, **members: Any) -> dict[str, Any]:
    """A well-formed entry on the findings; members given as None are left out."""
    made = {
        "id": identity,
        "kind": "by-design",
        "environments": ["sit"],
        "findings": [reference(finding) for finding in about],
        "by": ["Tech Lead"],
        "on": "2026-01-07",
        "reason": REASON,
        **members,
    }
    return {name: value for name, value in made.items() if value is not None}


def reference(finding: Finding) -> dict[str, str]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule.code,
        "subject": finding.subject,
        "statement": statement(finding),
    }


def write_log(project: Path, entries: Iterable[Mapping[str, Any]], *, name: str = DECISION_LOG) -> Path:
    """Writes the log into the project, an entry per line; JSON is YAML too."""
    path = project / name
    lines = (f"  - {json.dumps(one)}\n" for one in entries)
    path.write_text("decisions:\n" + "".join(lines))
    return path

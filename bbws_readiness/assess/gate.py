"""Says whether an assessment passes the threshold that a pipeline sets."""

from __future__ import annotations

from enum import StrEnum

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.rule import Severity


class Threshold(StrEnum):
    """What makes the command fail, loosest last but one: each threshold includes those before it."""

    BLOCKER = "blocker"
    """A verdict of BLOCKED."""
    DECISION = "decision"
    """Any verdict but READY."""
    HIGH = "high"
    """As `decision`, and any high issue, even one that is only a document's."""
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"
    """Nothing that was found; what could not be assessed still fails."""


_REACHED = {
    Threshold.HIGH: Severity.HIGH,
    Threshold.MEDIUM: Severity.MEDIUM,
    Threshold.LOW: Severity.LOW,
}


def exit_code(assessment: Assessment, threshold: Threshold) -> int:
    """0 passes, 1 not ready, 4 could not be assessed (whatever the threshold)."""
    if assessment.verdict is Verdict.UNDETERMINED:
        return 4
    if threshold is Threshold.NEVER:
        return 0
    if assessment.verdict is Verdict.BLOCKED:
        return 1
    if threshold is Threshold.BLOCKER:
        return 0
    if assessment.verdict is not Verdict.READY:
        return 1
    severity = _REACHED.get(threshold)
    return int(severity is not None and any(issue.severity.rank <= severity.rank for issue in assessment.issues))

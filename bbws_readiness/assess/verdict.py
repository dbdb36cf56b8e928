"""Gives the verdict and its reason in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.assess.assessment import Decision, Issue, NotVerified, Verdict
from bbws_readiness.engine.finding import Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.model.model import Model


def verdict(
    model: Model, issues: Sequence[Issue], decisions: Sequence[Decision], not_verified: Sequence[NotVerified]
) -> tuple[Verdict, str]:
    """The verdict with its reason.

    Terraform that cannot be read comes before everything: what would be deployed is then not known, and a list of
    blockers would say too little. After that a critical defect blocks, whatever else is unknown.
    """
    if model.configuration is None:
        return (
            Verdict.UNDETERMINED,
            "No Terraform configuration was found, so nothing can be said about what would be deployed.",
        )
    unknown = [fact for fact in not_verified if fact.needed]
    if not model.configuration.complete:
        broken = next((str(fact.at) for fact in unknown if fact.at), model.configuration.directory)
        return Verdict.UNDETERMINED, f"The Terraform configuration could not be read as a whole ({broken})."
    critical = [issue for issue in issues if issue.severity is Severity.CRITICAL and issue.standing is Standing.DEFECT]
    if critical:
        return Verdict.BLOCKED, f"{_count(len(critical), 'critical issue')} {_stand(len(critical))} in the way."
    if unknown:
        return Verdict.UNDETERMINED, f"{_count(len(unknown), 'needed fact')} could not be determined from the files."
    high = [issue for issue in issues if issue.severity is Severity.HIGH and issue.standing is Standing.DEFECT]
    if decisions or high:
        parts = [_count(len(decisions), "decision")] if decisions else []
        parts += [_count(len(high), "high issue")] if high else []
        return Verdict.CONDITIONAL, f"{' and '.join(parts)} must be settled first."
    return Verdict.READY, "No blocking issue and no open decision."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"

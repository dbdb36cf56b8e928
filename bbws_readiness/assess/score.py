"""Computes the score with its ledger, and the coverage beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bbws_readiness.assess.assessment import AreaCoverage, Coverage, Decision, Deduction, Issue, NotVerified, Score
from bbws_readiness.config import Weights
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.engine.rule import AREAS
from bbws_readiness.engine.run import Answer

WORST_FIRST = (Status.FAIL, Status.DECISION, Status.NOT_VERIFIED, Status.PASS, Status.NOT_APPLICABLE)
"""Of a rule's findings the first of these that occurs is the rule's own status."""


def score(issues: Iterable[Issue], decisions: Iterable[Decision], weights: Weights) -> Score:
    """100 less one deduction per issue and per open decision, not below 0."""
    ledger = [
        Deduction(issue.rule.code, issue.title, issue.severity, weights.of(issue.severity.value)) for issue in issues
    ]
    ledger += [
        Deduction(f"decision:{decision.key}", decision.question, None, weights.of("decision")) for decision in decisions
    ]
    left = Decimal(100) - sum((line.points for line in ledger), Decimal(0))
    return Score(max(left, Decimal(0)), tuple(ledger))


def coverage(answers: Sequence[Answer], outside: Sequence[NotVerified]) -> Coverage:
    """How many rules could be answered; what needs AWS or GitHub counts in the total, what does not apply nowhere."""
    found: dict[str, list[Status]] = defaultdict(list)
    for answer in answers:
        found[answer.rule.area].append(rule_status([one for one in answer.findings if not one.settled_by]))
    areas = [
        AreaCoverage(
            area,
            passed=found[area].count(Status.PASS),
            failed=found[area].count(Status.FAIL),
            decisions=found[area].count(Status.DECISION),
            not_verified=found[area].count(Status.NOT_VERIFIED),
            not_applicable=found[area].count(Status.NOT_APPLICABLE),
        )
        for area in (*AREAS, *sorted(found.keys() - AREAS.keys()))
        if area in found
    ]
    determined = sum(area.passed + area.failed + area.decisions for area in areas)
    beyond = sum(1 for fact in outside if fact.needs)
    undetermined = sum(area.not_verified for area in areas)
    return Coverage(determined, determined + undetermined + beyond, beyond, tuple(areas))


def open_status(finding: Finding) -> Status:
    """The word for one finding. What a decision or a waiver has settled is no longer asked: NOT APPLICABLE."""
    return Status.NOT_APPLICABLE if finding.settled_by else finding.status


def rule_status(findings: Iterable[Finding]) -> Status:
    """The worst status among a rule's findings; NOT APPLICABLE when it has none."""
    present = {finding.status for finding in findings}
    for status in WORST_FIRST:
        if status in present:
            return status
    return Status.NOT_APPLICABLE

"""The words that text and Markdown of a portfolio share."""

from __future__ import annotations

from collections import Counter

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.assess.portfolio import Blocking, Member, Portfolio
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.engine.rule import Severity
from bbws_readiness.render import wording

COLUMNS = ("Project", "Verdict", "Score", "Critical", "High", "Decisions", "Ready", "Planned", "Waits for")
RIGHT = frozenset({2, 3, 4, 5})
"""The columns of figures."""
NOT_ASSESSED = "NOT ASSESSED"
NOTHING = "-"


def headline(portfolio: Portfolio) -> str:
    """`3 projects to SIT, as of ...: 1 BLOCKED, 2 READY`."""
    verdicts = Counter(verdict(member) for member in portfolio.members)
    order = [*(one.value for one in Verdict), NOT_ASSESSED]
    told = ", ".join(f"{verdicts[word]} {word}" for word in order if verdicts[word])
    projects = wording.counted(len(portfolio.members), "project")
    return f"{projects} to {portfolio.environment.upper()}, as of {wording.as_of(portfolio.as_of)}: {told}"


def verdict(member: Member) -> str:
    """The verdict in one word, or that there is none."""
    return member.assessment.verdict.value if member.assessment else NOT_ASSESSED


def label(portfolio: Portfolio, path: str) -> str:
    """A project's name, with its folder where another one has the same name."""
    member = portfolio.member(path)
    names = [one.name for one in portfolio.members]
    return f"{member.name} ({path})" if names.count(member.name) > 1 else member.name


def row(portfolio: Portfolio, member: Member) -> tuple[str, ...]:
    """The cells of the table, in the order of `COLUMNS`."""
    waits = ", ".join(label(portfolio, one.path) for one in member.blocked_by) or NOTHING
    name = label(portfolio, member.path)
    assessment = member.assessment
    if assessment is None:
        return (name, NOT_ASSESSED, *(NOTHING,) * 6, waits)
    return (
        name,
        assessment.verdict.value,
        wording.number(assessment.score.value),
        str(len(assessment.issues_of(Severity.CRITICAL))),
        str(len(assessment.issues_of(Severity.HIGH))),
        str(len(assessment.decisions)),
        _ready(assessment),
        _planned(assessment),
        waits,
    )


def _ready(assessment: Assessment) -> str:
    at = assessment.schedule.ready_at
    if at:
        return wording.moment(at)
    return "now" if assessment.verdict is Verdict.READY else wording.NOT_COMPUTABLE


def _planned(assessment: Assessment) -> str:
    planned = assessment.schedule.planned
    if planned.moment is None:
        return NOTHING
    shown = wording.day(planned.moment.begins())
    return shown if planned.kept else f"{shown} (not kept)"


def blocked(portfolio: Portfolio, one: Blocking) -> str:
    """`order_schemas (CONDITIONAL), through labels`."""
    through = ", ".join(label(portfolio, path) for path in one.through)
    told = f"{label(portfolio, one.path)} ({verdict(portfolio.member(one.path))})"
    return f"{told}, through {through}" if through else told


def standing(finding: Finding) -> str:
    """What stands beside a finding: its priority, that it is to be decided, or that it cannot be told."""
    if finding.status is Status.NOT_VERIFIED:
        return Status.NOT_VERIFIED.value
    if finding.settled_by:
        return "settled"
    if finding.explained_by:
        return "explained"
    return "decision" if finding.status is Status.DECISION else finding.severity.value if finding.severity else ""

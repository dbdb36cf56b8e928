"""The words that text and Markdown of a portfolio share."""

from __future__ import annotations

from collections import Counter

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.assess.portfolio import Blocking, Figures, Member, Portfolio
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
    return member.figures.verdict.value if member.figures else NOT_ASSESSED


def label(portfolio: Portfolio, path: str) -> str:
    """A project's name, with its folder where another one has the same name."""
    member = portfolio.member(path)
    return f"{member.name} ({path})" if portfolio.is_common(member.name) else member.name


def row(portfolio: Portfolio, member: Member) -> tuple[str, ...]:
    """The cells of the table, in the order of `COLUMNS`."""
    waits = ", ".join(label(portfolio, one.path) for one in member.blocked_by) or NOTHING
    name = label(portfolio, member.path)
    figures = member.figures
    if figures is None:
        return (name, NOT_ASSESSED, *(NOTHING,) * 6, waits)
    return (
        name,
        figures.verdict.value,
        wording.number(figures.score),
        str(figures.issues[Severity.CRITICAL]),
        str(figures.issues[Severity.HIGH]),
        str(figures.decisions),
        _ready(figures),
        _planned(figures),
        waits,
    )


def _ready(figures: Figures) -> str:
    if figures.ready_at:
        return wording.moment(figures.ready_at)
    return "now" if figures.verdict is Verdict.READY else wording.NOT_COMPUTABLE


def _planned(figures: Figures) -> str:
    if figures.planned is None:
        return NOTHING
    shown = wording.day(figures.planned)
    return shown if figures.kept else f"{shown} (not kept)"


def blocked(portfolio: Portfolio, one: Blocking) -> str:
    """`order_schemas (CONDITIONAL), through labels`."""
    through = ", ".join(label(portfolio, path) for path in one.through)
    told = f"{label(portfolio, one.path)} ({verdict(portfolio.member(one.path))})"
    return f"{told}, through {through}" if through else told


def findings(portfolio: Portfolio) -> list[tuple[str, Finding]]:
    """What stands between the projects, each with the project it is told of.

    What cannot be told of one project in the same words for many others stands once, with their number.
    """
    told: dict[object, list[tuple[Member, Finding]]] = {}
    for number, (member, finding) in enumerate(portfolio.findings):
        alike = (finding.rule.code, finding.message) if finding.status is Status.NOT_VERIFIED else number
        told.setdefault(alike, []).append((member, finding))
    return [(_subject(portfolio, [member for member, _ in group]), group[0][1]) for group in told.values()]


def _subject(portfolio: Portfolio, members: list[Member]) -> str:
    first = label(portfolio, members[0].path)
    return f"{first} and {wording.counted(len(members) - 1, 'other')}" if len(members) > 1 else first


def standing(finding: Finding) -> str:
    """What stands beside a finding: its priority, that it is to be decided, or that it cannot be told."""
    if finding.status is Status.NOT_VERIFIED:
        return Status.NOT_VERIFIED.value
    if finding.settled_by:
        return "settled"
    if finding.explained_by:
        return "explained"
    return "decision" if finding.status is Status.DECISION else finding.severity.value if finding.severity else ""

"""Several assessed projects side by side: the worst verdict, and who is blocked by whom."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.engine.rule import Severity
from bbws_readiness.errors import ReadinessError

AREA = "POR"
"""The area of the rules that hold projects against each other."""


class Blocking(Struct, frozen=True):
    """A project that is not READY, of which another one needs something, directly or not."""

    path: str
    """Of the project that blocks."""
    through: tuple[str, ...] = ()
    """The paths of the projects in between, from the blocked one on; empty for a direct need."""


class Figures(Struct, frozen=True):
    """What a portfolio tells of one assessment, which is small enough to be kept of thousands."""

    environment: str
    slug: str
    verdict: Verdict
    reason: str
    score: Decimal
    issues: Mapping[Severity, int]
    decisions: int
    ready_at: datetime | None
    """When it will be ready; None where that cannot be computed, or where it is."""
    planned: datetime | None
    kept: bool | None
    """Whether the planned moment is kept."""
    findings: tuple[Finding, ...]
    """What the rules between projects found or could not tell."""


def figures_of(assessment: Assessment) -> Figures:
    """The figures of the assessment, none of them computed anew."""
    planned = assessment.schedule.planned
    between = (one for one in assessment.findings if one.rule.area == AREA)
    return Figures(
        environment=assessment.environment,
        slug=assessment.slug,
        verdict=assessment.verdict,
        reason=assessment.reason,
        score=assessment.score.value,
        issues={severity: len(assessment.issues_of(severity)) for severity in Severity},
        decisions=len(assessment.decisions),
        ready_at=assessment.schedule.ready_at,
        planned=planned.moment.begins() if planned.moment else None,
        kept=planned.kept,
        findings=tuple(one for one in between if one.outcome in (Outcome.FAIL, Outcome.UNDETERMINED)),
    )


class Member(Struct, frozen=True):
    """One project of a portfolio: its figures, or why there are none."""

    path: str
    """Its folder, relative to the folder that all projects share; tells it from all others."""
    name: str
    """The short name of its plan, else its slug; of one that could not be read, its folder."""
    figures: Figures | None = None
    failure: ReadinessError | None = None
    """Why it could not be assessed; None when it was."""
    needs: tuple[str, ...] = ()
    """The paths of the members that it needs directly, in the order in which that is said."""
    blocked_by: tuple[Blocking, ...] = ()
    """Every member it needs, directly or not, that is not READY: the nearest first."""

    @property
    def ready(self) -> bool:
        """Whether its own verdict is READY, whatever blocks it."""
        return self.figures is not None and self.figures.verdict is Verdict.READY


class Portfolio(Struct, frozen=True, dict=True):
    """Several projects for one environment at one moment."""

    environment: str
    as_of: datetime
    members: tuple[Member, ...]
    """In the order in which they were named."""

    @property
    def verdict(self) -> Verdict:
        """The worst of all; a project that could not be assessed leaves it UNDETERMINED at best."""
        verdicts = {member.figures.verdict if member.figures else Verdict.UNDETERMINED for member in self.members}
        return next(verdict for verdict in Verdict if verdict in verdicts)

    @property
    def findings(self) -> tuple[tuple[Member, Finding], ...]:
        """What the rules between projects found or could not tell, project by project."""
        return tuple(
            (member, finding)
            for member in self.members
            for finding in (member.figures.findings if member.figures else ())
        )

    @property
    def blocked(self) -> tuple[Member, ...]:
        """The members that wait for another one, whatever their own verdict."""
        return tuple(member for member in self.members if member.blocked_by)

    def member(self, path: str) -> Member:
        """The member at that path; raises KeyError when there is none."""
        return self._by_path[path]

    def is_common(self, name: str) -> bool:
        """Whether several members have that name."""
        return self._names[name] > 1

    @cached_property
    def _by_path(self) -> Mapping[str, Member]:
        return {member.path: member for member in self.members}

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(member.name for member in self.members)


def blocking(path: str, needs: Mapping[str, Sequence[str]], ready: Collection[str]) -> tuple[Blocking, ...]:
    """Everything that the project at `path` needs and that is not ready, each by one shortest way, nearest first.

    A project that is ready itself hands on what it waits for; a circle is gone round once.
    """
    found: list[Blocking] = []
    seen = {path}
    pending: deque[tuple[str, tuple[str, ...]]] = deque([(path, ())])
    while pending:
        current, through = pending.popleft()
        for needed in needs.get(current, ()):
            if needed in seen:
                continue
            seen.add(needed)
            if needed not in ready:
                found.append(Blocking(needed, through))
            pending.append((needed, (*through, needed)))
    return tuple(found)

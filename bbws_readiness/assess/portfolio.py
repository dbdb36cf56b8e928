"""Several assessed projects side by side: the worst verdict, and who is blocked by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.errors import ReadinessError

AREA = "POR"
"""The area of the rules that hold projects against each other."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """A project that is not READY, of which another one needs something, directly or not."""

    path: str
    """Of the project that blocks."""
    through: tuple[str, ...] = ()
    """The paths of the projects in between, from the blocked one on; empty for a direct need."""


@dataclass(frozen=True, slots=True)
class Member:
    """One project of a portfolio: its assessment, or why there is none."""

    path: str
    """Its folder, relative to the folder that all projects share; tells it from all others."""
    name: str
    """The short name of its plan, else its slug; of one that could not be read, its folder."""
    assessment: Assessment | None = None
    failure: ReadinessError | None = None
    """Why it could not be assessed; None when it was."""
    needs: tuple[str, ...] = ()
    """The paths of the members that it needs directly, in the order in which that is said."""
    blocked_by: tuple[Blocking, ...] = ()
    """Every member it needs, directly or not, that is not READY: the nearest first."""

    @property
    def ready(self) -> bool:
        """Whether its own verdict is READY, whatever blocks it."""
        return self.assessment is not None and self.assessment.verdict is Verdict.READY


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Several projects for one environment at one moment."""

    environment: str
    as_of: datetime
    members: tuple[Member, ...]
    """In the order in which they were named."""

    @property
    def verdict(self) -> Verdict:
        """The worst of all; a project that could not be assessed leaves it UNDETERMINED at best."""
        verdicts = {member.assessment.verdict if member.assessment else Verdict.UNDETERMINED for member in self.members}
        return next(verdict for verdict in Verdict if verdict in verdicts)

    @property
    def findings(self) -> tuple[tuple[Member, Finding], ...]:
        """What the rules between projects found or could not tell, project by project."""
        return tuple(
            (member, finding)
            for member in self.members
            if member.assessment
            for finding in member.assessment.findings
            if finding.rule.area == AREA and finding.outcome in (Outcome.FAIL, Outcome.UNDETERMINED)
        )

    @property
    def blocked(self) -> tuple[Member, ...]:
        """The members that wait for another one, whatever their own verdict."""
        return tuple(member for member in self.members if member.blocked_by)

    def member(self, path: str) -> Member:
        """The member at that path; raises KeyError when there is none."""
        for member in self.members:
            if member.path == path:
                return member
        raise KeyError(path)


def blocking(path: str, needs: Mapping[str, Sequence[str]], ready: Collection[str]) -> tuple[Blocking, ...]:
    """Everything that the project at `path` needs and that is not ready, each by one shortest way, nearest first.

    A project that is ready itself hands on what it waits for; a circle is gone round once.
    """
    found: list[Blocking] = []
    seen = {path}
    pending: list[tuple[str, tuple[str, ...]]] = [(path, ())]
    while pending:
        current, through = pending.pop(0)
        for needed in needs.get(current, ()):
            if needed in seen:
                continue
            seen.add(needed)
            if needed not in ready:
                found.append(Blocking(needed, through))
            pending.append((needed, (*through, needed)))
    return tuple(found)

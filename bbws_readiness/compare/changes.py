"""What two assessments have made of each issue, and what lies behind each difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bbws_readiness.compare.snapshot import DecidedState, InputState, IssueState, Snapshot


class Kind(StrEnum):
    """What became of an issue or an open decision."""

    NEW = "new"
    RESOLVED = "resolved"
    RECLASSIFIED = "reclassified"
    """Still told, at another priority or with another standing; also when another rule tells its rest."""
    REINSTATED = "reinstated"
    """Had been settled, and is open again."""
    UNCHANGED = "unchanged"
    NOT_COMPARABLE = "not comparable"
    """One side could not or did not ask."""


class Cause(StrEnum):
    """What lies behind a difference."""

    CODE = "code"
    DOCUMENTS = "documents"
    DECISIONS = "decisions"
    AUTHORITY = "authority"
    CONFIGURATION = "configuration"
    """What else readiness.yaml says: severities, parameters, calendars."""
    TOOL = "tool"
    TIME = "time"
    """The moment of assessment alone: a date has passed, a decision has expired."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IssueChange:
    """One issue or decision, before and after."""

    kind: Kind
    key: str
    """As `IssueState.key`; of the earlier one where both exist under different keys."""
    before: IssueState | None
    after: IssueState | None
    causes: tuple[Cause, ...]
    """In the order of the enumeration; empty for UNCHANGED."""
    why: str
    """In one sentence, with the decision's id, the authority or the files that made the difference."""
    decisions: tuple[DecidedState, ...]
    """The entries of either log that settle it now, or settled it before."""
    points: Decimal
    """What it does to the score: positive when it gives points back."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """A file that differs; one of the two is None when it was added or removed."""

    before: InputState | None
    after: InputState | None
    cause: Cause
    """CODE, DOCUMENTS, DECISIONS or CONFIGURATION."""


@dataclass(frozen=True, slots=True)
class AuthorityChange:
    """Who is right about a facet, before and after; `default` is the facet of what is not named."""

    facet: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidedChange:
    """An entry of the decision log that was added, removed, or is in another state."""

    before: DecidedState | None
    after: DecidedState | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two assessments of one project and environment."""

    before: Snapshot
    after: Snapshot
    issues: tuple[IssueChange, ...]
    """Those of the earlier run in its order, then the new ones."""
    inputs: tuple[InputChange, ...]
    """By path."""
    authority: tuple[AuthorityChange, ...]
    decided: tuple[DecidedChange, ...]
    tool: tuple[str, str] | None
    """Version and short digest of the rules before and after, as texts; None when both are equal."""
    floor: Decimal
    """Points that the floor of 0 swallowed on one side: `after.score - before.score` is the sum of all points
    less this."""

    @property
    def verdict_changed(self) -> bool:
        """Whether the two say different words."""
        return self.before.verdict != self.after.verdict

    def of(self, kind: Kind) -> tuple[IssueChange, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.issues if change.kind is kind)

    @property
    def corrects(self) -> bool:
        """Whether a correction notice is due.

        It is when the verdict changed, or an issue that was critical or high is no longer told as such, or an issue
        that is critical or high now had been settled before.
        """
        if self.verdict_changed:
            return True
        for change in self.issues:
            grave = ("critical", "high")
            was = change.before is not None and change.before.severity in grave
            remains = change.after is not None and change.after.severity in grave
            if was and not remains:
                return True
            if change.kind is Kind.REINSTATED and remains:
                return True
        return False

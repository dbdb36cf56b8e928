"""What two assessments have made of each issue, and what lies behind each difference."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from bbws_readiness.compare.snapshot import DecidedState, InputState, IssueState, Snapshot


class Kind(StrEnum):
    """What became of an issue or an open decision."""

    NEW = "new"
    RESOLVED = "resolved"
    RECLASSIFIED = "reclassified"
    """Still told, at another priority, with another standing or another weight; also when another rule tells its rest,
    and when what was told with another issue stands by itself now, or the other way round."""
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


GRAVE = ("critical", "high")
"""The severities of which a reader has to hear when they turn out otherwise."""


class IssueChange(Struct, frozen=True):
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
    within: str = ""
    """Key of the issue that tells it where `before` or `after` is None but it was not absent; empty otherwise."""


class InputChange(Struct, frozen=True):
    """A file that differs; one of the two is None when it was added or removed."""

    before: InputState | None
    after: InputState | None
    cause: Cause
    """CODE, DOCUMENTS, DECISIONS or CONFIGURATION."""

    @property
    def path(self) -> str:
        """Of the file, on whichever side it is."""
        return self.after.path if self.after else self.before.path if self.before else ""

    @property
    def verb(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


class AuthorityChange(Struct, frozen=True):
    """Who is right about a facet, before and after; `default` is the facet of what is not named."""

    facet: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class DecidedChange(Struct, frozen=True):
    """An entry of the decision log that was added, removed, or is in another state."""

    before: DecidedState | None
    after: DecidedState | None


class Changes(Struct, frozen=True):
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

    @property
    def differs(self) -> bool:
        """Whether the two judge differently. Other files, another tool or another day alone are no difference."""
        moved = any(change.kind is not Kind.UNCHANGED or change.why for change in self.issues)
        return moved or self.verdict_changed or self.before.score != self.after.score

    def of(self, kind: Kind) -> tuple[IssueChange, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.issues if change.kind is kind)

    @property
    def corrects(self) -> bool:
        """Whether a correction notice is due.

        It is when the verdict changed; when an issue that was critical or high is not told any more, or at another
        priority; when one that is critical or high now had been settled before; and when one of its findings has been
        settled since, or is settled no more.
        """
        if self.verdict_changed:
            return True
        for change in self.issues:
            before, now = change.before, self.now(change)
            if before and before.severity in GRAVE and (now is None or now.severity != before.severity):
                return True
            if change.kind is Kind.REINSTATED and now and now.severity in GRAVE:
                return True
        return _newly_settled(self.before, self.after) or _newly_settled(self.after, self.before)

    def now(self, change: IssueChange) -> IssueState | None:
        """What an issue of the earlier run is told as in the later one; None when it is not told."""
        return change.after or (self.after.issue(change.within) if change.before and change.within else None)

    def then(self, change: IssueChange) -> IssueState | None:
        """What an issue of the later run was told as in the earlier one; None when it was not told."""
        return change.before or (self.before.issue(change.within) if change.after and change.within else None)


def _newly_settled(one: Snapshot, other: Snapshot) -> bool:
    """Whether `other` settles a grave defect that is open in `one`."""
    settled = {finding.fingerprint for finding in other.findings if finding.failed and finding.settled_by}
    return any(
        finding.fingerprint in settled and finding.standing == "defect" and finding.severity in GRAVE
        for finding in one.findings
        if finding.open
    )

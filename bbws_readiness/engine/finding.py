"""What a check observed, and the finding that the engine makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct, field

from bbws_readiness.engine.rule import Rule, Severity
from bbws_readiness.source import Location, SourceKind


class Outcome(StrEnum):
    """The answer to a rule for one subject."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not-applicable"


class Standing(StrEnum):
    """What a failure is: a defect of what will be deployed, a drift of a document, or a decision to be taken."""

    DEFECT = "defect"
    DRIFT = "drift"
    DECISION = "decision"


class Status(StrEnum):
    """The five words that documents use for a check."""

    PASS = "PASS"  # noqa: S105 - a status, not a password
    FAIL = "FAIL"
    NOT_VERIFIED = "NOT VERIFIED"
    NOT_APPLICABLE = "NOT APPLICABLE"
    DECISION = "DECISION"


Statement: TypeAlias = frozenset[str] | str | int | bool
"""What a source says, made comparable. A number agrees with a set of that size (a README that only counts)."""


class Side(Struct, frozen=True, gc=False):
    """One source's statement about the subject of an observation."""

    source: SourceKind
    says: Statement
    text: str
    """The statement in words, for votes and tables: `ByStatus, ByDate`."""
    at: tuple[Location, ...]
    """Where it says so, the most telling place first."""

    def agrees_with(self, other: Side) -> bool:
        """Whether both can be true at once."""
        mine, theirs = self.says, other.says
        if isinstance(mine, frozenset) and type(theirs) is int:
            return len(mine) == theirs
        if isinstance(theirs, frozenset) and type(mine) is int:
            return len(theirs) == mine
        return mine == theirs


class Related(Struct, frozen=True, gc=False):
    """Another place that belongs to a finding, with what it says there."""

    at: Location
    text: str


class Observation(Struct, frozen=True, gc=False):
    """What a check saw for one subject. The wording comes from the rule; `values` fills its placeholders."""

    outcome: Outcome
    subject: str
    at: Location
    values: Mapping[str, str] = field(default_factory=dict)
    expected: str = ""
    actual: str = ""
    sides: tuple[Side, ...] = ()
    """Compare rules: every source that speaks of the subject. Demand rules: every source that asks."""
    related: tuple[Related, ...] = ()
    facet: str = ""
    """Overrides the rule's facet (`facet of the noun`)."""
    needs: str = ""
    """`AWS` or `GitHub` when only they can tell; empty when the files should."""
    wording: str = ""
    """Key of another message of the rule than the outcome's own."""


class Vote(Struct, frozen=True):
    """One opinion on the rule's whole question, and the sources that hold it."""

    sources: tuple[SourceKind, ...]
    text: str
    at: tuple[Location, ...]
    """One place per source, in their order."""


class CheckResult(Struct, frozen=True):
    """All observations of one check, with what belongs to none of them alone."""

    observations: tuple[Observation, ...]
    votes: tuple[Vote, ...] = ()
    """The opinions on the whole question, most telling first; printed where a decision is open."""
    summary: Mapping[str, str] = field(default_factory=dict)
    """Values for the rule's title and its remedy's options."""
    not_before: Mapping[str, datetime] = field(default_factory=dict)
    """Per subject, the moment before which the environment cannot be deployed, unless its finding is settled."""


class Finding(Struct, frozen=True, gc=False):
    """One answer of one rule for one subject, with its place and what it means."""

    rule: Rule
    outcome: Outcome
    subject: str
    at: Location
    message: str
    facet: str
    expected: str = ""
    actual: str = ""
    related: tuple[Related, ...] = ()
    sides: tuple[Side, ...] = ()
    standing: Standing | None = None
    """Only failures have one."""
    severity: Severity | None = None
    """Only failures have one; a drift is low."""
    document: SourceKind | None = None
    """The source that drifts."""
    authority: SourceKind | None = None
    """The source that was taken as the truth."""
    explained_by: str = ""
    """Fingerprint of the finding that explains this one; it then counts nowhere else."""
    settled_by: str = ""
    """The decision or waiver that settles it; empty when open."""
    needs: str = ""

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that stay the same while the finding is about the same thing, wherever its lines move."""
        return hashlib.sha256("\n".join(self.about).encode()).hexdigest()[:12]

    @property
    def about(self) -> tuple[str, ...]:
        """What the fingerprint is made of: to compare these takes a fraction of the time."""
        return self.rule.code, self.subject, self.facet, self.document or ""

    @property
    def open(self) -> bool:
        """A failure that nothing explains and nobody has settled."""
        return self.outcome is Outcome.FAIL and not self.explained_by and not self.settled_by

    @property
    def status(self) -> Status:
        """The word that documents print for it."""
        status = _STATUSES[self.outcome]
        return Status.DECISION if status is Status.FAIL and self.standing is Standing.DECISION else status

    @property
    def order(self) -> tuple[int, int, str, Location, str]:
        """Severity, area, rule, place, subject: the order of every list."""
        return (RANKS[self.severity], *self.rule.order, self.at, self.subject)


RANKS: Mapping[Severity | None, int] = {None: len(Severity), **{severity: severity.rank for severity in Severity}}
"""Worst first; a finding without a severity comes last."""
_STATUSES: Mapping[Outcome, Status] = {
    Outcome.PASS: Status.PASS,
    Outcome.FAIL: Status.FAIL,
    Outcome.UNDETERMINED: Status.NOT_VERIFIED,
    Outcome.NOT_APPLICABLE: Status.NOT_APPLICABLE,
}

"""An entry of the decision log as it is written, with what came of it in one assessment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from bbws_readiness.engine.finding import Finding, Outcome, Standing
from bbws_readiness.patterns import regex
from bbws_readiness.source import CODE, Location, SourceKind

ID = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
"""What an id is made of; it has no space, so that no waiver's key can be one."""
FINGERPRINT = regex(r"[0-9a-f]{12}", re.ASCII)
"""What fingerprints of findings and digests of statements look like."""
MAX_TEXT = 500
"""Characters of a reason, a claim or a note; a longer one in the log makes its entry malformed."""
MAX_NAME = 100
"""Characters of a role, an environment or a subject."""
_NEVER_DRIFTING = {*CODE, SourceKind.CONFIGURATION, SourceKind.GIT, SourceKind.FILES}
DOCUMENTS = {kind.value: kind for kind in SourceKind if kind not in _NEVER_DRIFTING}
"""What can drift, by the words of the log: code has defects, and what the configuration asks for is always right."""
_NUMBERED = regex(r"D([0-9]{1,9})", re.ASCII)


class DecisionKind(StrEnum):
    """Why a finding need not be mended."""

    BY_DESIGN = "by-design"
    """What was found is meant to be so."""
    NOT_REQUIRED = "not-required"
    """What is missing is not needed."""
    ACCEPTED_RISK = "accepted-risk"
    """It is a fault, and is borne until a day; only this kind needs `until`."""


class State(StrEnum):
    """What came of an entry."""

    IN_FORCE = "in-force"
    UNUSED = "unused"
    """It would hold, and nothing that it settles has failed."""
    EXPIRED = "expired"
    """Its last day has passed, or cannot be read."""
    VOID = "void"
    """What a finding states, or what a claim rests on, has changed since."""
    REFUSED = "refused"
    """A source contradicts it, the base does not have it, a rule cannot be settled, or its day is yet to come."""
    MALFORMED = "malformed"


class Drift(Struct, frozen=True):
    """All in which one document differs from the authority under one rule, whenever it does."""

    rule: str
    """Code of the rule."""
    document: SourceKind

    def __str__(self) -> str:
        """`NAM001@plan`, as `readiness decide` takes it."""
        return f"{self.rule}@{self.document.value}"

    def covers(self, finding: Finding) -> bool:
        """Whether it is a failure of that kind; a defect or an open decision never is."""
        return self == Drift.of(finding)

    @classmethod
    def of(cls, finding: Finding) -> Drift | None:
        """The drift that a finding is part of, or None."""
        if finding.outcome is not Outcome.FAIL or finding.standing is not Standing.DRIFT or not finding.document:
            return None
        return cls(finding.rule.code, finding.document)


class Reference(Struct, frozen=True):
    """What an entry settles: one finding, or all drift of a document. All but the fingerprint may be empty."""

    fingerprint: str
    """Empty for the drift of a document."""
    at: Location
    rule: str = ""
    """Code of the rule, for people."""
    subject: str = ""
    """For people."""
    statement: str = ""
    """Digest of what the finding stated when it was decided; empty takes whatever it states."""
    drift: Drift | None = None
    """Instead of a finding; subject and statement are then empty."""

    def is_about(self, finding: Finding) -> bool:
        """Whether it names that finding, or a drift which that is part of."""
        return self.drift.covers(finding) if self.drift else self.fingerprint == finding.fingerprint


class Evidence(Struct, frozen=True):
    """One claim that can be checked, as it is recorded."""

    claim: str
    at: Location
    places: tuple[str, ...] = ()
    """`path:line` of the day it was decided, for people."""
    digest: str = ""
    """Of what the claim rested on then; empty asks only that it still holds."""


class Entry(Struct, frozen=True):
    """One entry of the log. Texts are those of the project, none longer than `MAX_TEXT`.

    An entry with a `fault` has whatever else could be read; it is never in force.
    """

    id: str
    """Empty when it cannot be read."""
    at: Location
    """Where it begins."""
    kind: DecisionKind | None = None
    environments: tuple[str, ...] = ()
    findings: tuple[Reference, ...] = ()
    by: tuple[str, ...] = ()
    on: date | None = None
    until: str = ""
    """As written; empty when it holds until the evidence changes."""
    last_day: date | None = None
    """The last day in force; None without `until`, and when that is no date."""
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    fault: str = ""
    """What is wrong with it and the way out; empty when it is well formed."""
    content: str = ""
    """Digest of its keys and values as written, whatever its layout: equal for the same entry in another log."""


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def next_id(entries: Sequence[Entry]) -> str:
    """The id `decide` gives: `D` and the number after the highest of that form, `D1` in an empty log."""
    numbers = (int(found[1]) for entry in entries if (found := _NUMBERED.fullmatch(entry.id)))
    return f"D{max(numbers, default=0) + 1}"

"""One published assessment as a comparison sees it: a part of its JSON, read back as values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct


class FindingState(Struct, frozen=True):
    """One answer of one rule for one subject; the words are those of the JSON."""

    fingerprint: str
    rule: str
    slug: str
    status: str
    """`PASS`, `FAIL`, `NOT VERIFIED`, `NOT APPLICABLE` or `DECISION`."""
    standing: str
    """`defect`, `drift` or `decision`; empty for what has not failed."""
    severity: str
    facet: str
    subject: str
    message: str
    document: str
    """The source that drifts, or empty."""
    explained_by: str
    settled_by: str
    at: str
    """`path:line`."""
    places: tuple[str, ...]
    """All places it rests on, its own first, each `path:line` once."""
    authority: str = ""
    """The source that was taken as the truth, or empty."""
    says: str = ""
    """Short digest of what the sources say about its subject, whoever is right and wherever their lines are."""
    finds: str = ""
    """Short digest of what was expected and what is there, in the words of its standing."""

    @property
    def failed(self) -> bool:
        """Whether it is a failure, open or not."""
        return self.status in ("FAIL", "DECISION")

    @property
    def open(self) -> bool:
        """A failure that nothing explains and nobody has settled."""
        return self.failed and not self.explained_by and not self.settled_by

    @property
    def subject_key(self) -> tuple[str, str]:
        """What finds it again when another document drifts: rule and subject."""
        return self.rule, self.subject


class RuleState(Struct, frozen=True):
    """All answers of one rule."""

    code: str
    statuses: tuple[str, ...]
    """Each status that one of its findings has, in alphabetical order."""
    files: tuple[str, ...]
    """Every file that its findings rest on, also those that pass, in alphabetical order."""


class IssueState(Struct, frozen=True):
    """An open issue, or (with the standing `decision` and no severity) an open decision."""

    key: str
    """Code of the rule, or `decision:` and the key of the decision: what `LedgerLine.key` holds."""
    rules: tuple[str, ...]
    title: str
    severity: str
    """`critical` to `low`; empty for a decision."""
    standing: str
    """`defect`, `drift` or `decision`."""
    subjects: tuple[str, ...]
    at: str
    findings: tuple[str, ...]
    """Fingerprints."""
    evidence: tuple[str, ...]
    """Fingerprints of the findings that it explains."""


class LedgerLine(Struct, frozen=True):
    """One deduction."""

    key: str
    label: str
    severity: str
    """`decision` for an open decision."""
    points: Decimal


class InputState(Struct, frozen=True):
    """One file that was read."""

    path: str
    kind: str
    sha256: str


class DecidedState(Struct, frozen=True):
    """One entry of the decision log."""

    id: str
    kind: str
    state: str
    by: tuple[str, ...]
    on: str
    until: str
    reason: str
    note: str
    rules: tuple[str, ...]
    findings: tuple[str, ...]
    """Fingerprints of what it settles, or would settle were it in force."""
    at: str
    environments: tuple[str, ...] = ()
    evidence: tuple[EvidenceState, ...] = ()


class EvidenceState(Struct, frozen=True):
    """A claim on which a decision rests."""

    claim: str
    at: tuple[str, ...]


class SwitchedOff(Struct, frozen=True):
    """A rule that the configuration left out."""

    rule: str
    """Code or slug, as the configuration names it."""
    at: str


class Snapshot(Struct, frozen=True):
    """What two assessments are compared by."""

    tool_version: str
    rulebook: str
    """Short digest of the rules in force, their parameters and words; equal for equal judgement."""
    project: str
    slug: str
    environment: str
    as_of: str
    commit: str
    """Empty outside of a checkout."""
    verdict: str
    reason: str
    score: Decimal
    ledger: tuple[LedgerLine, ...]
    determined: int
    total: int
    outside: int
    authority: Mapping[str, tuple[str, ...]]
    """Facet or `default` to sources."""
    inputs: tuple[InputState, ...]
    issues: tuple[IssueState, ...]
    """Open issues, worst first, then the open decisions."""
    findings: tuple[FindingState, ...]
    """All but those that pass."""
    decided: tuple[DecidedState, ...]
    """The decision log, in its order."""
    rules: tuple[RuleState, ...] = ()
    """The rules that have an answer, by code."""
    waived: tuple[DecidedState, ...] = ()
    """Waivers in comments; the id is what `FindingState.settled_by` holds, the kind `waiver`."""
    switched_off: tuple[SwitchedOff, ...] = ()

    def issue(self, key: str) -> IssueState | None:
        """The open issue or decision of that key."""
        return next((issue for issue in self.issues if issue.key == key), None)

    def authority_of(self, facet: str) -> tuple[str, ...]:
        """Who is right about a facet, the default where it is not named."""
        return self.authority.get(facet, self.authority.get("default", ()))

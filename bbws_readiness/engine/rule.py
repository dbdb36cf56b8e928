"""A rule as its YAML file states it: identity, wording, parameters, remedy, owner and estimate, but no logic."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from bbws_readiness.source import Location


class Severity(StrEnum):
    """How bad a failure is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical up to 3 for low, for sorting worst first."""
        return _RANKS[self]


_RANKS: Mapping[Severity, int] = {severity: rank for rank, severity in enumerate(Severity)}


class Kind(StrEnum):
    """What makes a failure: sources that differ, a demand that is not met, one source alone, or a document at odds."""

    COMPARE = "compare"
    DEMAND = "demand"
    ALONE = "alone"
    SELF = "self"


class Scope(StrEnum):
    """The environments a rule is about."""

    ANY = "any"
    SHARED = "shared"
    """From SIT up: every environment but a developer's own."""
    PRODUCTION = "production"


AREAS: Mapping[str, str] = {
    "TBL": "Tables",
    "CNT": "Counts",
    "IDX": "Indexes and keys",
    "NAM": "Names",
    "TAG": "Tags",
    "ENC": "Encryption",
    "DUR": "Durability",
    "BKP": "Backup",
    "ENV": "Environment settings",
    "TFC": "Terraform configuration",
    "STA": "State",
    "WFL": "Workflows",
    "VAL": "Validation",
    "IAM": "Access",
    "SEC": "Secrets",
    "REL": "Release",
    "DOC": "Repository documents",
    "PLN": "Promotion plan",
    "CMD": "Commands in documents",
    "CAL": "Dates",
    "POR": "Portfolio",
    "RES": "Other resources",
}
"""Rule areas by code prefix, in the order of the catalogue, which is the order of every list of findings."""
_PLACES: Mapping[str, int] = {area: place for place, area in enumerate(AREAS)}
_BEYOND = len(_PLACES)
"""The place of every area that is none of ours."""


class Risk(Struct, frozen=True):
    """What happens if it is deployed as it is; ratings are None when nobody rated it."""

    text: str
    likelihood: str | None = None
    impact: str | None = None


class Explanation(Struct, frozen=True):
    """A rule whose failure makes this rule's failure mere evidence."""

    rule: str
    same: str
    """What both must share: `subject`, `facet` or `project` (always shared)."""


class Rule(Struct, frozen=True):
    """One question with one answer per subject."""

    code: str
    slug: str
    """The fault in words, so that `ignore: missing-table` reads well."""
    name: str
    """Short heading without figures: `Missing tables`."""
    title: str
    """Heading of an issue; `{placeholders}` are filled from the check's summary, `{subjects}` always exists."""
    kind: Kind
    facet: str
    severity: Severity
    check: str
    remedy: str
    holds: str
    why: str
    messages: Mapping[str, str]
    """One wording per outcome: `pass`, `fail`, `undetermined`, `not-applicable`."""
    at: Location
    severity_unasked: Severity | None = None
    """Of a demand for whose facet no authority is declared."""
    by_itself: bool = False
    """A demand that fails with `severity_unasked` even when nobody in force asks."""
    scope: Scope = Scope.ANY
    reads: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    minutes: int = 60
    gating: bool = False
    """An undetermined answer makes the verdict UNDETERMINED."""
    explained_by: tuple[Explanation, ...] = ()
    risk: Risk | None = None
    lesson: str = ""
    fix: str = ""
    settle: str = ""
    """How to record that the finding is meant to be so."""
    enabled: bool = True
    ignorable: bool = True
    """False: a configuration can neither switch it off nor lower its severity."""
    decidable: bool = True
    """False: the decision log cannot settle what it finds."""
    own: bool = False
    """It comes from the assessed project, not with this tool."""
    parameter_types: Mapping[str, str] = field(default_factory=dict)
    """Every parameter that can be set, to a key of `bbws_readiness.engine.signature.TYPES`."""

    @property
    def area(self) -> str:
        """The code's prefix, a key of `AREAS`."""
        return self.code[:3]

    @property
    def order(self) -> tuple[int, str]:
        """Place in the catalogue: area first, then number."""
        return (_PLACES.get(self.code[:3], _BEYOND), self.code)


class Option(Struct, frozen=True):
    """One of the ways out of a decision. Texts may hold `{placeholders}` of the check's summary."""

    key: str
    """`A`, `B`, …"""
    title: str
    changes: str
    """What must be edited."""
    pro: str = ""
    con: str = ""
    minutes: int | None = None
    irreversible: str = ""
    """What cannot be undone: replacement, loss of data."""
    tasks: tuple[str, ...] = ()
    favours: tuple[str, ...] = ()
    """The sources that this option makes right."""


class Task(Struct, frozen=True):
    """One box to tick; `key` is stable for ever within its remedy."""

    key: str
    text: str
    snippet: str = ""
    """File name below `templates/snippets/`, or empty."""
    for_: str = ""
    """`tables` where only a project with tables has it to do, `resources` where only one without; else empty."""


class Remedy(Struct, frozen=True):
    """What to do about the findings of one or several rules: the source of one action."""

    key: str
    title: str
    phase: str
    """`decide`, `build`, `verify`, `release` or `deploy`."""
    at: Location
    after: tuple[str, ...] = ()
    """Remedies that come first: keys, `every:decide`, `every:terraform-change` or `every:build-but-documentation`."""
    changes_terraform: bool = False
    question: str = ""
    options: tuple[Option, ...] = ()
    tasks: tuple[Task, ...] = ()
    owners: tuple[str, ...] = ()
    """Empty: those of the leading rule."""
    minutes: int | None = None
    """None: those of the leading rule."""
    external: tuple[str, ...] = ()
    """Prerequisites outside the project: access."""
    priority: Severity | None = None
    """Fixed priority of an action that closes no rule."""
    always: bool = False
    """Present in every assessment: the verifications."""
    group: str = ""
    """Group of the checklist tracker."""
    deliverable: str = ""
    verifies: tuple[str, ...] = ()
    """For a verification: which of `AWS`, `GitHub` it looks at."""

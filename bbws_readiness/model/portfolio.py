"""What the documents about several projects say: waves, edges, dates, approvals, costs, blockers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Moment, Period
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_GROUPS = regex(r"^(?:\d+_)+")


def project_alias(name: str, organisation: str = "") -> str:
    """One spelling of a project's name: `Shipments schemas` and `3_1_acme_shipments_schemas` are the same project."""
    spelt = re.sub(r"[\s-]+", "_", name.strip().casefold())
    spelt = _GROUPS.sub("", spelt)
    return spelt.removeprefix(f"{organisation.casefold()}_") if organisation else spelt


class WaveEntry(Struct, frozen=True):
    """A row of a wave table."""

    project: Fact[str]
    wave: str
    """`Wave 1` from the heading above or a column; empty when nothing says it."""
    number: str = ""
    """The first column, as written."""
    plan: str = ""
    type: str = ""
    owner: str = ""
    targets: Mapping[str, Moment] = field(default_factory=dict)
    """Per environment, the day in its `Target` column."""
    statuses: Mapping[str, Fact[str]] = field(default_factory=dict)
    """Per environment, the words of its `Status` column, or of a target that is no day."""


class Edge(Struct, frozen=True):
    """An arrow of a dependency list: `**source** → target (what)`. Which way it is meant is for its heading to say."""

    source: Fact[str]
    target: Fact[str]
    what: str = ""
    topic: str = ""
    """The heading above."""


class Sentence(Struct, frozen=True):
    """A statement in words below a heading: a prerequisite, a `**Dependencies:**` line."""

    text: Fact[str]
    topic: str = ""
    ticked: bool | None = None
    """None when it has no box."""


class ApprovalRow(Struct, frozen=True):
    """A row of the approval matrix."""

    plan: Fact[str]
    approvers: tuple[Fact[str], ...]


class Cost(Struct, frozen=True):
    """A price line, per month; equal bounds where one figure is stated."""

    project: Fact[str]
    """`total` in some spelling for a sum."""
    environment: str
    low: Fact[Decimal]
    high: Fact[Decimal]


class Blocker(Struct, frozen=True):
    """Something outside the projects that has to be done by a day."""

    text: Fact[str]
    due: Moment | None = None
    """None when the document names no day that is one."""


class PortfolioDocument(Struct, frozen=True):
    """One master plan or plan index: a witness, like a plan."""

    path: str
    at: Location
    title: str = ""
    waves: tuple[WaveEntry, ...] = ()
    prerequisites: tuple[Sentence, ...] = ()
    dependencies: tuple[Sentence, ...] = ()
    """The `**Dependencies:**` lines."""
    edges: tuple[Edge, ...] = ()
    timeline: tuple[Period, ...] = ()
    """The dated rows of its tree diagrams, in order."""
    approvals: tuple[ApprovalRow, ...] = ()
    costs: tuple[Cost, ...] = ()
    """Totals included, in order."""
    blockers: tuple[Blocker, ...] = ()

"""A waiver as it stands in a comment, with what came of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from bbws_readiness.engine.finding import Finding
from bbws_readiness.source import Location

MAX_WAIVERS = 200
"""More than these of one project are counted, and have no effect."""
MAX_REASON = 300
"""Characters of a reason that are kept; a longer one ends in an ellipsis."""
MAX_BY = 100
"""Characters of the name of who decided."""
NOT_OF_BASE = "the base does not have it, so it is shown and not applied"


class State(StrEnum):
    """What came of a waiver."""

    IN_FORCE = "in-force"
    UNUSED = "unused"
    """It would hold, and nothing has failed there."""
    EXPIRED = "expired"
    """Its last day has passed, or cannot be read."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """The rule cannot be waived, or the base does not have the waiver."""


class Waiver(Struct, frozen=True):
    """One rule of one comment. By, until and reason are texts of the project, cut to a bearable length."""

    rule: str
    """Code of the rule; the name as written when there is no such rule, empty when no name can be read."""
    at: Location
    state: State
    by: str = ""
    until: str = ""
    """As written."""
    last_day: date | None = None
    """The last day in force; None when `until` is no date."""
    reason: str = ""
    note: str = ""
    """Why it has no effect, and the way out; empty when in force."""
    findings: tuple[Finding, ...] = ()
    """What it settles, in the order of all lists."""

    @property
    def key(self) -> str:
        """What `Finding.settled_by` holds."""
        return f"waiver {self.at}"

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about, each once."""
        return tuple(dict.fromkeys(finding.subject for finding in self.findings))


class Waivers(Struct, frozen=True):
    """All waivers of a project, ordered by place."""

    listed: tuple[Waiver, ...] = ()
    more: int = 0
    """Comments beyond `MAX_WAIVERS`, which have no effect."""

    def of(self, state: State) -> tuple[Waiver, ...]:
        """Those of one state."""
        return tuple(waiver for waiver in self.listed if waiver.state is state)

"""How the pages word and mark what the assessment says: verdicts, statuses, priorities, places."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.finding import Status
from bbws_readiness.engine.rule import Severity
from bbws_readiness.render import wording
from bbws_readiness.render.site.places import Places
from bbws_readiness.source import Location


class Mark(Struct, frozen=True):
    """A word with its sign and its colour; never one of them alone."""

    word: str
    icon: str
    """Name of a symbol in the template `icons.html`."""
    tone: str
    """`ok`, `warn`, `bad`, `unknown`, `choice` or `muted`: a class of the style."""


class Place(Struct, frozen=True):
    """`file:line` with its address, which is empty where nobody could follow it."""

    label: str
    address: str


VERDICTS = {
    Verdict.BLOCKED: ("stop", "bad"),
    Verdict.CONDITIONAL: ("caution", "warn"),
    Verdict.UNDETERMINED: ("question", "unknown"),
    Verdict.READY: ("check", "ok"),
}
STATUSES = {
    Status.FAIL: Mark("FAIL", "cross", "bad"),
    Status.DECISION: Mark("DECISION", "scales", "choice"),
    Status.NOT_VERIFIED: Mark("NOT VERIFIED", "pause", "unknown"),
    Status.PASS: Mark("PASS", "check", "ok"),
    Status.NOT_APPLICABLE: Mark("NOT APPLICABLE", "dash", "muted"),
}
"""In the order in which pages list them."""
PRIORITIES = {
    Severity.CRITICAL: Mark("CRITICAL", "critical", "bad"),
    Severity.HIGH: Mark("HIGH", "high", "warn"),
    Severity.MEDIUM: Mark("MEDIUM", "medium", "unknown"),
    Severity.LOW: Mark("LOW", "low", "muted"),
}


def verdict_mark(assessment: Assessment) -> Mark:
    """The first word of the verdict."""
    icon, tone = VERDICTS[assessment.verdict]
    return Mark(assessment.verdict.value, icon, tone)


def verdict_rest(assessment: Assessment) -> str:
    """What stands behind the first word in every document: `NOT READY FOR DEPLOYMENT`."""
    words = wording.VERDICTS[assessment.verdict].partition(" ")[2].removeprefix(assessment.verdict.value)
    return words.removeprefix(" - ").strip()


def place(places: Places, at: Location) -> Place:
    """Where it stands, for a reader of pages."""
    return Place(str(at), places.address(at))

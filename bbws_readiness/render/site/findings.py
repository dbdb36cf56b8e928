"""What the page of findings lists: every finding once, by status, with what its rule asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.engine.finding import Finding, Related, Status
from bbws_readiness.engine.rule import AREAS, Rule, Severity
from bbws_readiness.render.site.documents import DOWNLOAD
from bbws_readiness.render.site.places import Places
from bbws_readiness.render.site.words import PRIORITIES, STATUSES, Mark, Place, place
from bbws_readiness.source import Location

MAX_PLACES = 12
"""Places of one statement that are listed; the JSON has them all."""


class Statement(Struct, frozen=True):
    """What one source says, or what is said at a further place."""

    who: str
    says: str
    places: tuple[Place, ...]
    more: int = 0


class Entry(Struct, frozen=True):
    """One finding."""

    fingerprint: str
    status: Status
    rule: str
    name: str
    subject: str
    message: str
    priority: Mark | None
    severity: str
    """The value of its severity; empty for what is no failure."""
    area: str
    owners: tuple[str, ...]
    action: int | None
    open: bool
    state: str
    """Why it is not open though it fails, or what it needs to be verified; mostly empty."""
    expected: str
    actual: str
    at: Place
    statements: tuple[Statement, ...]
    related: tuple[Statement, ...]


class Group(Struct, frozen=True):
    """All findings of one status, in the order of all lists."""

    mark: Mark
    status: str
    entries: tuple[Entry, ...]


class Choice(Struct, frozen=True):
    """One thing a filter can ask for."""

    value: str
    label: str


class FindingsView(Struct, frozen=True):
    """The page of findings."""

    groups: tuple[Group, ...]
    number: int
    rules: tuple[Rule, ...]
    """The rules of all that is not as it should be, in the order of the catalogue."""
    statuses: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    owners: tuple[Choice, ...]
    areas: tuple[Choice, ...]


def findings_view(assessment: Assessment, places: Places) -> FindingsView:
    """Everything of the assessment's findings that a reader can look up."""
    actions = _actions(assessment)
    entries = [_entry(finding, actions.get(finding.fingerprint), places) for finding in assessment.findings]
    groups = tuple(_groups(entries))
    told = {finding.rule.code: finding.rule for finding in assessment.findings if finding.status in _TOLD}
    owners = sorted({owner for entry in entries for owner in entry.owners})
    areas = [area for area in AREAS.values() if any(entry.area == area for entry in entries)]
    areas += sorted({entry.area for entry in entries}.difference(areas))
    return FindingsView(
        groups,
        len(entries),
        tuple(sorted(told.values(), key=lambda rule: rule.order)),
        tuple(Choice(group.status, group.mark.word) for group in groups),
        tuple(Choice(one.value, PRIORITIES[one].word) for one in Severity),
        tuple(Choice(owner, owner) for owner in owners),
        tuple(Choice(area, area) for area in areas),
    )


_TOLD = (Status.FAIL, Status.DECISION, Status.NOT_VERIFIED)


class _Closing(Struct, frozen=True):
    number: int
    owners: tuple[str, ...]


def _actions(assessment: Assessment) -> Mapping[str, _Closing]:
    """By fingerprint, the action that closes a finding."""
    found: dict[str, _Closing] = {}
    for issue in assessment.issues:
        action = assessment.action(issue.action)
        for finding in (*issue.findings, *issue.evidence):
            found.setdefault(finding.fingerprint, _Closing(action.number, action.owners))
    for decision in assessment.decisions:
        number = assessment.action(decision.key).number
        for finding in decision.findings:
            found.setdefault(finding.fingerprint, _Closing(number, decision.owners))
    return found


def _groups(entries: Sequence[Entry]) -> Iterator[Group]:
    for status, mark in STATUSES.items():
        found = tuple(entry for entry in entries if entry.status is status)
        if found:
            yield Group(mark, status.value, found)


def _entry(finding: Finding, closing: _Closing | None, places: Places) -> Entry:
    severity = finding.severity
    return Entry(
        fingerprint=finding.fingerprint,
        status=finding.status,
        rule=finding.rule.code,
        name=finding.rule.name,
        subject=finding.subject,
        message=finding.message,
        priority=PRIORITIES[severity] if severity else None,
        severity=severity.value if severity else "",
        area=AREAS.get(finding.rule.area, finding.rule.area),
        owners=closing.owners if closing and finding.open else (),
        action=closing.number if closing else None,
        open=finding.open,
        state=_state(finding),
        expected=finding.expected,
        actual=finding.actual,
        at=place(places, finding.at),
        statements=tuple(_said(str(one.source), one.text, one.at, places) for one in finding.sides),
        related=() if finding.sides else tuple(_related(finding.related, places)),
    )


def _said(who: str, text: str, at: Sequence[Location], places: Places) -> Statement:
    lines = list(dict.fromkeys(Location(one.path, one.line) for one in at))
    shown = tuple(place(places, one) for one in lines[:MAX_PLACES])
    return Statement(who, text, shown, max(0, len(lines) - MAX_PLACES))


def _related(related: Sequence[Related], places: Places) -> Iterator[Statement]:
    for one in related[:MAX_PLACES]:
        yield _said("", one.text, (one.at,), places)
    if len(related) > MAX_PLACES:
        yield _said("", f"{len(related) - MAX_PLACES} more in {DOWNLOAD}", (), places)


def _state(finding: Finding) -> str:
    if finding.settled_by:
        return f"settled by {finding.settled_by}"
    if finding.explained_by:
        return "evidence of another finding"
    if finding.status is Status.NOT_VERIFIED:
        return f"needs {finding.needs}" if finding.needs else "not determinable from the files"
    return finding.standing.value if finding.standing else ""

"""Collects the planned days of a plan from its timeline, its headings and the change log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.plans import EnvironmentDates, Moment, Period
from bbws_readiness.parsers.promotion_plan.dates import Anchor, has_date, parse_moment
from bbws_readiness.parsers.promotion_plan.headings import Heading, split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Line, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_PHASE = regex(r"phase[ ](\d)\b", re.IGNORECASE)
_WEEK = regex(r"week[ ]\d", re.IGNORECASE)
_MARKER = regex(r"\s*(?:[^\x00-\x7f]+|[|+`][-|]*)\s+|\s+")

_PARTS = (
    ("preparation", regex(r"pre-?deployment", re.IGNORECASE)),
    ("disaster_recovery", regex(r"\bDR\b|disaster recovery", re.IGNORECASE)),
    ("validation", regex(r"validation", re.IGNORECASE)),
    ("sign_off", regex(r"sign-?off", re.IGNORECASE)),
    ("deployment", regex(r"deployment|promotion", re.IGNORECASE)),
)
"""Which part of a promotion a label means; the first that fits."""


class Calendar(Struct):
    """The planned days as they are found."""

    phases: list[Period] = field(default_factory=list)
    rows: list[Period] = field(default_factory=list)
    headings: list[Period] = field(default_factory=list)
    weeks: list[Period] = field(default_factory=list)
    dates: dict[str, EnvironmentDates] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    """Per phase number."""
    logged: dict[str, date] = field(default_factory=dict)
    """Per environment, the day of its deployment in the change log."""


def read_calendar(reading: Reading, created: date | None, changes: Sequence[tuple[date, str]]) -> Calendar:
    """Every planned day of the plan; `changes` are the days of its change log, each with its phase in words.

    A phase that states no year takes that of its row in the change log.
    """
    written = created or min((day for day, _ in changes), default=None)
    calendar = Calendar()
    for day, words in changes:
        if re.search(r"deploy|promot", words, re.IGNORECASE):
            for environment in reading.named(words):
                calendar.logged.setdefault(environment, day)
    section = reading.document.section("Promotion Timeline")
    fence = section.diagram if section else None
    if fence:
        _read_timeline(reading, fence.lines, written, calendar)
    _read_headings(reading, written, calendar)
    return calendar


def _read_timeline(reading: Reading, lines: tuple[Line, ...], written: date | None, calendar: Calendar) -> None:
    phase, environment = "", ""
    for line in lines:
        label, remark = split_remark(without_marker(line.text))
        if not label:
            continue
        head = _PHASE.match(label)
        if head:
            phase = head[1]
            environment = _phase_environment(reading, label, phase)
        anchor = _anchor(calendar, phase, environment, written)
        at = reading.document.place(line.number, remark)
        moment = _moment(remark, anchor, at, calendar)
        if not has_date(remark):
            calendar.diagnostics.append(_without_date(label, at))
        if head:
            _set_anchor(calendar, phase, moment)
            part = "period" if phase == "2" else ""
            calendar.phases.append(Period(label, moment, at, environment, part, _unresolved(remark, moment)))
        else:
            part = _part_of(label, phase)
            calendar.rows.append(Period(label, moment, at, environment, part, _unresolved(remark, moment)))
        _note(calendar, environment, part, moment)


def without_marker(text: str) -> str:
    """A row of a tree without the branch before it, whatever became of its signs."""
    marker = _MARKER.match(text)
    return text[marker.end() :] if marker else text


def _read_headings(reading: Reading, written: date | None, calendar: Calendar) -> None:
    """Dates in headings of the three phases; they fill only what the timeline leaves open."""
    for section in reading.document.sections:
        heading = section.heading
        if heading is None or heading.level == 1 or not has_date(heading.remark):
            continue
        phase = _phase_of(section)
        environment = reading.environment(section)
        anchor = _anchor(calendar, phase, environment, written)
        at = reading.document.place(heading.line, heading.remark)
        moment = _moment(heading.remark, anchor, at, calendar)
        if heading.phase:
            _set_anchor(calendar, phase, moment)
        part = _heading_part(heading, phase)
        period = Period(heading.title, moment, at, environment, part, _unresolved(heading.remark, moment))
        calendar.headings.append(period)
        if _WEEK.match(heading.title):
            calendar.weeks.append(period)
        _note(calendar, environment, part, moment)


def _phase_of(section: Section) -> str:
    above = section.above(2)
    return above.phase if above else ""


def _phase_environment(reading: Reading, label: str, phase: str) -> str:
    named = reading.named(label)
    return named[0] if named else {"1": "sit", "2": "sit", "3": "prod"}.get(phase, "")


def _heading_part(heading: Heading, phase: str) -> str:
    if heading.phase:
        return "period" if phase == "2" else ""
    if heading.level == 3 and phase in ("1", "3") and not _WEEK.match(heading.title):
        return _part_of(heading.title, phase)
    return _part_of(heading.title, phase) if "DR" in heading.title.split() else ""


def _part_of(label: str, phase: str) -> str:
    """The field of `EnvironmentDates`; phase 2 has only its last sign-off."""
    if phase == "2":
        return "final_sign_off" if re.search(r"sign-?off", label, re.IGNORECASE) else ""
    # `Post-Deployment Validation` is the validation, not the deployment.
    return next((part for part, pattern in _PARTS if pattern.search(label)), "")


def _anchor(calendar: Calendar, phase: str, environment: str, written: date | None) -> Anchor | None:
    """What tells the year: the phase itself, the change log, the day of writing, the phase before."""
    if found := calendar.anchors.get(phase):
        return found
    if phase in ("1", "3") and environment in calendar.logged:
        return Anchor(calendar.logged[environment], both_ways=True)
    if written:
        return Anchor(written, both_ways=False)
    before = next((calendar.anchors[one] for one in ("2", "1") if one < phase and one in calendar.anchors), None)
    return Anchor(before.day, both_ways=False) if before else None


def _without_date(label: str, at: Location) -> Diagnostic:
    summary = f'"{label[:60]}" of the timeline has no date'
    detail = "write it in parentheses behind the name: (Mar 11, 9:00 AM)"
    return Diagnostic(DiagnosticSeverity.WARNING, summary, at, detail, code=Code.PLAN_DATE)


def _set_anchor(calendar: Calendar, phase: str, moment: Moment | None) -> None:
    if phase and moment and phase not in calendar.anchors:
        calendar.anchors[phase] = Anchor(moment.start, both_ways=True)


def _note(calendar: Calendar, environment: str, part: str, moment: Moment | None) -> None:
    if not (environment and part and moment):
        return
    known = calendar.dates.get(environment, EnvironmentDates())
    if getattr(known, part) is None:
        calendar.dates[environment] = replace(known, **{part: moment})


def _unresolved(text: str, moment: Moment | None) -> str:
    return text if moment is None and has_date(text) else ""


def _moment(text: str, anchor: Anchor | None, at: Location, calendar: Calendar) -> Moment | None:
    if not has_date(text):
        return None
    moment = parse_moment(text, anchor, at)
    if moment is None:
        why = "no such day, or an end before its start" if anchor else "the year cannot be told"
        calendar.diagnostics.append(
            Diagnostic(
                DiagnosticSeverity.WARNING, f'the date "{text[:80]}" is not understood: {why}', at, code=Code.PLAN_DATE
            )
        )
    return moment

"""Whether the plan gives every date once, in order, and calls a week what is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct

from bbws_readiness.checks.unknown import plan_in_question
from bbws_readiness.checks.wording import amount
from bbws_readiness.config import Calendar
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.model.plans import Moment, Period, Plan
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_PHASE = regex(r"phase[ ](\d)\b", re.IGNORECASE)
_WEEK = regex(r"(weeks?[ ]?(\d{1,2})(?:[ ]?(?:[-–—&+/]|and|to)[ ]?(\d{1,2}))?)\b[ :.-]*(.*)", re.IGNORECASE)
_ORDER = ("preparation", "deployment", "validation", "sign_off")
_NAMES = {
    "sign_off": "sign-off",
    "final_sign_off": "final sign-off",
    "disaster_recovery": "set-up of disaster recovery",
    "period": "phase 2",
}


class _Witness(Struct, frozen=True):
    """A place that dates something."""

    subject: str
    start: date
    end: date
    at: Location

    @property
    def words(self) -> str:
        span = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        return f"{span} at :{self.at.line}"


def inconsistent_period(question: Question) -> CheckResult:
    """CAL002: per thing that the plan dates for the environment one answer on its dates, then on order and weeks.

    A week has as many days as the calendar has working days; a holiday in it does not shorten it.
    """
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    periods = [one for one in _periods(plan) if one.environment in ("", question.environment)]
    if not any(one.moment or one.unresolved for one in periods):
        return question.not_applicable(f"the plan states no dates for {question.environment}")
    observations = [
        *_unresolved(periods),
        *_dates(question, plan, periods),
        *_phases(plan),
        *_steps(question, plan),
        *_weeks(periods, question.config.calendar),
    ]
    return CheckResult(tuple(observations))


def _periods(plan: Plan) -> tuple[Period, ...]:
    return (*plan.phases, *plan.timeline, *plan.dated_headings)


def _failed(subject: str, problem: str, expected: str, at: Location, *others: _Witness) -> Observation:
    notes = tuple(Related(one.at, one.words) for one in others if one.at != at)
    return Observation(Outcome.FAIL, subject, at, {"problem": problem}, expected, problem, related=notes)


def _unresolved(periods: Sequence[Period]) -> Iterator[Observation]:
    told: set[str] = set()
    for one in periods:
        subject = _subject(one)
        if one.unresolved and subject not in told:
            told.add(subject)
            problem = f"no reader can tell which day {one.unresolved} is"
            yield _failed(subject, problem, "a date with a year, or near one", one.at)


def _dates(question: Question, plan: Plan, periods: Sequence[Period]) -> Iterator[Observation]:
    """One answer per thing that is dated, comparing what the timeline and the headings say."""
    drawn, headed = (_grouped(periods, group) for group in ((*plan.phases, *plan.timeline), plan.dated_headings))
    for key in dict.fromkeys((*drawn, *headed)):
        witnesses = [*drawn.get(key, ()), *headed.get(key, ())]
        first = witnesses[0]
        other = _differing(drawn.get(key, []), headed.get(key, []))
        if key == "deployment":
            other = other or _logged(question, plan, first)
        elif key.startswith("phase "):
            other = other or _outside(question, plan, first)
        if other:
            problem = f"{first.words}, {other.words}"
            yield _failed(first.subject, problem, "the same date in every place", other.at, first, *witnesses)
        else:
            values = {"dates": first.words.partition(" at :")[0], "places": amount(len(witnesses), "place")}
            yield Observation(Outcome.PASS, first.subject, first.at, values)


def _grouped(periods: Sequence[Period], chosen: Sequence[Period]) -> dict[str, list[_Witness]]:
    groups: dict[str, list[_Witness]] = {}
    for one in chosen:
        if one.moment and one in periods:
            subject = _subject(one)
            groups.setdefault(_key(one), []).append(_witness(subject, one.moment, one.at))
    return groups


def _differing(drawn: Sequence[_Witness], headed: Sequence[_Witness]) -> _Witness | None:
    """The heading that gives another date than the timeline; of several of one name, one that agrees is enough."""
    spans = {(one.start, one.end) for one in drawn}
    if not spans or not headed or any((one.start, one.end) in spans for one in headed):
        return None
    return headed[0]


def _outside(question: Question, plan: Plan, phase: _Witness) -> _Witness | None:
    """The deployment of the environment, where its phase (the first or the third) does not hold that day."""
    dates = plan.dates.get(question.environment)
    deployment = dates.deployment if dates else None
    if phase.subject == "phase 2" or deployment is None or phase.start <= deployment.start <= phase.end:
        return None
    return _Witness("deployment", deployment.start, deployment.end, deployment.at)


def _logged(question: Question, plan: Plan, planned: _Witness) -> _Witness | None:
    """The deployment's day in the change log, where no row of it gives the day that is planned."""
    named = re.compile(rf"\b{re.escape(question.environment)}\b", re.IGNORECASE)
    rows = [
        _Witness("deployment", day, day, fact.at)
        for fact, phase, _ in plan.change_log
        if (day := fact.or_none()) and named.search(phase) and re.search(r"deploy|promot", phase, re.IGNORECASE)
    ]
    return None if any(planned.start <= row.start <= planned.end for row in rows) else next(iter(rows), None)


def _key(period: Period) -> str:
    """Equal for all places that date the same."""
    named = bool(period.part or _PHASE.match(period.title))
    return _subject(period) if named else f"title {_subject(period).casefold()}"


def _subject(period: Period) -> str:
    """What the period dates."""
    if phase := _PHASE.match(period.title):
        return f"phase {phase[1]}"
    if period.part:
        return _NAMES.get(period.part, period.part)
    week = _WEEK.match(period.title)
    title = (week[4] or week[1]) if week else period.title
    return " ".join(title.split())[:60]


def _witness(subject: str, moment: Moment, at: Location) -> _Witness:
    return _Witness(subject, moment.start, moment.end, at)


def _phases(plan: Plan) -> Iterator[Observation]:
    """Whether each phase begins when the one before has ended; it may be on the same day."""
    found: dict[int, _Witness] = {}
    for one in (*plan.phases, *plan.dated_headings):
        if one.moment and (phase := _PHASE.match(one.title)):
            found.setdefault(int(phase[1]), _witness(f"phase {phase[1]}", one.moment, one.at))
    yield from _followed([found[number] for number in sorted(found)], "order of the phases")


def _steps(question: Question, plan: Plan) -> Iterator[Observation]:
    """Whether preparation, deployment, validation and sign-off begin one after the other."""
    dates = plan.dates.get(question.environment)
    moments = [(name, getattr(dates, name)) for name in _ORDER] if dates else []
    steps = [_witness(_NAMES.get(name, name), moment, moment.at) for name, moment in moments if moment]
    yield from _followed(steps, "order of the promotion", overlap=True)


def _followed(steps: Sequence[_Witness], subject: str, *, overlap: bool = False) -> Iterator[Observation]:
    for before, after in pairwise(steps):
        begun = before.start if overlap else before.end
        if after.start < begun:
            problem = f"{after.subject} ({after.words}) begins before {before.subject} ({before.words})"
            problem += "" if overlap else " ends"
            yield _failed(subject, problem, "one after the other", after.at, before)
            return
    if len(steps) > 1:
        names = ", ".join(step.subject for step in steps)
        yield Observation(Outcome.PASS, subject, steps[0].at, {"names": names}, wording="ordered")


def _weeks(periods: Sequence[Period], calendar: Calendar) -> Iterator[Observation]:
    weeks: list[_Witness] = []
    for one in periods:
        matched = _WEEK.match(one.title)
        if matched is None or one.moment is None:
            continue
        name = matched[1].capitalize()
        if any(week.subject == name for week in weeks):
            continue
        week = _witness(name, one.moment, one.at)
        weeks.append(week)
        number = int(matched[3]) - int(matched[2]) + 1 if matched[3] else 1
        days, wanted = _working_days(week, calendar), len(calendar.working_days) * max(number, 1)
        shown = amount(days, "day")
        if days != wanted:
            yield _failed(name, shown, amount(wanted, "working day"), one.at)
        else:
            yield Observation(Outcome.PASS, name, one.at, {"days": shown}, wording="week")
    yield from _followed(weeks, "order of the weeks")


def _working_days(week: _Witness, calendar: Calendar) -> int:
    """The days on which people work in such a week, holidays counted as well."""
    days = (week.start + timedelta(number) for number in range((week.end - week.start).days + 1))
    return sum(day.weekday() in calendar.working_days for day in days)

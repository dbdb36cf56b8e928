"""Whether the plan's dates are days on which people work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from msgspec import Struct

from bbws_readiness.checks.unknown import plan_in_question
from bbws_readiness.config import WEEK, Calendar, Window
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.model.plans import Moment, Plan
from bbws_readiness.source import Location


class _Appointment(Struct, frozen=True):
    """A day on which somebody has to be there."""

    name: str
    day: date
    at: Location
    text: str
    clock: time | None = None
    window: Window | None = None


def working_days(question: Question) -> CheckResult:
    """CAL001: every appointment of the environment in the plan lies on a working day.

    A range counts by its first and last day. A deployment with a time also lies inside the configured window.
    """
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    calendar = question.config.calendar
    observations = [_seen(appointment, calendar) for appointment in _appointments(question, plan)]
    if not observations:
        return question.not_applicable(f"the plan states no dates for {question.environment}")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {
        "days": "; ".join(seen.actual for seen in failed) or "none",
        "calendar": "" if calendar.configured else " (default calendar)",
    }
    return CheckResult(tuple(observations), summary=summary)


def _appointments(question: Question, plan: Plan) -> Iterator[_Appointment]:
    environment = question.environment
    dates = plan.dates.get(environment)
    window = question.config.calendar.windows.get(environment)
    moments = (
        ("preparation", dates.preparation if dates else None),
        ("deployment", dates.deployment if dates else None),
        ("validation", dates.validation if dates else None),
        ("sign-off", dates.sign_off if dates else None),
        ("final sign-off", dates.final_sign_off if dates else None),
        ("set-up of disaster recovery", dates.disaster_recovery if dates else None),
    )
    for name, moment in moments:
        if moment is not None:
            yield from _of(name, moment, window if name == "deployment" else None)


def _of(name: str, moment: Moment, window: Window | None) -> Iterator[_Appointment]:
    if moment.start == moment.end:
        yield _Appointment(name, moment.start, moment.at, moment.text, moment.start_time, window)
        return
    yield _Appointment(f"start of {name}", moment.start, moment.at, moment.text, moment.start_time, window)
    yield _Appointment(f"end of {name}", moment.end, moment.at, moment.text)


def _seen(appointment: _Appointment, calendar: Calendar) -> Observation:
    shown = f"{appointment.day:%a %Y-%m-%d}"
    fault = _fault(appointment, calendar)
    values = {"day": shown, "fault": fault, "text": appointment.text}
    return Observation(
        Outcome.FAIL if fault else Outcome.PASS,
        appointment.name,
        appointment.at,
        values,
        expected="a working day" if not fault.startswith("outside") else f"inside the window of {_words(appointment)}",
        actual=f"{appointment.name} {shown}",
    )


def _fault(appointment: _Appointment, calendar: Calendar) -> str:
    if appointment.day in calendar.holidays:
        return "a holiday"
    window = appointment.window
    if window is not None and appointment.day.weekday() not in window.days:
        return f"outside the window of {_words(appointment)}"
    # A window may allow a day on which nobody works otherwise.
    if window is None and not calendar.is_working_day(appointment.day):
        return "not a working day"
    if window is not None and appointment.clock is not None:
        moment = datetime.combine(appointment.day, appointment.clock)
        if not window.start <= moment.time() <= window.end:
            return f"outside the window of {_words(appointment)}"
    return ""


def _words(appointment: _Appointment) -> str:
    window = appointment.window
    if window is None:
        return "working hours"
    days = ", ".join(WEEK[day] for day in window.days)
    return f"{days} {window.start:%H:%M}-{window.end:%H:%M}"

"""Counts working time: minutes of work to moments on the calendar, and days between two dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bbws_readiness.config import Calendar

HORIZON_DAYS = 3660
"""How far ahead a working day is looked for; a calendar without one within ten years has none."""


def first_working_day_after(calendar: Calendar, day: date) -> date:
    """The next working day, never `day` itself."""
    return _next_working_day(calendar, day + timedelta(days=1))


def start_moment(calendar: Calendar, start: date, minutes: int) -> datetime:
    """When work begins that follows `minutes` of work since the opening of the working day `start`."""
    days, rest = divmod(minutes, calendar.minutes_per_day)
    return datetime.combine(_advance(calendar, start, days), calendar.start) + timedelta(minutes=rest)


def end_moment(calendar: Calendar, start: date, minutes: int) -> datetime:
    """When `minutes` of work that began at the opening of `start` are done; a full day ends the same evening."""
    if minutes <= 0:
        return datetime.combine(start, calendar.start)
    days, rest = divmod(minutes - 1, calendar.minutes_per_day)
    return datetime.combine(_advance(calendar, start, days), calendar.start) + timedelta(minutes=rest + 1)


def working_days_between(calendar: Calendar, earlier: date, later: date) -> int:
    """Working days strictly between two dates; 0 when they touch or are the wrong way round."""
    span = min((later - earlier).days, HORIZON_DAYS)
    return sum(calendar.is_working_day(earlier + timedelta(days=offset)) for offset in range(1, span))


def working_days_until(calendar: Calendar, earlier: date, later: date) -> int:
    """Working days after `earlier` up to and including `later`."""
    span = min((later - earlier).days, HORIZON_DAYS)
    return sum(calendar.is_working_day(earlier + timedelta(days=offset)) for offset in range(1, span + 1))


def working_day_after(calendar: Calendar, day: date, days: int) -> date:
    """The working day that lies `days` working days after `day`, which need not be one itself."""
    return _advance(calendar, day, days)


def earliest_allowed(calendar: Calendar, environment: str, moment: datetime) -> datetime:
    """The first moment at or after `moment` that lies in the environment's window, or in working hours without one."""
    window = calendar.windows.get(environment)
    opens, closes = (window.start, window.end) if window else (calendar.start, calendar.end)
    day = moment.date()
    for offset in range(HORIZON_DAYS):
        candidate = day + timedelta(days=offset)
        if not calendar.is_working_day(candidate) or (window and candidate.weekday() not in window.days):
            continue
        if offset or moment.time() <= opens:
            return datetime.combine(candidate, opens)
        if moment.time() <= closes:
            return moment
    return moment


def _advance(calendar: Calendar, start: date, days: int) -> date:
    day = start
    for _ in range(days):
        day = _next_working_day(calendar, day + timedelta(days=1))
    return day


def _next_working_day(calendar: Calendar, day: date) -> date:
    for offset in range(HORIZON_DAYS):
        candidate = day + timedelta(days=offset)
        if calendar.is_working_day(candidate):
            return candidate
    return day

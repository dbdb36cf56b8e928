"""The axis of a schedule: a column for every day that matters, narrow for rest, folded where nothing happens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec import Struct

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

BUSY_AT_LEAST, BUSY_AT_MOST = 104.0, 640.0
"""How broad a day with work is drawn."""
IDLE, REST, FOLDED = 84.0, 22.0, 76.0
FOLDED_FROM = 4
"""As many days in a row on which nothing happens are one column."""
MANY_DAYS, NARROW = 90, 26.0
"""From as many days with work on, each is only so broad: a picture stays below a few thousand units."""


class Calendar(Struct, frozen=True):
    """When people work, as the machine form says it; `Calendar.of({})` is the default calendar."""

    working: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Calendar:
        """From `schedule.calendar`, which assessments of earlier versions lack."""
        days = data.get("working_days", WEEK[:5])
        return cls(
            frozenset(WEEK.index(day) for day in days),
            time.fromisoformat(data.get("start", "09:00")),
            time.fromisoformat(data.get("end", "17:00")),
            frozenset(date.fromisoformat(day) for day in data.get("holidays", ())),
        )

    def works(self, day: date) -> bool:
        """Whether people work on that day."""
        return day.weekday() in self.working and day not in self.holidays


class Column(Struct, frozen=True):
    """One day, or a folded stretch of `days` days."""

    first: date
    days: int
    x: float
    width: float
    works: bool
    busy: bool

    @property
    def end(self) -> float:
        """Its right border."""
        return self.x + self.width


class Axis(Struct, frozen=True):
    """Days from left to right without a gap; time within a working day is drawn in proportion."""

    columns: tuple[Column, ...]
    calendar: Calendar

    @property
    def right(self) -> float:
        """Where the last day ends."""
        return self.columns[-1].end

    def x(self, moment: datetime) -> float:
        """Where a moment lies; outside of working hours at the border of its day."""
        position = bisect_right(self.columns, moment.date(), key=lambda column: column.first) - 1
        column = self.columns[max(position, 0)]
        if column.days > 1 or not column.works:
            return column.x + column.width / 2
        opens, closes = _minutes(self.calendar.opens), _minutes(self.calendar.closes)
        share = (_minutes(moment.time()) - opens) / max(closes - opens, 1)
        return column.x + column.width * min(max(share, 0.0), 1.0)


def axis(calendar: Calendar, busy: Collection[date], marked: Collection[date], left: float, width: float) -> Axis:
    """Columns for all days from the first to the last of both; `width` is used up where the days do not need more."""
    spans = list(_spans(sorted({*busy, *marked})))
    works = [days == 1 and calendar.works(first) for first, days in spans]
    fixed = 0.0
    for (first, days), at_work in zip(spans, works, strict=True):
        if first not in busy or not at_work:
            fixed += FOLDED if days > 1 else IDLE if at_work else REST
    number = sum(at_work and first in busy for (first, _), at_work in zip(spans, works, strict=True))
    least = BUSY_AT_LEAST if number < MANY_DAYS else NARROW
    broad = min(max((width - fixed) / max(number, 1), least), BUSY_AT_MOST)
    columns: list[Column] = []
    for (first, days), at_work in zip(spans, works, strict=True):
        wide = FOLDED if days > 1 else REST if not at_work else broad if first in busy else IDLE
        columns.append(Column(first, days, left, wide, at_work, first in busy))
        left += wide
    return Axis(tuple(columns), calendar)


def days_of(start: datetime, end: datetime) -> Iterator[date]:
    """Every day that a piece of work touches."""
    for offset in range((end.date() - start.date()).days + 1):
        yield start.date() + timedelta(days=offset)


def _spans(days: list[date]) -> Iterator[tuple[date, int]]:
    """Each day in order, and what lies between them: day by day, or folded."""
    previous: date | None = None
    for day in days:
        between = (day - previous).days - 1 if previous else 0
        if previous and between >= FOLDED_FROM:
            yield previous + timedelta(days=1), between
        elif previous:
            yield from ((previous + timedelta(days=offset), 1) for offset in range(1, between + 1))
        yield day, 1
        previous = day


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute

"""Working time laid on the calendar."""

from datetime import date, datetime, time

from bbws_readiness.assess.calendar import (
    earliest_allowed,
    end_moment,
    first_working_day_after,
    start_moment,
    working_days_between,
    working_days_until,
)
from bbws_readiness.config import Calendar, Window
from tests.cases import each

WEEK = Calendar()
THURSDAY = date(2026, 1, 8)


@each(
    ("minutes", "end"),
    [
        (0, "2026-01-08T09:00"),
        (15, "2026-01-08T09:15"),
        (465, "2026-01-08T16:45"),
        (480, "2026-01-08T17:00"),
        (481, "2026-01-09T09:01"),
        (540, "2026-01-09T10:00"),
        (960, "2026-01-09T17:00"),
        (961, "2026-01-12T09:01"),
    ],
)
def test_work_ends_the_same_evening(minutes: int, end: str) -> None:
    assert end_moment(WEEK, THURSDAY, minutes) == datetime.fromisoformat(end)


@each(("minutes", "start"), [(0, "2026-01-08T09:00"), (480, "2026-01-09T09:00"), (960, "2026-01-12T09:00")])
def test_work_that_follows_a_full_day_starts_the_next_morning(minutes: int, start: str) -> None:
    assert start_moment(WEEK, THURSDAY, minutes) == datetime.fromisoformat(start)


def test_holidays_and_weekends_are_skipped() -> None:
    calendar = Calendar(holidays=(date(2026, 1, 9), date(2026, 1, 12)))
    assert first_working_day_after(calendar, THURSDAY) == date(2026, 1, 13)
    assert end_moment(calendar, THURSDAY, 500) == datetime(2026, 1, 13, 9, 20)


def test_days_between_exclude_both_ends_and_days_until_include_the_last() -> None:
    assert working_days_between(WEEK, THURSDAY, date(2026, 1, 13)) == 2
    assert working_days_between(WEEK, THURSDAY, THURSDAY) == 0
    assert working_days_between(WEEK, date(2026, 1, 13), THURSDAY) == 0
    assert working_days_until(WEEK, THURSDAY, date(2026, 1, 13)) == 3


@each(
    ("moment", "allowed"),
    [
        ("2026-01-10T12:00", "2026-01-12T09:00"),
        ("2026-01-12T08:00", "2026-01-12T09:00"),
        ("2026-01-12T10:30", "2026-01-12T10:30"),
        ("2026-01-12T17:30", "2026-01-13T09:00"),
    ],
)
def test_earliest_moment_without_a_window(moment: str, allowed: str) -> None:
    assert earliest_allowed(WEEK, "sit", datetime.fromisoformat(moment)) == datetime.fromisoformat(allowed)


def test_earliest_moment_in_a_window() -> None:
    tuesdays = Calendar(windows={"sit": Window((1,), time(9), time(12))})
    assert earliest_allowed(tuesdays, "sit", datetime(2026, 1, 13, 12, 30)) == datetime(2026, 1, 20, 9)
    assert earliest_allowed(tuesdays, "prod", datetime(2026, 1, 14, 12, 30)) == datetime(2026, 1, 14, 12, 30)

"""Working time counted once more, day by day and minute by minute, from readiness.yaml alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import yaml

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class WorkingTime:
    """On which days people work, and from when to when."""

    days: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date]

    @staticmethod
    def of(text: str) -> WorkingTime:
        """As the configuration says, else Monday to Friday from nine to five."""
        said = (yaml.safe_load(text) or {}).get("calendar", {}) if text else {}
        opens, closes = said.get("hours", "09:00-17:00").split("-")
        return WorkingTime(
            days=frozenset(map(DAYS.index, said.get("working-days", DAYS[:5]))),
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
            holidays=frozenset(said.get("holidays", ())),
        )

    def works(self, day: date) -> bool:
        """Whether anybody is there."""
        return day.weekday() in self.days and day not in self.holidays

    def first_day_after(self, day: date) -> date:
        """The next working day, never `day` itself."""
        day += timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def start(self, first: date, minutes: int) -> datetime:
        """When work begins after so many minutes: at a day's end, on the next morning."""
        return self._walk(first, minutes, at_the_end_of_a_day=False)

    def end(self, first: date, minutes: int) -> datetime:
        """When so many minutes are done: at a day's end, on the same evening."""
        return self._walk(first, minutes, at_the_end_of_a_day=True)

    def _walk(self, day: date, minutes: int, *, at_the_end_of_a_day: bool) -> datetime:
        opening = datetime.combine(day, self.opens)
        length = int((datetime.combine(day, self.closes) - opening).total_seconds()) // 60
        if minutes < length or (minutes == length and at_the_end_of_a_day):
            return opening + timedelta(minutes=minutes)
        return self._walk(self.first_day_after(day), minutes - length, at_the_end_of_a_day=at_the_end_of_a_day)


def longest_chain(
    wanted: Iterable[int], estimates: Mapping[int, int], after: Mapping[int, tuple[int, ...]]
) -> tuple[tuple[int, ...], int]:
    """The longest chain that ends in one of the wanted actions, and its minutes; nothing is wanted: `()` and 0."""
    chains = [_chain(number, estimates, after) for number in wanted]
    return max(chains, key=lambda chain: chain[1], default=((), 0))


def _chain(
    number: int, estimates: Mapping[int, int], after: Mapping[int, tuple[int, ...]]
) -> tuple[tuple[int, ...], int]:
    before, length = longest_chain(after[number], estimates, after)
    return (*before, number), length + estimates[number]

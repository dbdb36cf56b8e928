"""Points in time as Terraform reads and writes them: RFC 3339, in the proleptic calendar, to the nanosecond."""

from __future__ import annotations

import re

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.terraform.functions.spec import FunctionError

_RFC3339 = regex(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))\Z", re.ASCII)
_PART = regex(r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_SECOND = 10**9
_DAY = 86_400


class Instant(Struct, frozen=True):
    """A point in time, with the offset it is written with."""

    nanoseconds: int
    """Since the first day of the year 0, UTC."""
    offset: int = 0
    """Seconds east of UTC."""

    def plus(self, nanoseconds: int) -> Instant:
        """The instant so much later."""
        return Instant(self.nanoseconds + nanoseconds, self.offset)

    @property
    def fields(self) -> tuple[int, int, int, int, int, int]:
        """Year, month, day, hour, minute and second where it is written."""
        days, seconds = divmod(self.nanoseconds // _SECOND + self.offset, _DAY)
        return (*_date(days), seconds // 3600, seconds // 60 % 60, seconds % 60)

    @property
    def weekday(self) -> int:
        """0 for Monday."""
        # The first day of the year 0 was a Saturday.
        return ((self.nanoseconds // _SECOND + self.offset) // _DAY + 5) % 7

    def zone(self, separator: str = ":") -> str:
        """The offset as `+05:30`."""
        minutes = abs(self.offset) // 60
        return f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}{separator}{minutes % 60:02d}"

    def __str__(self) -> str:
        year, month, day, hour, minute, second = self.fields
        written = f"-{-year:04d}" if year < 0 else f"{year:04d}"
        zone = self.zone() if self.offset else "Z"
        return f"{written}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


def parse_instant(text: str) -> Instant:
    """The point in time that `text` names. Raises `FunctionError`."""
    match = _RFC3339.match(text)
    if match is None:
        raise FunctionError("not a timestamp of RFC 3339 such as 2020-02-01T12:00:00Z")
    offset = 0
    if match[8]:
        hours, minutes = int(match[9]), int(match[10])
        if hours > 23 or minutes > 59:
            raise FunctionError("the timestamp's offset does not exist")
        offset = (hours * 3600 + minutes * 60) * (-1 if match[8] == "-" else 1)
    found = instant(*(int(match[part]) for part in range(1, 7)), offset=offset)
    return found.plus(int((match[7] or "")[:9].ljust(9, "0")))


def instant(year: int, month: int, day: int, hour: int, minute: int, second: int, *, offset: int = 0) -> Instant:
    """The point in time with these fields. Raises `FunctionError` when there is none."""
    if not (1 <= month <= 12 and 1 <= day <= _month_length(year, month)):
        raise FunctionError("the timestamp's date does not exist")
    if hour > 23 or minute > 59 or second > 59:
        raise FunctionError("the timestamp's time does not exist")
    seconds = _days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second
    return Instant((seconds - offset) * _SECOND, offset)


def parse_duration(text: str) -> int:
    """The nanoseconds that `text` names, such as `-1h30m`. Raises `FunctionError`."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total = position = 0
    while position < len(rest):
        match = _PART.match(rest, position)
        if match is None or not (match[1] or match[2]):
            break
        unit, digits = _NANOSECONDS[match[3]], match[2] or ""
        total += int(match[1] or 0) * unit + int(digits or 0) * unit // 10 ** len(digits)
        position = match.end()
    if not rest or position < len(rest) or total > 2**63 - (sign > 0):
        raise FunctionError("not a duration such as 1h30m")
    return sign * total


def is_leap(year: int) -> bool:
    """Whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Days since the first day of the year 0."""
    before = year - 1
    days = year * 365 + before // 4 - before // 100 + before // 400 + 1
    return days + sum(_month_length(year, earlier) for earlier in range(1, month)) + day - 1


def _date(days: int) -> tuple[int, int, int]:
    year = days * 400 // 146_097
    while _days(year, 1, 1) > days:
        year -= 1
    while _days(year + 1, 1, 1) <= days:
        year += 1
    month, day = 1, days - _days(year, 1, 1)
    while day >= _month_length(year, month):
        day -= _month_length(year, month)
        month += 1
    return year, month, day + 1

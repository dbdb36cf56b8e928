"""Reads the days and times that plans write, and finds the year where none is written."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from msgspec import Struct

from bbws_readiness.memory import remembered
from bbws_readiness.model.plans import Moment
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

HALF_A_YEAR = timedelta(days=183)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_TO = r"[ ]?(?:[-–—]|â€“|â€”)[ ]?"
"""A hyphen or dash, or a dash read in the wrong encoding."""
_CLOCK = r"\d{1,2}:\d{2}(?:[ ]?[AP]M)?"
_WRITTEN = regex(
    rf"\b(?P<month>{_MONTH})\.?[ ](?P<day>\d{{1,2}})"
    rf"(?:{_TO}(?:(?P<to_month>{_MONTH})\.?[ ])?(?P<to_day>\d{{1,2}})(?!\d|:))?"
    rf"(?:,[ ](?P<year>\d{{4}}))?"
    rf"(?:,[ ](?P<from_time>{_CLOCK})(?:{_TO}(?P<to_time>{_CLOCK}))?)?",
    re.IGNORECASE,
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = regex(
    r"\b(Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)"
    rf"\.?,?[ ](?={_MONTH}|\d)",
    re.IGNORECASE,
)
_ORDINAL = regex(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_DAY_FIRST = regex(
    rf"(?P<days>\d{{1,2}}(?:{_TO}\d{{1,2}})?)[ ](?P<month>{_MONTH})\.?(?:,?[ ](?P<year>\d{{4}}))?(?!\w)", re.IGNORECASE
)
_ZONE = regex(r"(?<=[\dM])[ ](?:UTC|GMT|CES?T|SAST|BST|IST|E[SD]T|P[SD]T)$")
_ISO = regex(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}})(?:,?[ ](?P<from_time>{_CLOCK}))?")
_CLOCK_PARTS = regex(r"(\d{1,2}):(\d{2})[ ]?([AP]M)?", re.IGNORECASE)


class Anchor(Struct, frozen=True):
    """What a year-less date is measured against."""

    day: date
    both_ways: bool
    """Whether the date lies on either side of `day` (a phase), or not long before it (the day of writing)."""

    def resolve(self, month: int, day: int) -> date | None:
        """The year that fits, or None when no such day exists near by."""
        near = [built for year in (-1, 0, 1) if (built := _build(self.day.year + year, month, day))]
        if self.both_ways:
            return min(near, key=lambda built: abs(built - self.day), default=None)
        this_year = next((built for built in near if built.year == self.day.year), None)
        if this_year and this_year >= self.day - HALF_A_YEAR:
            return this_year
        return next((built for built in near if built.year == self.day.year + 1), None)


@remembered
def has_date(text: str) -> bool:
    """Whether the whole text is a day, a range or a moment as plans write them."""
    plain = _plain(text)[0]
    return bool(_WRITTEN.fullmatch(plain) or _ISO.fullmatch(plain))


def find_date(text: str) -> str:
    """The first day, range or moment in a text, as written; empty without one."""
    found = _WRITTEN.search(text) or _ISO.search(text)
    return found[0] if found else ""


def parse_moment(text: str, anchor: Anchor | None, at: Location) -> Moment | None:
    """The moment a text states; None when it is no date, or when nobody can tell which day it is.

    That is so where no such day exists, its year cannot be told, or it is another day of the week than is written.
    """
    stripped = text.strip()
    plain, weekday = _plain(stripped)
    if iso := _ISO.fullmatch(plain):
        day = parse_iso(iso["date"])
        known = day if day and weekday in (None, day.weekday()) else None
        return Moment(known, known, _clock(iso["from_time"]), None, at, stripped) if known else None
    found = _WRITTEN.fullmatch(plain)
    if not found:
        return None
    month, day_number = _month(found["month"]), int(found["day"])
    start = _start(found["year"], month, day_number, anchor)
    if start is None or weekday not in (None, start.weekday()):
        return None
    end = start
    if found["to_day"]:
        to_month = _month(found["to_month"]) if found["to_month"] else month
        year = start.year + (to_month < month)
        later = _build(year, to_month, int(found["to_day"]))
        if later is None or later < start:
            return None
        end = later
    return Moment(start, end, _clock(found["from_time"]), _clock(found["to_time"]), at, stripped)


@remembered
def _plain(text: str) -> tuple[str, int | None]:
    """The date in the order month, day, year, and the day of the week that stands before it (0 for Monday)."""
    stripped = _ZONE.sub("", text.strip())
    named = _WEEKDAY.match(stripped)
    plain = _ORDINAL.sub(r"\1", _WEEKDAY.sub("", stripped))
    if found := _DAY_FIRST.match(plain):
        year = f", {found['year']}" if found["year"] else ""
        plain = f"{found['month']} {found['days']}{year}{plain[found.end() :]}"
    return plain, _WEEKDAYS.index(named[1][:3].casefold()) if named else None


def parse_iso(text: str) -> date | None:
    """The day of an ISO date, or None."""
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def _start(year: str | None, month: int, day: int, anchor: Anchor | None) -> date | None:
    if year:
        return _build(int(year), month, day)
    return anchor.resolve(month, day) if anchor else None


def _build(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].casefold()) + 1


def _clock(text: str | None) -> time | None:
    found = _CLOCK_PARTS.fullmatch(text) if text else None
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").upper()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

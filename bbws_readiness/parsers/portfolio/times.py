"""Reads the days of a portfolio document; a year stands in its head or in one of its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bbws_readiness.model.plans import Moment, Period
from bbws_readiness.parsers.promotion_plan.dates import Anchor, find_date, has_date, parse_iso, parse_moment
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.parsers.promotion_plan.timeline import without_marker
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_WRITTEN = regex(r"\s*\*\*(?:Created|Date|Last Updated|Updated)(?:\*\*[ ]*:|:\*\*)[ ]*(\S+)", re.IGNORECASE)


def year_of(reading: Reading) -> Anchor | None:
    """What year-less dates are measured against: the day of writing, else the first date with a year."""
    for text in reading.document.source.lines[:40]:
        found = _WRITTEN.match(text[:200])
        day = parse_iso(found[1]) if found else None
        if day:
            return Anchor(day, both_ways=False)
    for text in reading.document.source.lines:
        years = re.search(r"\b(20\d\d)-(\d\d)-(\d\d)\b|\b[A-Z][a-z]{2,8} \d{1,2}, (20\d\d)\b", text[:400])
        if years:
            year = int(years[1] or years[4])
            return Anchor(date(year, 6, 30), both_ways=True)
    return None


def day_in(reading: Reading, text: str, anchor: Anchor | None, line: int) -> Moment | None:
    """The day that is the text, or the first one in it; None without one."""
    written = text.strip() if has_date(text) else find_date(text)
    return parse_moment(written, anchor, reading.document.place(line, written)) if written else None


def read_timeline(reading: Reading, anchor: Anchor | None) -> Iterator[Period]:
    """The rows of tree diagrams that have a date, before the parenthesis or in it: `Mar 8-9 (Wave 1)`."""
    for section in reading.document.sections:
        for fence in section.fences:
            for line in fence.lines if not fence.language else ():
                label, remark = split_remark(without_marker(line.text))
                title, written = (remark, label) if has_date(label) else (label, remark)
                if has_date(written) and title:
                    at: Location = reading.document.place(line.number, written)
                    named = reading.named(title)
                    environment = named[0] if len(named) == 1 else reading.environment(section)
                    yield Period(title, parse_moment(written, anchor, at), at, environment)

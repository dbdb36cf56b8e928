"""A figure as it is read back, and the words in which documents give hours, days, money and people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

VERDICTS = {
    "BLOCKED": "❌ BLOCKED - NOT READY FOR DEPLOYMENT",
    "CONDITIONAL": "⚠️ CONDITIONAL - DECISIONS OR FIXES OPEN",
    "UNDETERMINED": "❓ UNDETERMINED - COULD NOT BE ASSESSED",
    "READY": "✅ READY FOR DEPLOYMENT",
}
"""As the specification words them."""
EXITS = {"READY": 0, "CONDITIONAL": 1, "BLOCKED": 1, "UNDETERMINED": 4}
PRIORITIES = {"critical": "🔴 CRITICAL", "high": "🟡 HIGH", "medium": "🟢 MEDIUM", "low": "⚪ LOW"}
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
NO_OWNER = "Owner not assigned"
NO_APPROVER = "No approver named in plan or configuration"
NO_DOWNSTREAM = "None named"
NOT_COMPUTABLE = "not computable"
NO_PRICES = "Not estimated: no prices configured"

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d"
MOMENT = rf"{DAY} \d\d:\d\d"
HOURS = r"(?:\d+ h \d+ min|\d+ h|\d+ min)"
MONEY = r"(?:[$€£]|[A-Z]{3} )\d[\d.]*(?:-\d[\d.]*)?"
_MONEY = re.compile(r"([$€£]|[A-Z]{3} )(\d[\d.]*)(?:-(\d[\d.]*))?")
_HOURS = re.compile(r"(?:(\d+) h)?\s*(?:(\d+) min)?")


@dataclass(frozen=True)
class Figure:
    """One statement of one figure; wherever a name occurs, its value must be the same."""

    name: str
    value: object
    document: str
    line: int


@dataclass(frozen=True)
class Disagreement:
    """A figure that two places state differently."""

    name: str
    one: Figure
    other: Figure

    def __str__(self) -> str:
        places = (f"{one.document}:{one.line} {one.value!r}" for one in (self.one, self.other))
        return f"{self.name}: {' against '.join(places)}"


def disagreements(figures: Iterable[Figure]) -> Iterator[Disagreement]:
    """Every figure that differs from the first statement of its name."""
    first: dict[str, Figure] = {}
    for figure in figures:
        known = first.setdefault(figure.name, figure)
        if known.value != figure.value:
            yield Disagreement(figure.name, known, figure)


def minutes(text: str) -> int:
    """`17 h 15 min` as minutes; -1 for what is no duration."""
    found = _HOURS.fullmatch(text.strip())
    return int(found[1] or 0) * 60 + int(found[2] or 0) if found and any(found.groups()) else -1


def money(text: str) -> tuple[str, Decimal, Decimal] | str:
    """Currency and span; the text itself when it is no money."""
    found = _MONEY.search(text)
    if not found:
        return text
    low = Decimal(found[2])
    return found[1].strip(), low, Decimal(found[3]) if found[3] else low


def roles(text: str) -> tuple[str, ...]:
    """`Tech Lead + Product Owner`."""
    return () if text.strip() == NO_OWNER else tuple(one.strip() for one in text.split(" + "))


def listed(text: str) -> tuple[str, ...]:
    """`a, b and c`."""
    return tuple(one for one in re.split(r", | and ", text.strip()) if one)


def numbers(text: str) -> tuple[int, ...]:
    """All whole numbers, in their order."""
    return tuple(map(int, re.findall(r"\d+", text)))


def weekday(day: str) -> str:
    """`Thu 2026-01-08` for the ISO date in `day`."""
    iso = re.search(r"\d{4}-\d\d-\d\d", day)
    try:
        when = date.fromisoformat(iso[0]) if iso else None
    except ValueError:
        return "no date"
    return f"{WEEKDAYS[when.weekday()]} {when}" if when else "no date"


def stamped(moment: str) -> str:
    """`2026-01-08T16:00` as documents print it: `Thu 2026-01-08 16:00`."""
    day, _, clock = moment.partition("T")
    return f"{weekday(day)} {clock[:5]}"

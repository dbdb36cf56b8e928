"""Reads the overview table and tells counts, lists, percentages and remarks apart."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import OverviewEntry
from bbws_readiness.parsers.promotion_plan.markdown import Row
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain, split_list
from bbws_readiness.patterns import regex

_NAME = regex(r"[A-Za-z0-9][\w.-]*")
_COUNT = regex(r"(\d{1,6})(?:\s*\((.*)\))?")
_WORKFLOW = regex(r"[A-Za-z0-9]\w*-[\w-]+(?:\.ya?ml)?")
_PERCENT = regex(r"(\d{1,3})[ ]?%")
_PROSE = frozenset({"project type", "purpose", "current status", "test coverage", "tenant isolation", "wave"})
"""Rows that are sentences, however many commas they have."""
_OPEN_ENDS = ("etc.", "etc", "...", "…")


class Listing(Struct, frozen=True):
    """What a value such as `4 (a, b, c, d)` yields."""

    count: int | None = None
    names: tuple[str, ...] = ()
    open_list: bool = False
    percent: int | None = None
    remark: str = ""


def read_value(text: str) -> Listing:
    """The meaning of an overview value; a remark in parentheses never becomes a name."""
    value = plain(text)
    if percent := _PERCENT.match(value):
        return Listing(percent=int(percent[1]), remark=value[percent.end() :].strip(" ,;:-"))
    counted = _COUNT.fullmatch(value)
    if counted:
        count = int(counted[1])
        names, open_list = _names(counted[2] or "")
        if open_list or len(names) == count:
            return Listing(count, names, open_list)
        return Listing(count, remark=(counted[2] or "").strip())
    if leading := re.match(r"(\d{1,6})\b(?![.,:/%-]\d)", value):
        # `6 tables (…)`: a number with its noun; nothing behind it is taken for names.
        return Listing(int(leading[1]), remark=value[leading.end() :].strip())
    parts = split_list(value)
    short = len(parts) > 1 and all(len(part.split()) <= 4 and not part.endswith(".") for part in parts)
    return Listing(names=tuple(parts)) if short else Listing()


def read_overview(reading: Reading) -> dict[str, OverviewEntry]:
    """The rows of the overview by their lower-case name; the first of two rows with one name."""
    section = reading.document.section("Project Overview")
    grid = section.grid if section else None
    entries: dict[str, OverviewEntry] = {}
    for row in grid.rows if grid else ():
        entry = _entry(reading, row)
        entries.setdefault(entry.key.casefold(), entry)
    return entries


def read_workflows(reading: Reading, entry: OverviewEntry | None) -> tuple[Fact[str], ...]:
    """The workflow names of the overview, without `.yml`."""
    if entry is None:
        return ()
    document, line = reading.document, entry.text.at.line
    alone = (entry.text.or_none() or "") if entry.count is None else ""
    names = entry.names or ((alone,) if _WORKFLOW.fullmatch(alone) else ())
    return tuple(document.fact(re.sub(r"\.ya?ml$", "", name), line) for name in names if _NAME.fullmatch(name))


def _entry(reading: Reading, row: Row) -> OverviewEntry:
    cells = [*row.cells, "", ""]
    key, text = plain(cells[0]), plain(cells[1])
    found = read_value(text)
    if found.count is None and key.casefold() in _PROSE:
        found = replace(found, names=(), open_list=False)
    fact = reading.document.fact(text, row.line, cells[1])
    return OverviewEntry(key, fact, found.count, found.names, found.open_list, found.percent, found.remark)


def _names(text: str) -> tuple[tuple[str, ...], bool]:
    """The single-token items of a list, and whether it is open; nothing when one item is no single token."""
    items = split_list(text)
    open_list = bool(items) and items[-1].endswith(_OPEN_ENDS)
    if open_list:
        last = items.pop()
        for end in _OPEN_ENDS:
            last = last.removesuffix(end).strip()
        items += [last] if last else []
    if not all(_NAME.fullmatch(item) for item in items):
        return (), open_list
    return tuple(items), open_list

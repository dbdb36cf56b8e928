"""Reads the wave tables and the approval matrix of a portfolio document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Moment
from bbws_readiness.model.portfolio import ApprovalRow, WaveEntry
from bbws_readiness.parsers.portfolio.times import day_in
from bbws_readiness.parsers.promotion_plan.dates import Anchor
from bbws_readiness.parsers.promotion_plan.markdown import Grid, Row, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, without_symbol
from bbws_readiness.parsers.promotion_plan.roles import split_roles
from bbws_readiness.patterns import regex

_WAVE = regex(r"\bwave[ ]?\d{1,3}\b", re.IGNORECASE)
_APPROVAL = regex(r"\bapproval|\bapprovers?\b|\bapproved by\b", re.IGNORECASE)


def read_waves(reading: Reading, anchor: Anchor | None) -> Iterator[WaveEntry]:
    """The rows of every table with a column `Project` and a number or a target."""
    for section, grid in _grids(reading):
        headers = [plain(cell).casefold() for cell in grid.header.cells]
        if "project" not in headers or not (
            {"#", "no", "no."} & set(headers) or any("target" in one for one in headers)
        ):
            continue
        for row in grid.rows:
            cells = dict(zip(headers, (plain(cell) for cell in row.cells), strict=False))
            if not is_nothing(cells.get("project", "")):
                yield _entry(reading, section, row, cells, anchor)


def _entry(reading: Reading, section: Section, row: Row, cells: dict[str, str], anchor: Anchor | None) -> WaveEntry:
    targets: dict[str, Moment] = {}
    statuses: dict[str, Fact[str]] = {}
    for header, text in cells.items():
        environment = next((name for name in reading.environments if name in header.split()), "")
        if not environment or is_nothing(text):
            continue
        moment = day_in(reading, text, anchor, row.line) if "status" not in header else None
        if moment:
            targets[environment] = moment
        elif words := without_symbol(text):
            statuses.setdefault(environment, reading.document.fact(words, row.line))
    heading = next((found for one in reversed(section.headings) if (found := _WAVE.search(one.title))), None)
    return WaveEntry(
        project=reading.document.fact(cells["project"], row.line),
        wave=cells.get("wave", "") or (heading[0] if heading else ""),
        number=next((cells[name] for name in ("#", "no", "no.") if name in cells), ""),
        plan=cells.get("plan", ""),
        type=cells.get("type", ""),
        owner=cells.get("owner", ""),
        targets=targets,
        statuses=statuses,
    )


def read_approvals(reading: Reading) -> Iterator[ApprovalRow]:
    """The rows of every table that says whose approval a plan or project requires."""
    for _, grid in _grids(reading):
        headers = [plain(cell).casefold() for cell in grid.header.cells]
        who = next((index for index, text in enumerate(headers) if _APPROVAL.search(text)), None)
        what = next((index for index, text in enumerate(headers) if text in ("plan", "project")), None)
        if who is None or what is None:
            continue
        for row in grid.rows:
            if max(who, what) < len(row.cells) and not is_nothing(plain(row.cells[what])):
                roles = split_roles(plain(row.cells[who]))
                yield ApprovalRow(
                    reading.document.fact(plain(row.cells[what]), row.line),
                    tuple(reading.document.fact(role, row.line) for role in roles),
                )


def _grids(reading: Reading) -> Iterator[tuple[Section, Grid]]:
    for section in reading.document.sections:
        for block in section.blocks:
            if isinstance(block, Grid):
                yield section, block

"""Reads the tables of environments, alarms, contacts and changes."""

from __future__ import annotations

import re
from datetime import date

from msgspec.structs import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.plans import Alarm, Contact
from bbws_readiness.parsers.promotion_plan.dates import parse_iso
from bbws_readiness.parsers.promotion_plan.headings import key_of, split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Document, Grid, Row
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, split_list, without_symbol
from bbws_readiness.parsers.promotion_plan.thresholds import read_threshold
from bbws_readiness.patterns import regex

_ACCOUNT = regex(r"(?<!\d)\d{10,14}(?!\d)")
"""Somewhat wider than twelve digits, so that a mistyped account is compared and found wrong."""
_REGION = regex(r"\b[a-z]{2}(?:-[a-z]{2,20}){1,3}-\d\b")
_ROLE = regex(r"\(([^()]*)\)")
_ELSEWHERE = regex(r"(?i)\b(?:dr|disaster[ -]recovery|fail-?over|secondary|stand-?by|replica)\b")
"""What a second region is called."""
_NOBODY = frozenset({"tbd", "tbc", "to be defined", "to be determined", "to be confirmed", "?"})
_RECEIVER = regex(r"\b(?:alert|notification|page|notify|message)s?(?:[ ]to)?[ ]+(.+)", re.IGNORECASE)
_DASHBOARD = regex(r"`([^`]+)`")


def read_environments(reading: Reading) -> tuple[Environment, ...]:
    """The rows of the environments table in order, behind them those of further tables that tell accounts or regions.

    What a plan says twice is kept twice, so that a contradiction is seen.
    """
    document = reading.document
    sections = (one for one in document.sections if one.heading and one.heading.key == key_of("Environments"))
    grids = [block for one in sections for block in one.blocks if isinstance(block, Grid)]
    found = environments_of(document, grids[0]) if grids else ()
    again = (row for grid in grids[1:] for row in environments_of(document, grid))
    return (*found, *(row for row in again if row.account or row.region))


def environments_of(document: Document, grid: Grid) -> tuple[Environment, ...]:
    """The environments of any table whose header names its columns; a row without a name is left out.

    A second region in a cell, with a role of its own (`eu-west-1, eu-central-1 (failover)`), is an environment of the
    same name.
    """
    columns = _columns(
        grid,
        {
            "name": ("environment", "env"),
            "account": ("account",),
            "region": ("region",),
            "domain": ("domain", "url"),
            "status": ("status", "state"),
        },
    )
    if "name" not in columns:
        return ()
    rows = [row for row in grid.rows if plain(row.cell(columns["name"])).strip()]
    found = [(row, _environment(document, row, columns)) for row in rows]
    return tuple(one for row, first in found for one in (first, *_second_region(document, row, columns, first)))


def read_contacts(reading: Reading) -> tuple[Contact, ...]:
    """The rows of the contact table in order."""
    section = reading.document.section("Contacts & Escalation")
    grid = section.grid if section else None
    contacts = []
    columns = [0, 1, 2]
    if grid:
        found = _columns(grid, {"role": ("role",), "contact": ("contact", "name", "e-mail", "email")})
        role_column, contact_column = found.get("role", 0), found.get("contact", 1)
        rest = [index for index in range(max(3, len(grid.header.cells))) if index not in (role_column, contact_column)]
        columns = [role_column, contact_column, rest[0]] if role_column != contact_column else columns
    for row in grid.rows if grid else ():
        role, person, responsibility = (plain(row.cell(index)) for index in columns)
        if is_nothing(role) and is_nothing(person):
            continue
        nobody = is_nothing(person) or person.casefold() in _NOBODY
        contact = None if nobody else reading.document.fact(person, row.line)
        contacts.append(Contact(role, contact, responsibility, reading.document.place(row.line, role)))
    return tuple(contacts)


def read_alarms(reading: Reading) -> tuple[Fact[str], ...]:
    """The names in the alarm table, in order."""
    section = reading.document.section("CloudWatch Alarms")
    grid = section.grid if section else None
    names = ((plain(row.cell(0)), row.line) for row in grid.rows) if grid else ()
    return tuple(reading.document.fact(name, line) for name, line in names if not is_nothing(name))


def read_alarm_rows(reading: Reading) -> tuple[Alarm, ...]:
    """The rows of the alarm table in order, without those that name none."""
    section = reading.document.section("CloudWatch Alarms")
    grid = section.grid if section else None
    return tuple(_alarm(reading, row) for row in grid.rows if not is_nothing(plain(row.cell(0)))) if grid else ()


def _alarm(reading: Reading, row: Row) -> Alarm:
    name, threshold, action = (plain(row.cell(index)) for index in range(3))
    first, *more = (part.strip() for part in action.split(" + "))
    told = _RECEIVER.search(split_remark(first)[0])
    return Alarm(
        name=reading.document.fact(name, row.line),
        threshold=read_threshold(threshold),
        receiver=reading.document.fact(told[1].strip(), row.line) if told else None,
        critical="(CRITICAL)" in action or "(CRITICAL)" in name,
        more=tuple(split_remark(part)[0] for part in more),
    )


def read_widgets(reading: Reading) -> tuple[Fact[str], ...]:
    """What the dashboards show: behind `Widgets:` on one line, or nested below it."""
    section = reading.document.section("CloudWatch Dashboards")
    found = []
    for item in section.items if section else ():
        label, colon, rest = plain(item.text).partition(":")
        if colon and label.casefold() in ("widget", "widgets"):
            found += [reading.document.fact(name, item.line) for name in split_list(rest)]
            found += [reading.document.fact(plain(point.text), point.line, point.text) for point in item.points]
    return tuple(found)


def read_change_notes(reading: Reading) -> tuple[str, ...]:
    """The note of each row of the change log whose date is one."""
    section = reading.document.section("Change Log")
    grid = section.grid if section else None
    return tuple(plain(row.cell(3)) for row in grid.rows if parse_iso(plain(row.cell(0)))) if grid else ()


def read_dashboards(reading: Reading) -> tuple[Fact[str], ...]:
    """The names in code marks behind `Create:`, in order."""
    section = reading.document.section("CloudWatch Dashboards")
    found = []
    for item in section.items if section else ():
        if item.text.casefold().startswith("create"):
            found += [reading.document.fact(name, item.line) for name in _DASHBOARD.findall(item.text)]
    return tuple(found)


def read_changes(reading: Reading) -> tuple[tuple[Fact[date], str, str], ...]:
    """Date, phase and status of each row whose date is one."""
    section = reading.document.section("Change Log")
    grid = section.grid if section else None
    changes = []
    for row in grid.rows if grid else ():
        written = plain(row.cell(0))
        if day := parse_iso(written):
            fact = reading.document.fact(day, row.line, written)
            changes.append((fact, plain(row.cell(1)), without_symbol(plain(row.cell(2)))))
    return tuple(changes)


def _environment(document: Document, row: Row, columns: dict[str, int]) -> Environment:
    cells = {name: plain(row.cell(index)) for name, index in columns.items()}
    account = _ACCOUNT.search(cells.get("account", ""))
    region = _REGION.search(cells.get("region", ""))
    role = _ROLE.search(cells.get("region", "").partition(",")[0])
    domain = cells.get("domain", "")
    status = without_symbol(cells.get("status", ""))
    name, remark = split_remark(cells["name"])
    return Environment(
        name=name.casefold(),
        at=document.place(row.line, name),
        account=document.fact(account[0], row.line) if account else None,
        region=document.fact(region[0], row.line) if region else None,
        region_role=role[1].strip() if role else remark if _ELSEWHERE.search(remark) else "",
        domain=None if is_nothing(domain) else document.fact(domain, row.line),
        status=document.fact(status, row.line) if status else None,
    )


def _second_region(
    document: Document, row: Row, columns: dict[str, int], first: Environment
) -> tuple[Environment, ...]:
    cell = plain(row.cell(columns["region"])) if "region" in columns else ""
    regions = list(_REGION.finditer(cell))
    if len(regions) != 2 or regions[0][0] == regions[1][0]:
        return ()
    role = _ROLE.search(cell, regions[1].end())
    if role is None or not _ELSEWHERE.search(role[1]):
        return ()
    return (replace(first, region=document.fact(regions[1][0], row.line), region_role=role[1].strip()),)


def _columns(grid: Grid, wanted: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Which column is which, by a word that its header contains; the first that fits."""
    headers = [plain(cell).casefold() for cell in grid.header.cells]
    found = {}
    for name, words in wanted.items():
        for index, header in enumerate(headers):
            if any(word in header.split() for word in words):
                found[name] = index
                break
    return found

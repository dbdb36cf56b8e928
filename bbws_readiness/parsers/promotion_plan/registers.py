"""Reads the tables of environments, alarms, contacts and changes."""

from __future__ import annotations

import re
from datetime import date

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.plans import Contact
from bbws_readiness.parsers.promotion_plan.dates import parse_iso
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Document, Grid, Row
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, without_symbol

_ACCOUNT = re.compile(r"(?<!\d)\d{10,14}(?!\d)")
"""Somewhat wider than twelve digits, so that a mistyped account is compared and found wrong."""
_REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]{2,20}){1,3}-\d\b")
_ROLE = re.compile(r"\(([^()]*)\)")
_NOBODY = frozenset({"tbd", "tbc", "to be defined", "to be determined", "to be confirmed", "?"})
_DASHBOARD = re.compile(r"`([^`]+)`")


def read_environments(reading: Reading) -> tuple[Environment, ...]:
    """The rows of the environments table in order."""
    section = reading.document.section("Environments")
    grid = section.grid if section else None
    return environments_of(reading.document, grid) if grid else ()


def environments_of(document: Document, grid: Grid) -> tuple[Environment, ...]:
    """The environments of any table whose header names its columns; a row without a name is left out."""
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
    return tuple(
        _environment(document, row, columns) for row in grid.rows if plain(_cell(row, columns["name"])).strip()
    )


def read_contacts(reading: Reading) -> tuple[Contact, ...]:
    """The rows of the contact table in order."""
    section = reading.document.section("Contacts & Escalation") or reading.document.section("Contacts")
    grid = section.grid if section else None
    contacts = []
    for row in grid.rows if grid else ():
        role, person, responsibility = (plain(_cell(row, index)) for index in range(3))
        nobody = is_nothing(person) or person.casefold() in _NOBODY
        contact = None if nobody else reading.document.fact(person, row.line)
        contacts.append(Contact(role, contact, responsibility, reading.document.place(row.line, role)))
    return tuple(contacts)


def read_alarms(reading: Reading) -> tuple[Fact[str], ...]:
    """The names in the alarm table, in order."""
    section = reading.document.section("CloudWatch Alarms")
    grid = section.grid if section else None
    names = ((plain(_cell(row, 0)), row.line) for row in grid.rows) if grid else ()
    return tuple(reading.document.fact(name, line) for name, line in names if not is_nothing(name))


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
        written = plain(_cell(row, 0))
        if day := parse_iso(written):
            fact = reading.document.fact(day, row.line, written)
            changes.append((fact, plain(_cell(row, 1)), without_symbol(plain(_cell(row, 2)))))
    return tuple(changes)


def _environment(document: Document, row: Row, columns: dict[str, int]) -> Environment:
    cells = {name: plain(_cell(row, index)) for name, index in columns.items()}
    account = _ACCOUNT.search(cells.get("account", ""))
    region = _REGION.search(cells.get("region", ""))
    role = _ROLE.search(cells.get("region", ""))
    domain = cells.get("domain", "")
    status = without_symbol(cells.get("status", ""))
    name = split_remark(cells["name"])[0]
    return Environment(
        name=name.casefold(),
        at=document.place(row.line, name),
        account=document.fact(account[0], row.line) if account else None,
        region=document.fact(region[0], row.line) if region else None,
        region_role=role[1].strip() if role else "",
        domain=None if is_nothing(domain) else document.fact(domain, row.line),
        status=document.fact(status, row.line) if status else None,
    )


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


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""

"""Draws tables and what documents say of them; the same seed gives the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

AREAS = (  # noqa: SIM905 - words
    "orders billing catalog shipping returns pricing customers loyalty payments invoicing stock carriers depots "
    "suppliers contracts claims tickets reviews campaigns vouchers routing customs labels parcels drivers vehicles "
    "accounts audit consent search sessions reports"
).split()
"""What a company is divided into: a file of tables, or a service, for each."""
THINGS = (  # noqa: SIM905 - words
    "items events entries states versions notes links limits rates rules runs tokens totals targets batches "
    "changes copies days drafts fees flags groups holds jobs keys lists locks marks orders pages parts plans"
).split()
ATTRIBUTES = (  # noqa: SIM905 - words
    "status customerId ownerId region createdAt updatedAt dueAt amount category source reference tier"
).split()
NUMBERS = ("amount", "tier")


@dataclass(frozen=True)
class Index:
    """A global secondary index over attributes of `ATTRIBUTES`."""

    name: str
    hash_key: str
    range_key: str
    projection: str


@dataclass(frozen=True)
class Table:
    """A DynamoDB table as one source tells of it."""

    name: str
    area: str
    indexes: tuple[Index, ...] = ()
    provisioned: bool = False
    recovery: bool = True
    streams: bool = False
    expires: bool = False
    encrypted: bool = True
    listed: bool = False
    """Declared as an entry of a map that one resource goes through, not as a resource of its own."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """Its keys and those of its indexes, each once."""
        keys = [key for index in self.indexes for key in (index.hash_key, index.range_key)]
        return tuple(dict.fromkeys(("PK", "SK", *keys)))


def drawn_tables(chance: random.Random, count: int, areas: Sequence[str] = AREAS) -> tuple[Table, ...]:
    """`count` tables of different names, ordered by area: as even as it goes, one in five in the map."""
    tables = []
    for number in range(count):
        area, thing = areas[number % len(areas)], THINGS[number // len(areas) % len(THINGS)]
        again = number // (len(areas) * len(THINGS))
        tables.append(_drawn(chance, f"{area}_{thing}{again or ''}", area))
    return tuple(sorted(tables, key=lambda table: table.area))


def _drawn(chance: random.Random, name: str, area: str) -> Table:
    listed = chance.random() < 0.2
    return Table(
        name,
        area,
        tuple(_index(chance, key) for key in chance.sample(ATTRIBUTES, chance.choice((0, 1, 1, 2, 2, 3, 4)))),
        provisioned=chance.random() < 0.1 and not listed,
        recovery=chance.random() < 0.93,
        streams=chance.random() < 0.4,
        expires=chance.random() < 0.25 and not listed,
        encrypted=chance.random() < 0.97 or listed,
        listed=listed,
    )


def _index(chance: random.Random, key: str) -> Index:
    name = f"By{key[0].upper()}{key[1:]}"
    range_key = chance.choice(("SK", "SK", "createdAt", "updatedAt"))
    return Index(name, key, "SK" if range_key == key else range_key, chance.choice(("ALL", "ALL", "KEYS_ONLY")))


def told(chance: random.Random, tables: Sequence[Table], wrong: float) -> tuple[Table, ...]:
    """The tables as a document tells of them: of each it errs with the probability `wrong`."""
    return tuple(_altered(chance, table) if chance.random() < wrong else table for table in tables)


def _altered(chance: random.Random, table: Table) -> Table:
    match chance.choice(("index", "index", "recovery", "streams")):
        case "index" if table.indexes:
            return replace(table, indexes=table.indexes[:-1])
        case "recovery":
            return replace(table, recovery=not table.recovery)
        case "streams":
            return replace(table, streams=not table.streams)
    return replace(table, indexes=(_index(chance, chance.choice(ATTRIBUTES)),))

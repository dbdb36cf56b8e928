"""What a made-up project is before it is written: what each of its sources says, drawn from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

ENVIRONMENTS = ("dev", "sit", "prod")
ACCOUNTS = {"dev": "444455556666", "sit": "111122223333", "prod": "077788889999"}
REGIONS = {"dev": "eu-west-1", "sit": "eu-west-1", "prod": "af-south-1"}
NAMES = ("carriers", "parcels", "routes", "depots", "labels", "manifests", "returns_2024")
INDEXES = ("ByStatus", "ByDepot", "ByCountry", "ByCustomer", "OpenIndex", "ByDay", "StatusIndex")
ROLES = (
    "Tech Lead",
    "DevOps Engineer",
    "DevOps Lead",
    "DBA",
    "Product Owner",
    "Security Team",
    "FinOps Lead",
    "QA & Release",
    "Architect",
)
FIRST_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Table:
    """One table as one source tells of it."""

    name: str
    indexes: tuple[str, ...]
    recovery: bool | None
    streams: bool | None
    """None when the source does not speak of it."""
    suffixed: bool
    """Whether its full name carries the environment."""
    billing: str = "PAY_PER_REQUEST"
    encrypted: bool = True
    unknown: str = ""
    """What Terraform cannot tell of it from the files: `name`, `recovery`, `count`, `indexes`, or nothing."""

    def full_name(self, environment: str) -> str:
        """The name in an environment."""
        return f"{self.name}-{environment}" if self.suffixed else self.name


@dataclass(frozen=True)
class Plan:
    """What the promotion plan says, beyond its tables."""

    tables: tuple[Table, ...]
    stated_tables: int
    stated_indexes: int
    created: date
    deployment: date
    hour: int
    """Of the deployment; 0 when only a day is stated."""
    approvers: tuple[str, ...]
    step_approvers: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]
    statuses: tuple[str, str]
    blocks: tuple[str, ...]
    backup: str
    """`daily`, `hourly`, or empty when it asks for none."""
    retention: int
    dates: bool
    tag: bool
    sections: bool
    """Whether the sections about rollback and success are there."""


@dataclass(frozen=True)
class Draft:
    """A project before it is written."""

    seed: int
    environment: str
    as_of: datetime
    tables: tuple[Table, ...]
    schemas: tuple[Table, ...] | None
    readme: tuple[Table, ...] | None
    script: tuple[Table, ...] | None
    script_environment: str
    plan: Plan | None
    buckets: tuple[str, ...]
    module: bool
    """Whether the tables stand in a module."""
    backup: str
    """`vault` (with plan and selection), `half` or empty."""
    tfvars: tuple[str, ...]
    workflows: tuple[str, ...]
    gate: bool
    ignores: bool
    """Whether a .gitignore keeps plans and state away."""
    git: bool
    broken: tuple[str, ...]
    """Paths of files that get a fault."""
    decides: bool = False
    """Whether there is a decision log on some of what is found."""
    secret: str = ""
    """What looks like a key of AWS, and must not be told."""
    secret_in: str = ""
    """The file that gets it."""


def drawn(seed: int) -> Draft:
    """The draft of one seed: the same in every process."""
    chance = random.Random(seed)
    tables = _tables(chance)
    faithful = chance.random() < 0.2
    as_of = datetime.combine(FIRST_DAY + timedelta(days=chance.randrange(330)), time())
    if chance.random() < 0.3:
        as_of = as_of.replace(hour=chance.randrange(24), minute=chance.choice((0, 7, 30, 55)))
    plan = _plan(chance, tables, as_of.date()) if chance.random() < (0.85 if tables else 0.3) else None
    draft = Draft(
        seed=seed,
        environment=chance.choice(("sit", "sit", "sit", "sit", "dev", "prod")),
        as_of=as_of,
        tables=tables,
        schemas=_told(chance, tables, 0.7),
        readme=_told(chance, tables, 0.7),
        script=_told(chance, tables, 0.6),
        script_environment=chance.choice(("sit", "sit", "dev", "")),
        plan=plan,
        buckets=tuple(chance.sample(("labels", "archive"), chance.choice((0, 0, 0, 1, 2)))),
        module=chance.random() < 0.12,
        backup=chance.choice(("", "", "half", "vault", "vault")),
        tfvars=tuple(one for one in ENVIRONMENTS if chance.random() < 0.92),
        workflows=tuple(one for one in ENVIRONMENTS if chance.random() < (0.85 if one == "sit" else 0.3)),
        gate=chance.random() < 0.7,
        ignores=chance.random() < 0.8,
        git=chance.random() < 0.08,
        broken=_broken(chance),
    )
    if chance.random() < 0.06:
        key = "AKIA" + "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ234567") for _ in range(16))
        draft = replace(draft, secret=key, secret_in=chance.choice(FILES))
    draft = replace(draft, decides=chance.random() < 0.2)
    return _agreeing(draft) if faithful else draft


def _agreeing(draft: Draft) -> Draft:
    """The same project with sources that agree: READY, or nearly so."""
    tables = tuple(
        replace(one, recovery=True, streams=True, suffixed=True, encrypted=True, unknown="", billing="PAY_PER_REQUEST")
        for one in draft.tables
    )
    plan = draft.plan and replace(
        draft.plan,
        tables=tables,
        stated_tables=len(tables),
        stated_indexes=sum(len(one.indexes) for one in tables),
        statuses=("READY FOR REVIEW", "READY FOR REVIEW"),
        step_approvers=draft.plan.approvers,
        backup="daily",
        retention=7,
        sections=True,
        tag=False,
    )
    return replace(
        draft,
        tables=tables,
        plan=plan,
        schemas=tables or None,
        readme=tables or None,
        script=tables or None,
        script_environment=draft.environment,
        backup="vault",
        module=False,
        gate=True,
        ignores=True,
        tfvars=ENVIRONMENTS,
        workflows=(draft.environment,),
        broken=(),
    )


def _tables(chance: random.Random) -> tuple[Table, ...]:
    names = chance.sample(NAMES, chance.choice((0, 1, 2, 2, 2, 3, 4)))
    suffixed, alike = chance.random() < 0.7, chance.random() < 0.7
    return tuple(
        Table(
            name=name,
            indexes=tuple(chance.sample(INDEXES, chance.choice((0, 1, 1, 2, 3)))),
            recovery=chance.choice((True, True, True, False, None)),
            streams=True if alike else chance.choice((True, False, None)),
            suffixed=suffixed if alike else chance.random() < 0.5,
            billing=chance.choice(("PAY_PER_REQUEST", "PAY_PER_REQUEST", "PAY_PER_REQUEST", "PROVISIONED")),
            encrypted=chance.random() < 0.8,
            unknown=chance.choice(("name", "recovery", "count", "indexes")) if chance.random() < 0.06 else "",
        )
        for name in names
    )


def _told(chance: random.Random, tables: Sequence[Table], spoken: float) -> tuple[Table, ...] | None:
    """The tables as another source tells of them: right as often as not; None when there is no such source."""
    if chance.random() > (spoken if tables else 0.1):
        return None
    return tuple(tables) if chance.random() < 0.5 else _altered(chance, tables)


def _altered(chance: random.Random, tables: Sequence[Table]) -> tuple[Table, ...]:
    told = list(tables)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = chance.randrange(len(told)) if told else None
        match chance.choice(("drop", "add", "index", "index", "streams", "recovery", "suffix")):
            case "drop" if place is not None:
                del told[place]
            case "add":
                spare = [name for name in NAMES if all(one.name != name for one in told)]
                told.append(Table(chance.choice(spare), (chance.choice(INDEXES),), True, None, True))
            case "index" if place is not None:
                told[place] = replace(told[place], indexes=tuple(chance.sample(INDEXES, chance.randrange(4))))
            case "streams" if place is not None:
                told[place] = replace(told[place], streams=not told[place].streams)
            case "recovery" if place is not None:
                told[place] = replace(told[place], recovery=not told[place].recovery)
            case "suffix" if place is not None:
                told[place] = replace(told[place], suffixed=not told[place].suffixed)
    return tuple(told)


def _plan(chance: random.Random, tables: Sequence[Table], today: date) -> Plan:
    planned = tuple(tables) if chance.random() < 0.4 else _altered(chance, tables)
    indexes = sum(len(one.indexes) for one in planned)
    approvers = tuple(chance.sample(ROLES, chance.choice((0, 1, 2, 3, 4))))
    contacts = chance.sample(ROLES, chance.randrange(4))
    return Plan(
        tables=planned,
        stated_tables=len(planned) + chance.choice((0, 0, 0, 1)),
        stated_indexes=indexes + chance.choice((0, 0, 1, 3)),
        created=today - timedelta(days=chance.randrange(60)),
        deployment=today + timedelta(days=chance.randrange(-6, 25)),
        hour=chance.choice((0, 8, 9, 14)),
        approvers=approvers,
        step_approvers=approvers if chance.random() < 0.6 else tuple(chance.sample(ROLES, 2)),
        contacts=tuple((role, chance.choice(("TBD", "team-ops@acme.test"))) for role in contacts),
        statuses=chance.choice((("READY FOR REVIEW", "READY FOR REVIEW"), ("READY FOR EXECUTION", "READY FOR REVIEW"))),
        blocks=tuple(chance.sample(("invoice_lambda", "parcel_lambda", "depot_api"), chance.randrange(3))),
        backup=chance.choice(("", "daily", "hourly")),
        retention=chance.choice((5, 7, 14)),
        dates=chance.random() < 0.85,
        tag=chance.random() < 0.5,
        sections=chance.random() < 0.8,
    )


FILES = (
    "terraform/main.tf",
    "terraform/variables.tf",
    "terraform/environments/sit.tfvars",
    ".github/workflows/deploy-sit.yml",
    "promotions/11_shipments_schemas_promotion.md",
    "scripts/validate_tables.py",
    "README.md",
    "schemas/carriers.schema.json",
)


def _broken(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(FILES, chance.choice((1, 1, 2)))) if chance.random() < 0.12 else ()

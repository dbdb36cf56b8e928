"""The promotion plan, README and readiness.yaml of a made-up project."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import yaml

from tests.invariants.drafts import ACCOUNTS, REGIONS, ROLES, Draft, Plan, Table


def readme(tables: Sequence[Table]) -> str:
    """A README with a table of the tables and the two sums."""
    rows = "".join(f"| {one.name} | Of the shipping platform | {len(one.indexes)} |\n" for one in tables)
    indexes = sum(len(one.indexes) for one in tables)
    return (
        "# Shipments Schemas\n\nThe tables of the shipping platform.\n\n## Tables\n\n"
        f"| Table | Purpose | Global Secondary Indexes |\n|---|---|---|\n{rows}\n"
        f"Together {indexes} Global Secondary Indexes across {len(tables)} tables.\n\n"
        "## Features\n\n- On-demand billing\n- Point-in-time recovery\n\n## Environments\n\n"
        "| Environment | AWS account | Region | Status |\n|---|---|---|---|\n"
        + "".join(f"| {name.upper()} | {ACCOUNTS[name]} | {REGIONS[name]} | Target |\n" for name in ACCOUNTS)
    )


def plan(draft: Draft, told: Plan) -> str:
    """The promotion plan in the format that plans have."""
    names = ", ".join(one.name for one in told.tables)
    parts = [HEAD.format(told=told, status=told.statuses[0], names=names, environments=_environments())]
    if told.dates:
        parts.append(_timeline(told))
    parts.append(_phase_one(told))
    if told.sections:
        parts.append(SECTIONS.format(told=told))
    parts.append(_end(told))
    return "\n".join(parts)


HEAD = """# Promotion Plan: shipments_schemas

**Project**: 3_1_acme_shipments_schemas
**Plan ID**: PROM-SHP-011
**Created**: {told.created}
**Owner**: DevOps Engineer
**Status**: 📋 {status}

---

## Project Overview

| Attribute | Value |
|-----------|-------|
| **Project Type** | DynamoDB table definitions (Terraform) |
| **Purpose** | Tables of the shipping platform |
| **Tables** | {told.stated_tables} ({names}) |
| **GSIs** | {told.stated_indexes} (across all tables) |
| **Wave** | Wave 2 (Infrastructure Foundation) |

---

## Environments

| Environment | AWS Account | Region | Domain | Status |
|-------------|-------------|--------|--------|--------|
{environments}
---
"""


def _environments() -> str:
    row = "| **{}** | {} | {} | N/A | ⏳ Target |\n"
    return "".join(row.format(name.upper(), ACCOUNTS[name], REGIONS[name]) for name in ACCOUNTS)


def _day(when: date) -> str:
    return f"{when:%b} {when.day}"


def _clock(hour: int) -> str:
    return f"{hour if hour <= 12 else hour - 12}:00 {'AM' if hour < 12 else 'PM'}"


def _moment(when: date, hour: int) -> str:
    return f"{_day(when)}, {_clock(hour)}" if hour else _day(when)


def _range(first: date, last: date) -> str:
    return f"{_day(first)}-{last.day}" if first.month == last.month else f"{_day(first)} - {_day(last)}"


def _timeline(told: Plan) -> str:
    start = told.deployment
    later = start + timedelta(days=40)
    return f"""## Promotion Timeline

```
PHASE 1: SIT PROMOTION ({_day(start)}, {start.year})
├─ Pre-deployment  ({_range(start - timedelta(days=2), start - timedelta(days=1))})
├─ Deployment      ({_moment(start, told.hour)})
├─ Validation      ({_moment(start, told.hour and told.hour + 1)})
└─ Sign-off        ({_moment(start, told.hour and 16)})

PHASE 2: SIT VALIDATION ({_range(start + timedelta(days=1), start + timedelta(days=20))})
├─ Integration Testing ({_range(start + timedelta(days=1), start + timedelta(days=8))})
└─ SIT Sign-off        ({_day(start + timedelta(days=20))})

PHASE 3: PROD PROMOTION ({_day(later)}, {later.year})
├─ Pre-deployment  ({_range(later - timedelta(days=4), later - timedelta(days=1))})
├─ Deployment      ({_moment(later, 8)})
├─ Validation      ({_moment(later, 9)})
└─ Sign-off        ({_day(later + timedelta(days=3))})
```

---
"""


def _phase_one(told: Plan) -> str:
    start = told.deployment
    listed = "".join(
        f"  - `{one.full_name('sit')}`" + (f" (GSI: {', '.join(one.indexes)})" if one.indexes else "") + "\n"
        for one in told.tables
    )
    tag = "- [ ] Tag release: `v1.0.0-sit`\n" if told.tag else ""
    backup = (
        f"#### Backup Strategy\n\n- [ ] Define backup schedule ({told.backup} backups)\n"
        f"- [ ] Set backup retention period ({told.retention} days SIT, 21 days PROD)\n"
        if told.backup
        else ""
    )
    headings = (f" ({_moment(start, told.hour)})") if told.dates else ""
    return f"""## Phase 1: SIT Promotion

### Pre-Deployment Checklist

#### Environment Verification

- [ ] AWS SSO login to SIT account ({ACCOUNTS["sit"]})
- [ ] Confirm region: `eu-west-1`

#### Code Preparation

- [ ] Merge all reviewed changes to `main`
{tag}
#### Infrastructure Planning

- [ ] Document all tables to be created:
{listed}- [ ] Confirm on-demand capacity mode for every table
- [ ] Enable point-in-time recovery for every table
- [ ] Verify encryption at rest (KMS)
- [ ] Configure DynamoDB streams (if needed)

{backup}
### Deployment Steps{headings}

#### Step 4: Start the Workflow

```bash
gh workflow run deploy-sit.yml --ref main
```

#### Step 5: Manual Approval

- Get approval from {" and ".join(told.step_approvers) or "stakeholders"}

### Post-Deployment Validation

#### Table Validation

- [ ] Every table is ACTIVE

---

## Phase 2: SIT Validation

## Phase 3: PROD Promotion
"""


SECTIONS = """
---

## Rollback Procedures

### SIT Rollback

1. Revert the change on `main` with a reviewed pull request

### PROD Rollback (CRITICAL)

1. Inform the Tech Lead

---

## Success Criteria

### SIT Success

- [ ] All {told.stated_tables} tables created successfully
- [ ] All {told.stated_indexes} GSIs ACTIVE

### PROD Success

- [ ] All {told.stated_tables} tables created successfully
"""


def _end(told: Plan) -> str:
    contacts = "".join(f"| {role} | {contact} | Business hours |\n" for role, contact in told.contacts)
    approval = f"**Approval Required By:** {', '.join(told.approvers)}\n" if told.approvers else ""
    blocks = f"**Blocks:** {', '.join(told.blocks)} (Wave 1)\n" if told.blocks else ""
    return f"""
---

## Contacts & Escalation

| Role | Contact | Availability |
|------|---------|--------------|
{contacts}
---

**Plan Status:** 📋 {told.statuses[1]}
{approval}**Wave:** Wave 2 (Infrastructure Foundation)
**Dependencies:** NONE (foundation infrastructure)
{blocks}"""


KINDS = ("plan", "terraform", "schemas", "readme", "script")
FACETS = ("tables", "indexes", "naming", "streams", "backup", "recovery", "capacity")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEVELS = ("critical", "high", "medium", "low")


def configuration(draft: Draft) -> str:
    """A readiness.yaml with some of what it may say; empty for none."""
    chance = random.Random(f"{draft.seed} readiness.yaml")
    if chance.random() < 0.15:
        return ""
    parts = (_policy, _people, _calendar, _money, _texts)
    said: dict[str, Any] = {}
    for part in parts:
        if chance.random() < 0.75:
            said |= part(chance, draft)
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True) if said else ""


def _policy(chance: random.Random, draft: Draft) -> dict[str, Any]:
    said: dict[str, Any] = {}
    match chance.randrange(4):
        case 0:
            said["authority"] = {"default": [chance.choice(("plan", "terraform")), "schemas"]}
        case 1:
            said["authority"] = {facet: [chance.choice(KINDS)] for facet in chance.sample(FACETS, 3)}
        case 2:
            said["authority"] = {}
    if chance.random() < 0.3:
        said["weights"] = {level: chance.choice((0, 1, 2.5, 7, 33.3)) for level in (*LEVELS, "decision")}
    if chance.random() < 0.3:
        severity = chance.choice(LEVELS)
        said["rules"] = {chance.choice(("PLN004", "DUR002", "VAL001", "REL001")): {"severity": severity}}
    if chance.random() < 0.3:
        said["estimates"] = {chance.choice(("tables", "IDX001", "documentation")): chance.choice((0, 5, 45, 600))}
    return said


def _people(chance: random.Random, draft: Draft) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if chance.random() < 0.4:
        said["owners"] = {chance.choice(("tables", "documentation", "validation-script")): chance.sample(ROLES, 2)}
    if chance.random() < 0.4:
        said["approvals"] = {draft.environment: chance.sample(ROLES, chance.choice((1, 3)))}
    if chance.random() < 0.5:
        said["approves"] = dict.fromkeys(chance.sample(ROLES, 3), "Design; cost, and *all* of it")
    if chance.random() < 0.5:
        said["contacts"] = {role: {"contact": "team@acme.test"} for role in chance.sample(ROLES, 4)}
    if chance.random() < 0.5:
        reviews = [("cost-review", "Cost review"), ("security", "Security review, all parts")]
        said["reviews"] = [
            {
                "key": key,
                "title": title,
                "owners": chance.sample(ROLES, 2),
                "minutes": chance.choice((15, 60, 90, 1000)),
                "priority": chance.choice(LEVELS),
                "after": chance.sample(("tables", "backup"), chance.randrange(3)),
            }
            for key, title in chance.sample(reviews, chance.choice((1, 2)))
        ]
    return said


def _calendar(chance: random.Random, draft: Draft) -> dict[str, Any]:
    near = draft.as_of.date()
    said: dict[str, Any] = {"hours": chance.choice(("09:00-17:00", "08:30-16:30", "10:00-13:00", "07:00-19:45"))}
    if chance.random() < 0.5:
        said["working-days"] = list(chance.choice((DAYS[:5], (*DAYS[:4], DAYS[6]), DAYS[1:3], DAYS)))
    if chance.random() < 0.6:
        said["holidays"] = [near + timedelta(days=one) for one in sorted(chance.sample(range(1, 20), 4))]
    if chance.random() < 0.4:
        days = chance.choice((DAYS[1:4], DAYS[:5]))
        said["windows"] = {draft.environment: {"days": list(days), "hours": "10:00-12:30"}}
    return {"calendar": said}


def _money(chance: random.Random, draft: Draft) -> dict[str, Any]:
    lines = []
    for item, noun in (("Tables", "tables"), ("Indexes", "indexes"), ("Recovery", "recovery"), ("Backups", "backups")):
        low = chance.choice((0, 1, 2.5, 12, 1200))
        line = {"item": item, "quantity-of": noun, "from": low, "to": low + chance.choice((0, 0.75, 8))}
        lines.append(line | ({"when": "backups"} if noun == "backups" else {}))
    said: dict[str, Any] = {"currency": chance.choice(("USD", "EUR", "CHF"))}
    if chance.random() < 0.6:
        said["as-of"] = draft.as_of.date() - timedelta(days=chance.randrange(90))
    said["environments"] = {draft.environment: chance.sample(lines, chance.choice((1, 3, 4)))}
    return {"prices": said}


def _texts(chance: random.Random, draft: Draft) -> dict[str, Any]:
    every: dict[str, Any] = {
        "title": "Shipments | Schemas",
        "organisation": "acme",
        "deployment-minutes": [15, 20],
        "business-impact": {draft.environment: "MEDIUM"},
        "recommendations": {"tables": "Take option B, 3 of 4 services agree."},
        "prepared-for": "Tech Lead, Product Owner",
        "distribution": "Delivery teams",
        "confidentiality": "Internal",
        "contingency": "Wait for the next window.",
        "questions": {"Scope": "Product Owner"},
    }
    return {key: every[key] for key in every if chance.random() < 0.6}

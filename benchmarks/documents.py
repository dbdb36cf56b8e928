"""What stands beside the Terraform of generated projects: plan, README, workflows, schemas and settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.configuration import ENVIRONMENTS
from benchmarks.drawn import NUMBERS, Table

TEMPLATES = Path(__file__).parent / "templates"


def plan(project: str, number: int, tables: Sequence[Table], needs: Sequence[str]) -> tuple[str, str]:
    """The promotion plan, as the document that tells of these tables."""
    listed = "\n".join(f"  - `{table.name}-sit`{_indexes(table)}" for table in tables)
    dependencies = [f"- [ ] {name} promoted to SIT (dependency)" for name in needs] or ["- [ ] No dependencies"]
    text = filled(
        "plan.md",
        {
            "project": project,
            "title": title_of(project),
            "number": f"{number:03}",
            "tables": str(len(tables)),
            "indexes": str(sum(len(table.indexes) for table in tables)),
            "names": ", ".join(table.name for table in tables),
            "listed": listed,
            "dependencies": "\n".join(dependencies),
            "needs": ", ".join(needs) or "NONE (foundation infrastructure)",
            "day": "21" if needs else "14",
            "wave": "3" if needs else "2",
        },
    )
    return f"promotions/{number:03}_{project}_promotion.md", text


def _indexes(table: Table) -> str:
    return f" (GSI: {', '.join(index.name for index in table.indexes)})" if table.indexes else ""


def readme(project: str, tables: Sequence[Table]) -> tuple[str, str]:
    """The README with a row per table and the sums."""
    rows = (f"| {table.name} | Of the {table.area} team | {len(table.indexes)} |\n" for table in tables)
    values = {
        "project": project,
        "title": title_of(project),
        "rows": "".join(rows),
        "tables": str(len(tables)),
        "indexes": str(sum(len(table.indexes) for table in tables)),
    }
    return "README.md", filled("readme.md", values)


def workflows(project: str) -> Iterator[tuple[str, str]]:
    """A workflow per environment that plans, waits, applies and validates."""
    for one in ENVIRONMENTS:
        values = {
            "project": project,
            "name": one.name,
            "upper": one.name.upper(),
            "account": one.account,
            "region": one.region,
        }
        yield f".github/workflows/deploy-{one.name}.yml", filled("deploy.yml", values)


def schemas(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """A JSON file per table."""
    for table in tables:
        yield f"schemas/{table.name}.schema.json", json.dumps(_schema(table), indent=2) + "\n"


def _schema(table: Table) -> dict[str, object]:
    backup = {one.name: {"frequency": "daily", "retention": 14} for one in ENVIRONMENTS}
    return {
        "tableName": table.name,
        "primaryKey": {
            "partitionKey": {"name": "PK", "type": "S", "pattern": f"{table.area.upper()}#{{id}}"},
            "sortKey": {"name": "SK", "type": "S"},
        },
        "attributes": [
            {"name": name, "type": "N" if name in NUMBERS else "S", "required": True, "description": f"The {name}"}
            for name in table.attributes
        ],
        "globalSecondaryIndexes": [
            {
                "indexName": index.name,
                "partitionKey": index.hash_key,
                "sortKey": index.range_key,
                "projectionType": index.projection,
            }
            for index in table.indexes
        ],
        "capacityMode": "PROVISIONED" if table.provisioned else "ON_DEMAND",
        "pitr": {"enabled": table.recovery},
        "backup": backup,
        "streams": {"enabled": table.streams, "viewType": "NEW_AND_OLD_IMAGES"}
        if table.streams
        else {"enabled": False},
        "tags": {"Name": table.name, "Owner": f"{table.area}-team", "ManagedBy": "terraform"},
    }


def settings(project: str) -> tuple[str, str]:
    """What the organisation says in readiness.yaml."""
    return "readiness.yaml", filled("readiness.yaml", {"title": title_of(project)})


def title_of(project: str) -> str:
    return project.replace("_", " ").title()


def filled(template: str, values: Mapping[str, str]) -> str:
    """A file of `templates/` with every `@name@` replaced."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text

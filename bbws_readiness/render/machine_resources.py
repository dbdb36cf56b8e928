"""What Terraform would create, for the JSON: instances, tables with all their features, and how a fact is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Key, Table


def fact_data(fact: Fact[Any] | None) -> dict[str, Any] | None:
    """Value and place; the reason in place of an unknown value; None for what is not spoken of."""
    if fact is None:
        return None
    if isinstance(fact.value, Unknown):
        return {"value": None, "unknown": fact.value.reason, "at": str(fact.at)}
    return {"value": fact.value, "at": str(fact.at)}


def resources_data(assessment: Assessment) -> dict[str, Any]:
    """All instances by address, and the tables among them."""
    configuration = assessment.model.configuration
    resources = configuration.resources if configuration else ()
    return {
        "to_create": len(resources),
        "instances": [{"address": one.address, "type": one.type, "at": str(one.at)} for one in resources],
        "tables": [_table(table) for table in assessment.model.terraform_tables or ()],
    }


def _table(table: Table) -> dict[str, Any]:
    streams = table.streams
    return {
        "address": table.address,
        "name": fact_data(table.full_name),
        "billing_mode": fact_data(table.billing_mode),
        "partition_key": _key(table.partition_key),
        "sort_key": _key(table.sort_key),
        "recovery": fact_data(table.recovery),
        "streams": fact_data(streams.enabled) if streams else None,
        "stream_view_type": fact_data(streams.view_type) if streams else None,
        "encryption": fact_data(table.encryption),
        "indexes": [
            {
                "name": fact_data(index.name),
                "partition_key": _key(index.partition_key),
                "sort_key": _key(index.sort_key),
                "projection": fact_data(index.projection),
            }
            for index in table.indexes or ()
        ],
        "tags": _tags(table.tags),
    }


def _key(key: Key | None) -> dict[str, Any] | None:
    return {"name": fact_data(key.name), "type": fact_data(key.type)} if key else None


def _tags(tags: Mapping[str, Fact[str]] | None) -> dict[str, Any] | None:
    return {name: fact_data(value) for name, value in sorted(tags.items())} if tags is not None else None

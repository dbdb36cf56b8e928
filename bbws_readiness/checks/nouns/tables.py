"""Tables, their schemas and their indexes as nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bbws_readiness.checks.nouns.noun import Field, Noun, Subject, facts
from bbws_readiness.checks.tables.declared import declared_tables
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.source import SourceKind


def _tags(table: Table) -> Callable[[str], Fact[str] | None]:
    def tag(name: str) -> Fact[str] | None:
        found = (table.tags or {}).get(name)
        if found is None and table.tags_unknown:
            raise Undetermined(table.tags_unknown, table.at)
        return found

    return tag


def _name(key: Key | None) -> Fact[str] | None:
    return key.name if key else None


def _type(key: Key | None) -> Fact[str] | None:
    return key.type if key else None


TABLE_FIELDS: Mapping[str, Field] = {
    "name": Field("text", "Its name without the environment at its end.", lambda table: table.name),
    "full_name": Field("text", "Its name as the source writes it.", lambda table: table.full_name),
    "address": Field("text", "Its resource address.", lambda table: table.address),
    "billing_mode": Field("text", "`PAY_PER_REQUEST` or `PROVISIONED`.", lambda table: table.billing_mode),
    "recovery": Field("boolean", "Whether point-in-time recovery is on.", lambda table: table.recovery),
    "recovery_days": Field("number", "The window of recovery, where it is set.", lambda table: table.recovery_days),
    "encryption": Field("text", "`aws-owned`, `aws-managed` or `customer-managed`.", lambda table: table.encryption),
    "deletion_protection": Field("boolean", "Whether it is protected.", lambda table: table.deletion_protection),
    "streams": Field(
        "boolean", "Whether changes are streamed.", lambda table: table.streams.enabled if table.streams else None
    ),
    "stream_view_type": Field(
        "text", "Which images are streamed.", lambda table: table.streams.view_type if table.streams else None
    ),
    "partition_key": Field("text", "Name of its partition key.", lambda table: _name(table.partition_key)),
    "partition_key_type": Field("text", "`S`, `N` or `B`.", lambda table: _type(table.partition_key)),
    "sort_key": Field("text", "Name of its sort key.", lambda table: _name(table.sort_key)),
    "sort_key_type": Field("text", "`S`, `N` or `B`.", lambda table: _type(table.sort_key)),
    "index_names": Field(
        "list", "Its global secondary indexes.", lambda table: facts(one.name for one in table.indexes or ())
    ),
    "replicas": Field("list", "The regions of its replicas.", lambda table: facts(table.replicas)),
    "tags": Field("map", "The value of one tag, provider defaults included.", _tags, free=True),
}


def _declared(model: Model) -> Iterator[Subject]:
    declared = declared_tables(model)
    return (Subject(table.name, table.at, table) for table in (declared.all if declared else ()))


def _described(model: Model) -> Iterator[Subject]:
    return (Subject(table.name, table.at, table) for table in (model.schemas.tables if model.schemas else ()))


def _indexes(model: Model) -> Iterator[Subject]:
    for table in model.terraform_tables or ():
        for position, index in enumerate(table.indexes or (), start=1):
            name = index.name.or_none() or f"index {position}"
            yield Subject(f"{table.name}/{name}", index.at, (table, index))


def declared_gap(model: Model) -> Undetermined | None:
    """Why Terraform may declare more than was read."""
    declared = declared_tables(model)
    return declared.gap if declared else None


def _schema_gap(model: Model) -> Undetermined | None:
    if SourceKind.SCHEMAS in model.unread:
        return Undetermined("a schema could not be read", model.unread[SourceKind.SCHEMAS])
    return None


def _index(read: Callable[[Index], object]) -> Callable[[tuple[Table, Index]], object]:
    return lambda pair: read(pair[1])


TABLE = Noun("table", "A DynamoDB table that Terraform declares.", TABLE_FIELDS, _declared, declared_gap, switches=True)
SCHEMA = Noun(
    "schema", "A table as its schema file describes it.", TABLE_FIELDS, _described, _schema_gap, switches=True
)
INDEX = Noun(
    "index",
    "A global secondary index of a declared table.",
    {
        "name": Field("text", "Its name.", _index(lambda index: index.name)),
        "table": Field("text", "Name of its table.", lambda pair: pair[0].name),
        "partition_key": Field("text", "Name of its partition key.", _index(lambda index: _name(index.partition_key))),
        "sort_key": Field("text", "Name of its sort key.", _index(lambda index: _name(index.sort_key))),
        "projection": Field("text", "`ALL`, `KEYS_ONLY` or `INCLUDE`.", _index(lambda index: index.projection)),
    },
    _indexes,
    declared_gap,
)
NOUNS = (TABLE, INDEX, SCHEMA)

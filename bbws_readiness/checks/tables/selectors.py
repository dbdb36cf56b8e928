"""The table fields that rules may name in their parameters, and how each source states them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.checks.statements import Statement
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.source import Location, SourceKind

Aspects: TypeAlias = dict[str, str]
State: TypeAlias = Callable[[Table], Aspects]


class Field(Struct, frozen=True):
    """A field of a table: its words, and how to read it from a table description and from claims about all tables."""

    noun: str
    state: State
    """The aspects a description states, none when it does not speak of the field; may let `Undetermined` escape."""
    at: Callable[[Table], Location]
    claim: Callable[[Model, SourceKind], tuple[Aspects, Location] | None] = lambda model, kind: None
    """What a document claims about every table at once."""
    words: Callable[[Aspects], str] = lambda aspects: ", ".join(aspects.values())
    speaks: Callable[[Model, SourceKind, Table], bool] = lambda model, kind, table: True
    """Whether the source speaks of the assessed environment at all where it describes the table."""


def state_of(field: Field, model: Model, kind: SourceKind, table: Table | None) -> Statement | None:
    """What one source states about the field of one table, or None when it does not speak of it."""
    if table is not None and field.speaks(model, kind, table) and (aspects := field.state(table)):
        return Statement(kind, aspects, field.words(aspects), (field.at(table),))
    if claimed := field.claim(model, kind):
        aspects, at = claimed
        return Statement(kind, aspects, field.words(aspects), (at,))
    return None


def primary_key(table: Table) -> Aspects:
    """Names and types of partition and sort key; `none` where a source that speaks of keys gives no sort key."""
    if not table.speaks_of_keys and table.partition_key is None:
        return {}
    return key_aspects(table.partition_key, table.sort_key)


def index_keys(index: Index) -> Aspects:
    """Names of the index's keys and its projection, as far as the source tells them."""
    aspects: Aspects = {}
    if index.speaks_of_keys or index.partition_key is not None:
        aspects = {
            name: value
            for name, value in key_aspects(index.partition_key, index.sort_key).items()
            if not name.endswith("type")
        }
    if index.projection is not None:
        aspects["projection"] = index.projection.get()
    return aspects


def key_aspects(partition: Key | None, sort: Key | None) -> Aspects:
    """The aspects of one pair of keys."""
    aspects: Aspects = {}
    for role, key in (("partition key", partition), ("sort key", sort)):
        if key is None:
            if role == "sort key" or partition is not None:
                aspects[role] = "none"
            continue
        aspects[role] = key.name.get()
        if key.type is not None:
            aspects[f"{role} type"] = key.type.get()
    return aspects


def key_words(aspects: Aspects) -> str:
    """`PK (S), SK (S)`, without types where the source gives none."""
    parts = []
    for role in ("partition key", "sort key"):
        name, kind = aspects.get(role, "none"), aspects.get(f"{role} type")
        parts.append(("no sort key" if name == "none" else name) + (f" ({kind})" if kind else ""))
    return ", ".join(parts)


def _full_name(table: Table) -> Aspects:
    return {"name": table.full_name.get()}


def _names_environment(model: Model, kind: SourceKind, table: Table) -> bool:
    """A script gives full names when it is the one of this environment; other sources say so table by table."""
    if kind is not SourceKind.SCRIPT:
        return table.names_environment
    environment = model.script.environment if model.script else None
    return environment is not None and environment.or_none() == model.environment


def _billing(table: Table) -> Aspects:
    return {"capacity": table.billing_mode.get()} if table.billing_mode else {}


def _billing_claim(model: Model, kind: SourceKind) -> tuple[Aspects, Location] | None:
    at = _demanded(model, kind, "on-demand")
    return ({"capacity": "PAY_PER_REQUEST"}, at) if at else None


def _streams(table: Table) -> Aspects:
    if table.streams is None:
        return {}
    if not table.streams.enabled.get():
        return {"streams": "off"}
    view = table.streams.view_type
    return {"streams": "on", "images": view.get()} if view else {"streams": "on"}


def streams_at(table: Table) -> Location:
    """Where a source says whether the table streams; the table itself where it does not say."""
    return table.streams.enabled.at if table.streams else table.at


def _streams_claim(model: Model, kind: SourceKind) -> tuple[Aspects, Location] | None:
    at = _demanded(model, kind, "streams")
    if at is None:
        return None
    view = model.readme.stream_view_type if kind is SourceKind.README and model.readme else None
    return {"streams": "on", **({"images": view.get()} if view else {})}, at


def _demanded(model: Model, kind: SourceKind, flag: str) -> Location | None:
    """Where a document asks for something for every table; `(if needed)` asks nothing."""
    if kind is SourceKind.PLAN and model.plan:
        return next((found.at for found in model.requirements if found.flag == flag and found.demanded), None)
    if kind is SourceKind.README and model.readme:
        return next((found.at for found in model.readme.features if found.or_none() == flag), None)
    return None


def _fact_at(name: str) -> Callable[[Table], Location]:
    def place(table: Table) -> Location:
        fact: Fact[object] | None = getattr(table, name)
        return fact.at if fact else table.at

    return place


FIELDS: Mapping[str, Field] = {
    "full_name": Field(
        "name in this environment", _full_name, lambda table: table.full_name.at, speaks=_names_environment
    ),
    "primary_key": Field(
        "primary key",
        primary_key,
        lambda table: table.partition_key.name.at if table.partition_key else table.at,
        words=key_words,
    ),
    "billing_mode": Field("capacity mode", _billing, _fact_at("billing_mode"), _billing_claim),
    "streams": Field("streams", _streams, streams_at, _streams_claim),
}
"""Fields on which several sources can differ, by the word that the parameter `field` of a rule uses."""

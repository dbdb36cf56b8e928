"""Turns the resources of a plan JSON into tables, by way of the evaluator's own form of a resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from bbws_readiness.model.tables import Table
from bbws_readiness.parsers.terraform.tables import TABLE, describe_table
from bbws_readiness.source import Location
from bbws_readiness.terraform import Attribute, Block, Body, ResourceInstance
from bbws_readiness.terraform.values import Sensitive, Value, from_python, unknown

_BLOCKS = frozenset(
    {
        "attribute",
        "global_secondary_index",
        "key_schema",
        "local_secondary_index",
        "point_in_time_recovery",
        "replica",
        "server_side_encryption",
        "ttl",
    }
)
"""What of a table the configuration writes as nested blocks; JSON has lists of objects for them."""
_AFTER = "known after apply"


def tables_of(
    changes: Sequence[Mapping[str, Any]], environment: str, place: Callable[[str], Location]
) -> tuple[Table, ...]:
    """The tables that will be there after the changes, ordered by address."""
    found = []
    for data in changes:
        change = data["change"]
        if data["type"] == TABLE and isinstance(change.get("after"), dict):
            at = place(data["address"])
            body = _body(change["after"], change.get("after_unknown"), change.get("after_sensitive"), at)
            found.append((data["address"], body, at))
    return tuple(
        describe_table(_resource(address, body, at), (), (), environment)
        for address, body, at in sorted(found, key=_first)
    )


def _first(entry: tuple[str, Body, Location]) -> str:
    return entry[0]


def _resource(address: str, body: Body, at: Location) -> ResourceInstance:
    return ResourceInstance(
        address=address,
        mode="managed",
        type=TABLE,
        name=address.rpartition(".")[2],
        module=(),
        key=None,
        key_known=True,
        body=body,
        at=at,
        provider="aws",
    )


def _body(values: Mapping[str, Any], not_known: object, hidden: object, at: Location) -> Body:
    """The arguments and blocks of one object; `not_known` and `hidden` mirror its shape, with true at what is so."""
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    unknowns = not_known if isinstance(not_known, dict) else {}
    for name in dict.fromkeys((*values, *(name for name, mark in unknowns.items() if mark is True))):
        value, missing, secret = values.get(name), part_of_mirror(not_known, name), part_of_mirror(hidden, name)
        if name in _BLOCKS and isinstance(value, list):
            for index, part in enumerate(value):
                if isinstance(part, dict):
                    inner = _body(part, part_of_mirror(missing, index), part_of_mirror(secret, index), at)
                    blocks.append(Block(name, (), at, inner))
        else:
            attributes[name] = Attribute(_value(value, missing, secret), at)
    return Body(at, attributes, tuple(blocks))


def part_of_mirror(mirror: object, step: str | int) -> object:
    """The part of a mirror that belongs to a part of the value; true holds for all parts."""
    match mirror:
        case dict():
            return mirror.get(step)
        case list() if isinstance(step, int) and step < len(mirror):
            return mirror[step]
    return mirror if mirror is True else None


def _value(data: object, not_known: object, hidden: object) -> Value:
    value = unknown(reason=_AFTER) if _any(not_known) else from_python(_exact(data))
    return value.marked((Sensitive(),)) if _any(hidden) else value


def _any(mirror: object) -> bool:
    match mirror:
        case dict():
            return any(map(_any, mirror.values()))
        case list():
            return any(map(_any, mirror))
    return mirror is True


def _exact(data: object) -> object:
    match data:
        case dict():
            return {key: _exact(part) for key, part in data.items()}
        case list():
            return [_exact(part) for part in data]
        case float():
            # What is too large for a float is read as infinity, which no value is.
            return Decimal(str(data)) if isfinite(data) else str(data)
    return data

"""Turns the tables that Terraform declares into what a validation script expects of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from bbws_readiness.disclosure import looks_secret
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.resources import Resource
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.render.encode.python import Name, Shared
from bbws_readiness.render.generate.reach import Declared, Omission

UNKNOWN = Name("UNKNOWN")
"""Stands in the script for a value that the files do not tell, and that is therefore not checked."""
SHARED_TAGS = Name("SHARED_TAGS")

PROVISIONED = "PROVISIONED"
AUTOSCALING = "aws_appautoscaling_target"

T = TypeVar("T", str, int, bool)


class Expected:
    """What one table has to be, in the words of the script; what cannot be told is collected in `omissions`."""

    def __init__(self, declared: Declared, shared: Mapping[str, str], *, scaled: bool) -> None:
        """`shared` are tags that stand in a constant of their own; `scaled` says that capacity changes by itself."""
        self._table = declared.table
        self._resource = declared.resource
        self._shared = shared
        self._scaled = scaled
        self.omissions: list[Omission] = []

    def members(self) -> dict[str, object]:
        """The entry of the script; a member that does not apply is not there."""
        table = self._table
        return {
            "name": table.full_name.get(),
            "partition_key": self._key("partition key", table.partition_key),
            "sort_key": self._key("sort key", table.sort_key),
            "indexes": [self._index(f"global_secondary_index.{n}", one) for n, one in enumerate(table.indexes or ())],
            "local_indexes": [
                self._index(f"local_secondary_index.{n}", one) for n, one in enumerate(table.local_indexes)
            ],
            "billing_mode": self._value("billing mode", table.billing_mode),
            **self._capacity("", ""),
            **self._recovery(),
            **self._streams(),
            "encryption": self._value("encryption", table.encryption),
            "deletion_protection": self._flag("deletion protection", "deletion_protection_enabled"),
            "time_to_live": self._time_to_live(),
            "tags": self._tags(),
        }

    def _value(self, claim: str, fact: Fact[T] | None) -> T | Name | None:
        """The value; `UNKNOWN` and an omission when it is not known or must not be shown."""
        if fact is None:
            return None
        if isinstance(fact.value, Unknown):
            return self._omitted(claim, fact.value.reason, fact)
        if isinstance(fact.value, str) and looks_secret(fact.value):
            return self._omitted(claim, "withheld: the value looks like a secret", fact)
        return fact.value

    def _omitted(self, claim: str, reason: str, fact: Fact[T] | Fact[object]) -> Name:
        self.omissions.append(Omission(f"{self._table.full_name.get()}: {claim}", reason, fact.at))
        return UNKNOWN

    def _key(self, claim: str, key: Key | None) -> tuple[object, object] | Name | None:
        """Name and type."""
        if key is None:
            return None
        name = self._value(claim, key.name)
        if isinstance(name, Name):
            return name
        if key.type is None:
            return name, self._omitted(f"type of {claim}", "no attribute block gives it", key.name)
        return name, self._value(f"type of {claim}", key.type)

    def _index(self, path: str, index: Index) -> dict[str, object]:
        name = self._value("name of an index", index.name)
        claim = f"index {name}" if isinstance(name, str) else "an index"
        everywhere, own = path.startswith("global"), self._table.partition_key
        return {
            "name": name,
            # A local index has the partition key of its table.
            "partition_key": self._key(f"{claim}: partition key", index.partition_key if everywhere else own),
            "sort_key": self._key(f"{claim}: sort key", index.sort_key),
            **self._projection(claim, path, index),
            **(self._capacity(f"{claim}: ", f"{path}.") if everywhere else {}),
        }

    def _projection(self, claim: str, path: str, index: Index) -> dict[str, object]:
        projection = self._value(f"{claim}: projection", index.projection or Fact("ALL", index.at))
        if projection != "INCLUDE":
            return {"projection": projection}
        fact = self._resource.attributes.get(f"{path}.non_key_attributes")
        if fact and isinstance(fact.value, Unknown):
            names: object = self._omitted(f"{claim}: projected attributes", fact.value.reason, fact)
        else:
            listed = fact.or_none() if fact else ()
            names = sorted(str(one) for one in listed) if isinstance(listed, list | tuple | set) else UNKNOWN
        return {"projection": projection, "non_key_attributes": names}

    def _capacity(self, claim: str, prefix: str) -> dict[str, tuple[object, object]]:
        """Read and write units, where they are fixed."""
        mode = self._table.billing_mode
        if mode is None or mode.or_none() != PROVISIONED:
            return {}
        if self._scaled:
            self._omitted(f"{claim}capacity", f"it changes: the project declares {AUTOSCALING}", mode)
            return {}
        read = self._number(f"{claim}read capacity", f"{prefix}read_capacity")
        return {"capacity": (read, self._number(f"{claim}write capacity", f"{prefix}write_capacity"))}

    def _number(self, claim: str, path: str) -> int | Name:
        fact = self._resource.attributes.get(path)
        value = fact.or_none() if fact else None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        reason = fact.value.reason if fact and isinstance(fact.value, Unknown) else "no whole number is written"
        return self._omitted(claim, reason, fact or self._table.full_name)

    def _flag(self, claim: str, path: str) -> bool | Name:
        fact = self._resource.attributes.get(path)
        if fact is None:
            return False
        if isinstance(fact.value, Unknown):
            return self._omitted(claim, fact.value.reason, fact)
        return str(fact.value).lower() == "true"

    def _recovery(self) -> dict[str, object]:
        table = self._table
        expected: dict[str, object] = {"recovery": self._value("point-in-time recovery", table.recovery)}
        if table.recovery_days and expected["recovery"] is True:
            expected["recovery_days"] = self._value("recovery window", table.recovery_days)
        return expected

    def _streams(self) -> dict[str, object]:
        streams = self._table.streams
        expected: dict[str, object] = {"streams": self._value("stream", streams.enabled if streams else None)}
        if streams and streams.view_type and expected["streams"] is True:
            expected["stream_view_type"] = self._value("stream view type", streams.view_type)
        return expected

    def _time_to_live(self) -> str | Name | None:
        """The attribute that holds the time; None while expiry is off."""
        claim, attributes = "time to live", self._resource.attributes
        if (whole := attributes.get("ttl.0")) and isinstance(whole.value, Unknown):
            return self._omitted(claim, whole.value.reason, whole)
        enabled = self._flag(claim, "ttl.0.enabled")
        if enabled is not True:
            return enabled or None
        name = attributes.get("ttl.0.attribute_name")
        return self._value(claim, name.map(str)) if name else None

    def _tags(self) -> object:
        """The tags beyond the shared ones, upon those."""
        table = self._table
        if table.tags_unknown:
            self._omitted("further tags", table.tags_unknown, table.full_name)
        own = {
            key: self._value(f"tag {key}", fact)
            for key, fact in sorted((table.tags or {}).items())
            if key not in self._shared
        }
        if not self._shared:
            return own
        return Shared(SHARED_TAGS, own) if own else SHARED_TAGS


def shared_tags(tables: tuple[Declared, ...]) -> dict[str, str]:
    """The tags that all tables have with the same known value, ordered by key."""
    each = [dict(_known_tags(one.table)) for one in tables]
    first = each[0] if each else {}
    return {key: first[key] for key in sorted(first) if all(tags.get(key) == first[key] for tags in each)}


def capacity_changes(resources: tuple[Resource, ...]) -> bool:
    """Whether something other than Terraform sets the capacity of tables."""
    return any(resource.type == AUTOSCALING for resource in resources)


def _known_tags(table: Table) -> Iterator[tuple[str, str]]:
    for key, fact in (table.tags or {}).items():
        value = fact.or_none()
        if value is not None and not looks_secret(value):
            yield key, value

"""What Terraform plans for one resource, as plain data in the shape of `terraform show -json`."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct

from bbws_readiness.terraform.guarding import is_secret
from bbws_readiness.terraform.results import Block, Body, ResourceInstance
from bbws_readiness.terraform.types import ListType, ObjectType, SetType, TupleType
from bbws_readiness.terraform.values import Sensitive, Value


class PlannedValues(Struct, frozen=True):
    """The planned attributes of one resource; paths are written `attribute[0].name` and `tags["x"]`."""

    values: dict[str, Any]
    """What is known and not null: nested blocks as lists of objects, sets as lists, numbers as int or exact Decimal.
    An unknown element of a list is None, so that the others keep their index. Sensitive values are in it."""
    unknown: tuple[str, ...]
    """Paths of what is not known before it is applied, ordered as in the configuration."""
    sensitive: tuple[str, ...]
    """Paths of what must not be shown, outermost first."""


def planned_values(instance: ResourceInstance, *, guarded: bool = False) -> PlannedValues:
    """The planned values of a resource or of the arguments of a data source.

    With `guarded` a string that is a secret by its name or its look counts as sensitive too.
    """
    gathering = _Gathering(guarded=guarded)
    if instance.planned is not None:
        values = gathering.members(instance.planned, "")
    else:
        values = gathering.body(instance.body, "")
    return PlannedValues(values, tuple(gathering.unknown), tuple(gathering.sensitive))


def planned_data(value: Value, path: str = "") -> tuple[Any, tuple[str, ...]]:
    """A value, of an output for example, as plain data, and the paths below `path` that are unknown."""
    gathering = _Gathering()
    return gathering.data(value, path), tuple(gathering.unknown)


class _Gathering:
    """Walks a value and notes the paths of what is unknown or sensitive."""

    def __init__(self, *, guarded: bool = False) -> None:
        self._guarded = guarded
        self.unknown: list[str] = []
        self.sensitive: list[str] = []

    def body(self, body: Body, path: str) -> dict[str, Any]:
        """The known arguments of a block and its nested blocks as lists."""
        found = {}
        for name, attribute in body.attributes.items():
            data = self.data(attribute.value, f"{path}.{name}" if path else name)
            if attribute.value.known and not attribute.value.is_null:
                found[name] = data
        for kind in dict.fromkeys(block.type for block in body.blocks):
            inner = f"{path}.{kind}" if path else kind
            blocks = body.blocks_of(kind)
            if any(block.unknown for block in blocks):
                self.unknown.append(inner)
            else:
                found[kind] = self._blocks(blocks, inner)
        return found

    def _blocks(self, blocks: tuple[Block, ...], path: str) -> list[Any]:
        return [self.body(block.body, f"{path}[{index}]") for index, block in enumerate(blocks)]

    def members(self, value: Value, path: str) -> dict[str, Any]:
        """The known members that are not null; null where a map holds it."""
        found = {}
        for key, part in value.elements():
            inner = self._path(value, str(key), path)
            data = self.data(part, inner)
            if part.known and not (part.is_null and isinstance(value.type, ObjectType)):
                found[str(key)] = data
        return found

    def data(self, value: Value, path: str) -> Any:  # noqa: ANN401 - plain data of any shape
        """The value as plain data; None where it is unknown."""
        hidden = any(isinstance(mark, Sensitive) for mark in value.marks) or (self._guarded and is_secret(value, path))
        if hidden and not any(path.startswith((f"{outer}.", f"{outer}[")) for outer in self.sensitive):
            self.sensitive.append(path)
        if not value.known:
            self.unknown.append(path)
            return None
        if isinstance(value.type, ListType | SetType | TupleType) and not value.is_null:
            return [self.data(part, f"{path}[{index}]") for index, part in value.elements()]
        if isinstance(value.raw, dict):
            return self.members(value, path)
        return value.to_python()

    def _path(self, value: Value, key: str, path: str) -> str:
        if not isinstance(value.type, ObjectType):
            return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
        return f"{path}.{key}" if path else key

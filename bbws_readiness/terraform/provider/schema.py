"""Reads the recorded shapes of resource types: attributes, nested blocks, defaults, and what is computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Raw, Struct
from msgspec.json import decode

from bbws_readiness.terraform.convert import convert
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    object_type,
)
from bbws_readiness.terraform.values import Value, from_python

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": DYNAMIC}


class AttributeSchema(Struct, frozen=True):
    """One attribute, and what the plan says when the configuration leaves it out."""

    type: Type
    default: Value | None = None
    """A known value; None when the plan says null or does not know."""
    computed: bool = False
    """Not known before it is applied, when left out."""
    untold: bool = False
    """Nobody has recorded what the plan says when it is left out."""
    read_only: bool = False
    sensitive: bool = False
    reads_as_left_out: Any = None
    """A value that the provider reads as if the argument were left out."""
    null_with: str = ""
    """The attribute that makes this computed one null when it is null itself."""
    json: str = ""
    """How the provider writes JSON anew: `sorted` by key, `version-first` and then sorted, or in an `other` way."""


class NestedSchema(Struct, frozen=True, dict=True):
    """A type of nested block."""

    nesting: str
    """`list`, `set` or `single`."""
    content: BlockSchema
    computed: bool = False
    untold: bool = False

    @cached_property
    def type(self) -> Type:
        """What all blocks of the type are together."""
        inner = self.content.type
        if self.nesting == "single":
            return inner
        return SetType(inner) if self.nesting == "set" else ListType(inner)


class BlockSchema(Struct, frozen=True, dict=True):
    """The content of a resource or of a nested block."""

    attributes: Mapping[str, AttributeSchema]
    blocks: Mapping[str, NestedSchema]
    legacy: bool = True
    """Whether the type is written with the provider's older toolkit, which alters empty and null parts."""

    @cached_property
    def type(self) -> ObjectType:
        """The object that references see."""
        members = {name: attribute.type for name, attribute in self.attributes.items()}
        return object_type(members | {name: nested.type for name, nested in self.blocks.items()})

    @cached_property
    def null_with(self) -> Mapping[str, AttributeSchema]:
        """The attributes that another one makes null."""
        return {name: attribute for name, attribute in self.attributes.items() if attribute.null_with}

    @cached_property
    def sensitive(self) -> tuple[str, ...]:
        """The attributes that must not be shown."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.sensitive)


@lru_cache(maxsize=256)
def resource_schema(kind: str) -> BlockSchema | None:
    """The recorded shape of a managed resource type, or None when the type is not recorded."""
    text = _recorded().types.get(kind)
    if text is None:
        return None
    found = json.loads(bytes(text), parse_float=Decimal)
    # In the older toolkit every resource's id may be set; in the newer one it is read only.
    legacy = not found["attributes"].get("id", {"read_only": True}).get("read_only", False)
    return _block(found, legacy=legacy)


class _Recorded(Struct):
    types: dict[str, Raw]
    """By type; a project uses few of them, so each is read when it is asked for."""


@cache
def _recorded() -> _Recorded:
    return decode((Path(__file__).parent / "aws_defaults.json").read_bytes(), type=_Recorded)


def _block(data: dict[str, Any], *, legacy: bool) -> BlockSchema:
    attributes = {name: _attribute(entry) for name, entry in data["attributes"].items()}
    blocks = {
        name: NestedSchema(
            entry["nesting"], _block(entry, legacy=legacy), entry.get("computed", False), entry.get("untold", False)
        )
        for name, entry in data.get("blocks", {}).items()
    }
    return BlockSchema(attributes, blocks, legacy)


def _attribute(entry: dict[str, Any]) -> AttributeSchema:
    kind = _type(entry["type"])
    return AttributeSchema(
        type=kind,
        default=convert(from_python(entry["default"]), kind) if "default" in entry else None,
        computed=entry.get("computed", False),
        untold=entry.get("untold", False),
        read_only=entry.get("read_only", False),
        sensitive=entry.get("sensitive", False),
        reads_as_left_out=entry.get("reads_as_left_out"),
        null_with=entry.get("null_with", ""),
        json=entry.get("json", ""),
    )


def _type(data: Any) -> Type:  # noqa: ANN401 - a type as the provider's schema spells it
    match data:
        case str():
            return _PRIMITIVES[data]
        case ["list", inner]:
            return ListType(_type(inner))
        case ["set", inner]:
            return SetType(_type(inner))
        case ["map", inner]:
            return MapType(_type(inner))
        case ["tuple", inners]:
            return TupleType(tuple(map(_type, inners)))
        case ["object", members, *_]:
            return object_type({name: _type(inner) for name, inner in members.items()})
    raise ValueError(f"not a type: {data}")

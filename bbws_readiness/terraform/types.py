"""The types of Terraform's values: three primitives, five collections and structures, and `any`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct


class PrimitiveType(Struct, frozen=True):
    """`string`, `number` or `bool`; the name is the one Terraform prints."""

    name: str

    def __str__(self) -> str:
        return self.name


class DynamicType(Struct, frozen=True):
    """`any`: not decided yet. A known value never has this type, except null."""

    def __str__(self) -> str:
        return "any"


class ListType(Struct, frozen=True):
    """Values of one type in a given order."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


class SetType(Struct, frozen=True):
    """Distinct values of one type; iterated in Terraform's own order."""

    element: Type

    def __str__(self) -> str:
        return f"set({self.element})"


class MapType(Struct, frozen=True):
    """Values of one type, each under a string key."""

    element: Type

    def __str__(self) -> str:
        return f"map({self.element})"


class TupleType(Struct, frozen=True):
    """A fixed number of values, each with a type of its own."""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


class ObjectType(Struct, frozen=True):
    """Named attributes, each with a type of its own."""

    attributes: tuple[tuple[str, Type], ...]
    """Ordered by name."""
    optional: tuple[tuple[str, object], ...] = ()
    """In a constraint: the attributes that may be left out, with their default `Value` or None."""
    computed_of: str = ""
    """An address when this is a resource: it has more attributes than these, computed by the provider."""

    @property
    def by_name(self) -> dict[str, Type]:
        """The attribute types under their names."""
        return dict(self.attributes)

    def __str__(self) -> str:
        optional = dict(self.optional)
        inner = (f"{name} = {f'optional({kind})' if name in optional else kind}" for name, kind in self.attributes)
        return f"object({{{', '.join(inner)}}})"


Type: TypeAlias = PrimitiveType | DynamicType | ListType | SetType | MapType | TupleType | ObjectType

STRING = PrimitiveType("string")
NUMBER = PrimitiveType("number")
BOOL = PrimitiveType("bool")
DYNAMIC = DynamicType()
LIST_OF_STRING = ListType(STRING)


def object_type(attributes: Mapping[str, Type] | Iterable[tuple[str, Type]], *, computed_of: str = "") -> ObjectType:
    """The object type with these attributes, whatever order they come in."""
    return ObjectType(tuple(sorted(dict(attributes).items())), computed_of=computed_of)


def is_decided(kind: Type) -> bool:
    """Whether `any` stands nowhere in `kind`."""
    match kind:
        case DynamicType():
            return False
        case ListType(element) | SetType(element) | MapType(element):
            return is_decided(element)
        case TupleType(elements):
            return all(map(is_decided, elements))
        case ObjectType():
            return all(is_decided(attribute) for _, attribute in kind.attributes)
        case _:
            return True


def is_collection(kind: Type) -> bool:
    """Whether a value of this type can be iterated."""
    return not isinstance(kind, PrimitiveType | DynamicType)


def describe(kind: Type) -> str:
    """How an error message names the type: `list of string`, `object`, `any type`."""
    match kind:
        case ListType(element):
            return f"list of {describe(element)}"
        case SetType(element):
            return f"set of {describe(element)}"
        case MapType(element):
            return f"map of {describe(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
        case DynamicType():
            return "any type"
    return str(kind)

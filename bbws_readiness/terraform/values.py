"""A value of the Terraform language: its type, what it is or that it is unknown, and the marks it carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.source import Location
from bbws_readiness.terraform.numbers import HeldInteger, Number, counted, format_number, to_decimal
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

MAX_MARKS = 64
"""A value that came through more places keeps the nearest ones."""


class Sensitive(Struct, frozen=True, gc=False):
    """The value must not be shown."""


class Via(Struct, frozen=True, gc=False):
    """The value came through this line."""

    at: Location


class Because(Struct, frozen=True, gc=False):
    """The value is unknown, or depends on something unknown, for this reason."""

    reason: str
    at: Location | None = None


class Unveiled(Sensitive, frozen=True):
    """The configuration says that the value may be shown; it is hidden all the same."""


Mark: TypeAlias = Sensitive | Via | Because
Marks: TypeAlias = tuple[Mark, ...]


class Unknown(Enum):
    """The raw value of everything that cannot be told from the files."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Raw: TypeAlias = "str | bool | Number | tuple[Value, ...] | dict[str, Value] | Unknown | None"
Key: TypeAlias = str | int
_COLLECTIONS = (tuple, dict)


class Value(Struct, frozen=True, gc=False):
    """An immutable value; operations return new ones.

    `raw` is a str, bool, int, Fraction, a tuple of values (list, set, tuple), a dict of values ordered by key
    (map, object), None for null, or `UNKNOWN`.
    """

    type: Type
    raw: Raw
    marks: Marks = ()
    """Nearest first."""
    outline: str = ""
    """What is known of an unknown text, see `outlines`; empty for nothing. It makes no value another one."""

    def __eq__(self, other: object) -> bool:
        """Whether type, content and marks are the same."""
        if not isinstance(other, Value):
            return NotImplemented
        return (self.type, self.raw, self.marks) == (other.type, other.raw, other.marks)

    def __hash__(self) -> int:
        """Raises `TypeError` for a map or an object."""
        return hash((self.type, self.raw, self.marks))

    @property
    def known(self) -> bool:
        """Whether the value itself is known; parts of a known collection may still be unknown."""
        return self.raw is not UNKNOWN

    @property
    def is_null(self) -> bool:
        """Whether the value is null."""
        return self.raw is None

    @property
    def wholly_known(self) -> bool:
        """Whether nothing inside is unknown."""
        if not isinstance(self.raw, _COLLECTIONS):
            return self.raw is not UNKNOWN
        return all(part.wholly_known for part in self._parts())

    @property
    def reason(self) -> str:
        """Why the value is unknown; empty when it is known."""
        return "" if self.known else self._first_reason() or "not known before apply"

    @property
    def first_reason(self) -> str:
        """Why this value or the first unknown part of it is unknown; empty when it is wholly known."""
        if not self.known:
            return self.reason
        return next((part.first_reason for part in self._parts() if not part.wholly_known), "")

    @property
    def sensitive(self) -> bool:
        """Whether the value or any part of it must not be shown."""
        # Most values are a text with a mark or two: loops, because they cost half of what generators do.
        for mark in self.marks:
            if isinstance(mark, Sensitive):
                return True
        return any(part.sensitive for part in self._parts()) if isinstance(self.raw, _COLLECTIONS) else False

    @property
    def via(self) -> tuple[Location, ...]:
        """The lines the value came through, nearest first."""
        return tuple([mark.at for mark in self.marks if isinstance(mark, Via)]) if self.marks else ()

    def elements(self) -> tuple[tuple[Key, Value], ...]:
        """The parts of a known collection with their key or index, in Terraform's order, marked like the whole.

        Empty for everything that has no parts.
        """
        return tuple((key, part.marked(self.marks)) for key, part in self._items())

    def element(self, key: Key) -> Value:
        """The part under `key`, marked like the whole; raises `KeyError` when there is none."""
        for known_key, part in self._items():
            if known_key == key:
                return part.marked(self.marks)
        raise KeyError(key)

    def marked(self, marks: Marks) -> Value:
        """The same value with `marks` added behind its own."""
        return Value(self.type, self.raw, merge_marks(self.marks, marks), self.outline) if marks else self

    def reached_through(self, *places: Location) -> Value:
        """The same value with `places` put before the lines it already came through."""
        via = tuple([Via(place) for place in places])
        return Value(self.type, self.raw, merge_marks(via, self.marks) if self.marks else via, self.outline)

    def deep_marks(self) -> Marks:
        """The marks of the value and of everything inside."""
        found = self.marks
        for part in self._parts():
            found = merge_marks(found, part.deep_marks())
        return found

    def to_python(self) -> Any:  # noqa: ANN401 - plain data of any shape
        """Plain data: str, bool, int or Decimal, list, dict, None. Raises `ValueError` when a part is unknown."""
        match self.raw:
            case Unknown():
                raise ValueError(self.reason)
            case tuple():
                return [part.to_python() for part in self.raw]
            case dict():
                return {key: part.to_python() for key, part in self.raw.items()}
            case Fraction():
                return to_decimal(self.raw)
            case HeldInteger():
                return int(to_decimal(self.raw))
            case _:
                return self.raw

    def _first_reason(self) -> str:
        return next((mark.reason for mark in self.marks if isinstance(mark, Because)), "")

    def _items(self) -> Iterator[tuple[Key, Value]]:
        match self.raw:
            case tuple():
                yield from enumerate(self.raw)
            case dict():
                yield from self.raw.items()

    def _parts(self) -> Iterable[Value]:
        match self.raw:
            case tuple():
                return self.raw
            case dict():
                return self.raw.values()
        return ()


def merge_marks(first: Marks, *others: Marks) -> Marks:
    """All marks once, in order of appearance."""
    merged: dict[Mark, None] | None = None
    for marks in others:
        if not marks or (len(first) == 1 and marks == first):
            continue
        if merged is None:
            merged = dict.fromkeys(first)
        merged.update(dict.fromkeys(marks))
    if merged is None:
        return first
    if len(merged) <= MAX_MARKS:
        return tuple(merged)
    # Sensitivity must survive any number of places.
    kept = tuple(merged)[:MAX_MARKS]
    return (*(mark for mark in merged if isinstance(mark, Sensitive) and mark not in kept), *kept)


def string(text: str) -> Value:
    """A known string."""
    return Value(STRING, text)


def number(amount: Number) -> Value:
    """A known number."""
    return Value(NUMBER, amount)


@lru_cache(maxsize=4096)
def position(index: int) -> Value:
    """The number that Terraform gives an element's place."""
    return Value(NUMBER, counted(index))


def boolean(truth: bool) -> Value:
    """A known bool."""
    return Value(BOOL, truth)


def null(kind: Type = DYNAMIC) -> Value:
    """A null of the given type."""
    return Value(kind, None)


def unknown(kind: Type = DYNAMIC, reason: str = "", at: Location | None = None, *, marks: Marks = ()) -> Value:
    """An unknown of the given type; `reason` comes before the reasons among `marks`."""
    if not reason:
        return Value(kind, UNKNOWN, marks)
    why = (Because(reason, at),)
    return Value(kind, UNKNOWN, merge_marks(why, marks) if marks else why)


def tuple_of(items: Iterable[Value]) -> Value:
    """A tuple value; its type follows from the items."""
    parts = tuple(items)
    return Value(TupleType(tuple(part.type for part in parts)), parts)


def object_of(attributes: Mapping[str, Value], *, computed_of: str = "") -> Value:
    """An object value; its type follows from the attributes."""
    ordered = dict(sorted(attributes.items()))
    kind = object_type({name: part.type for name, part in ordered.items()}, computed_of=computed_of)
    return Value(kind, ordered)


def list_of(element: Type, items: Iterable[Value]) -> Value:
    """A list whose items already have the type `element`."""
    return Value(ListType(element), tuple(items))


def map_of(element: Type, items: Mapping[str, Value]) -> Value:
    """A map whose items already have the type `element`."""
    return Value(MapType(element), dict(sorted(items.items())))


def set_of(element: Type, items: Iterable[Value]) -> Value:
    """A set whose items already have the type `element`; duplicates collapse.

    An unknown item may equal any other, but it is kept: how many there are is then a lower bound nobody asks for,
    because every reader of a set that is not wholly known gets an unknown.
    """
    parts = tuple(items)
    if len(parts) > 1:
        parts = _distinct(parts)
    # An element of a set cannot be sensitive by itself.
    marks = (Sensitive(),) if any(is_sensitive(part) for part in parts) else ()
    return Value(SetType(element), parts, marks)


def _distinct(items: Iterable[Value]) -> tuple[Value, ...]:
    """The items in Terraform's order, equal ones as one with the marks of all."""
    distinct: dict[Any, Value] = {}
    for position, item in enumerate(items):
        key = identity(item) if item.wholly_known else ("unknown", position)
        distinct[key] = item.marked(distinct[key].marks) if key in distinct else item
    return tuple(distinct[key] for key in sorted(distinct, key=repr_order))


def identity(value: Value) -> Any:  # noqa: ANN401 - a nested tuple that can be compared and hashed
    """Equal exactly for values that are equal apart from their marks; unknowns equal nothing but themselves."""
    match value.raw:
        case Unknown():
            return ("unknown", str(value.type), value.reason)
        case None:
            return ("null",)
        case bool():
            return ("bool", value.raw)
        case str():
            return ("string", value.raw)
        case tuple():
            return ("list", tuple(identity(part) for part in value.raw))
        case dict():
            return ("map", tuple((key, identity(part)) for key, part in value.raw.items()))
        case _:
            # Terraform takes numbers as equal that are written alike.
            return ("number", value.raw if type(value.raw) is int else Fraction(format_number(value.raw)))


def repr_order(key: Any) -> Any:  # noqa: ANN401 - a sort key
    """Terraform's order of set elements: strings by bytes, numbers by size, false first, the rest in a stable order."""
    kind, *rest = key
    match kind:
        case "string":
            return (1, rest[0].encode("utf-8", "surrogatepass"))
        case "number" | "bool":
            return (1, rest[0])
        case "null":
            return (2, 0)
    return (3, repr(rest))


def from_python(data: Any) -> Value:  # noqa: ANN401 - plain data of any shape
    """The value of plain data as a literal would give it: lists become tuples, dicts become objects."""
    match data:
        case None:
            return null()
        case bool():
            return boolean(data)
        case int() | Fraction():
            return number(data)
        case Decimal():
            ratio = Fraction(data)
            return number(ratio.numerator if ratio.denominator == 1 else ratio)
        case str():
            return string(data)
        case Mapping():
            return object_of({str(key): from_python(item) for key, item in data.items()})
        case _:
            return tuple_of(from_python(item) for item in data)


def is_sensitive(value: Value) -> bool:
    """Whether Terraform takes the value or a part of it as sensitive."""
    if value.marks and any(type(mark) is Sensitive for mark in value.marks):
        return True
    return isinstance(value.raw, _COLLECTIONS) and any(is_sensitive(part) for part in value._parts())


def unveiled(value: Value) -> Value:
    """The value as `nonsensitive` gives it."""
    if not any(type(mark) is Sensitive for mark in value.marks):
        return value
    marks = tuple(Unveiled() if type(mark) is Sensitive else mark for mark in value.marks)
    return replace(value, marks=tuple(dict.fromkeys(marks)))


def is_open(value: Value) -> bool:
    """Whether the value is a resource, which has more attributes than the configuration sets."""
    return isinstance(value.type, ObjectType) and bool(value.type.computed_of)

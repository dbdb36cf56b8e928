"""Turns evaluated Terraform values into facts; what is sensitive never becomes plain text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.source import Location
from bbws_readiness.terraform import Attribute, Body, Value

SENSITIVE = Unknown("sensitive value")


def stated(body: Body, name: str) -> Attribute | None:
    """The argument `name`, or None when it is not written or null, which means the same to a provider."""
    attribute = body.attribute(name)
    return None if attribute is None or attribute.value.is_null else attribute


def text_of(attribute: Attribute) -> Fact[str]:
    """The value as text, the way Terraform converts numbers and bools."""
    return Fact(_text(attribute.value), attribute.at, attribute.via)


def text(body: Body, name: str) -> Fact[str] | None:
    """The argument `name` as text, or None when it is not stated."""
    attribute = stated(body, name)
    return text_of(attribute) if attribute else None


def truth(body: Body, name: str) -> Fact[bool] | None:
    """The argument `name` as a bool (also from `"true"`), or None when it is not stated."""
    attribute = stated(body, name)
    if attribute is None:
        return None
    return text_of(attribute).map(lambda word: word == "true")


def whole_number(body: Body, name: str) -> Fact[int] | None:
    """The argument `name` as a whole number (also from `"35"`), or None when it is not stated."""
    attribute = stated(body, name)
    if attribute is None:
        return None
    fact = text_of(attribute)
    word = fact.or_none()
    if word is not None and not _is_whole(word):
        return Fact(Unknown(f"{word[:40]} is not a whole number"), fact.at, fact.via)
    return fact.map(int)


def plain(value: Value, at: Location, via: tuple[Location, ...] = ()) -> Fact[object]:
    """The value as plain data, or why it or a part of it is not known."""
    if value.sensitive:
        return Fact(SENSITIVE, at, via)
    if not value.wholly_known:
        return Fact(Unknown(value.first_reason), at, via)
    return Fact(value.to_python(), at, via)


def members(attribute: Attribute) -> Iterator[tuple[str, Fact[str]]]:
    """The parts of a list, set or map as text, each under its index or key; nothing when the whole is unknown.

    A part stands where the argument is written and came through the lines that the part itself came through.
    """
    for key, value in attribute.value.elements():
        if not value.is_null:
            yield str(key), Fact(_text(value), attribute.at, value.via)


def flattened(body: Body, prefix: str = "") -> Iterator[tuple[str, Fact[object]]]:
    """Every argument that is not null, those of nested blocks under `type.number.name`."""
    for name, attribute in body.attributes.items():
        if not attribute.value.is_null:
            yield f"{prefix}{name}", plain(attribute.value, attribute.at, attribute.via)
    counts: dict[str, int] = {}
    for block in body.blocks:
        number = counts.get(block.type, 0)
        counts[block.type] = number + 1
        path = f"{prefix}{block.type}.{number}"
        if block.unknown:
            yield path, Fact(Unknown(f"the block {block.type} comes from a dynamic block over unknowns"), block.at)
        yield from flattened(block.body, f"{path}.")


def _text(value: Value) -> str | Unknown:
    if value.sensitive:
        return SENSITIVE
    if not value.known:
        return Unknown(value.reason)
    match value.raw:
        case str():
            return value.raw
        case bool():
            return "true" if value.raw else "false"
        case None | tuple() | dict():
            return Unknown(f"a single value is expected, not {value.type}")
    number = value.to_python()
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isascii() and word.removeprefix("-").isdigit() and len(word) <= 30

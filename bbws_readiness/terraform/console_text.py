"""Writes a value the way `terraform console` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from bbws_readiness.terraform.numbers import format_number
from bbws_readiness.terraform.types import (
    DynamicType,
    ListType,
    MapType,
    ObjectType,
    PrimitiveType,
    SetType,
    TupleType,
    Type,
    describe,
)
from bbws_readiness.terraform.values import Sensitive, Unknown, Value

UNKNOWN_TEXT: Final = "(known after apply)"
SENSITIVE_TEXT: Final = "(sensitive value)"

_STEP = 2
_SHORT_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def console_text(value: Value, indent: int = 0) -> str:
    """`value` as Terraform's console shows it, without a line end; `indent` is that of the line it begins on."""
    # Terraform asks for the unknown first: a sensitive unknown is shown as unknown.
    if not value.known:
        return UNKNOWN_TEXT
    if any(isinstance(mark, Sensitive) for mark in value.marks):
        return SENSITIVE_TEXT
    # A set cannot tell which of its elements is which, so one sensitive element hides them all.
    if isinstance(value.type, SetType) and value.sensitive:
        return SENSITIVE_TEXT
    match value.raw:
        case None:
            return _null(value.type)
        case bool():
            return "true" if value.raw else "false"
        case str():
            return _text(value.raw, indent)
        case int() | Fraction():
            return format_number(value.raw)
        case tuple():
            return _wrapped(value.type, _sequence(value.raw, indent))
        case dict():
            return _wrapped(value.type, _mapping(value.raw.items(), indent))
        case Unknown():
            return UNKNOWN_TEXT


def _text(text: str, indent: int) -> str:
    return _heredoc(text, indent) if "\n" in text else quoted(text)


def quoted(text: str) -> str:
    """`text` in quotes, escaped as Go's `strconv.Quote` escapes it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    if character.isprintable():
        return character
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _null(kind: Type) -> str:
    match kind:
        case DynamicType():
            return "null"
        case PrimitiveType():
            return f"to{kind}(null)"
        case ListType(element):
            return f"tolist(null) /* of {_friendly(element)} */"
        case SetType(element):
            return f"toset(null) /* of {_friendly(element)} */"
        case MapType(element):
            return f"tomap(null) /* of {_friendly(element)} */"
    return f"null /* {_friendly(kind)} */"


def _friendly(kind: Type) -> str:
    """The type in the words of this notation, which calls the open type `dynamic`."""
    return describe(kind).replace("any type", "dynamic")


def _wrapped(kind: Type, text: str) -> str:
    match kind:
        case ListType():
            return f"tolist({text})"
        case SetType():
            return f"toset({text})"
        case MapType():
            return f"tomap({text})"
        case ObjectType() | TupleType():
            return text
    return text


def _sequence(items: tuple[Value, ...], indent: int) -> str:
    inner = indent + _STEP
    return _enclosed("[", (f"{console_text(item, inner)}," for item in items), "]", indent)


def _mapping(items: Iterable[tuple[str, Value]], indent: int) -> str:
    inner = indent + _STEP
    return _enclosed("{", (f"{_text(key, inner)} = {console_text(item, inner)}" for key, item in items), "}", indent)


def _enclosed(start: str, lines: Iterable[str], end: str, indent: int) -> str:
    inside = "".join(f"\n{' ' * (indent + _STEP)}{line}" for line in lines)
    return f"{start}{inside}\n{' ' * indent}{end}" if inside else f"{start}{end}"


def _heredoc(text: str, indent: int) -> str:
    """The text between marks that none of its lines is, each line indented when the value is part of another."""
    lines = text.split("\n")
    mark = "EOT"
    while mark in (line.strip() for line in lines):
        mark += "_"
    margin = " " * indent
    operator = "<<-" if indent else "<<"
    return "".join((operator, mark, *(f"\n{margin}{line}" for line in lines), f"\n{margin}{mark}"))

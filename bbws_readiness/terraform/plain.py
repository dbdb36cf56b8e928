"""Reads at once what most expressions are: one text, one number, or a chain of names."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.terraform.lexer import Places, Token
from bbws_readiness.terraform.nodes import Expression, GetAttribute, Literal, Name
from bbws_readiness.terraform.numbers import Number, NumberTooLong, parse_number
from bbws_readiness.terraform.strings import normalize
from bbws_readiness.terraform.templates import unescape

LEVELS = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
"""How closely an operator binds; all of them from left to right."""
CONSTANTS = {"true": True, "false": False, "null": None}
_CONTINUES = frozenset({*LEVELS, "?", ".", "[", "(", "::"})
"""What makes more of the expression before it."""


def plain_expression(
    tokens: Sequence[Token], index: int, places: Places, *, lines_matter: bool, most: int
) -> tuple[Expression, int] | None:
    """The expression that begins at `index` and where its last token is behind, if it is a plain one.

    None for any other, for one that is faulty, and for a chain of more than `most` names. Raises `Fault` for an
    escape that there is none of.
    """
    first = tokens[index]
    at, index = places.at(first.start), index + 1
    node: Expression
    match first.kind:
        case "word":
            constant = first.text in CONSTANTS
            node = Literal(at, CONSTANTS[first.text]) if constant else Name(at, first.text)
            end = index + 2 * most
            while tokens[index].kind == "." and (name := tokens[index + 1]).kind == "word" and index < end:
                node = GetAttribute(places.at(name.start), node, name.text)
                index += 2
        case "quote":
            inside = tokens[index]
            raw = inside.text if inside.kind == "text" else ""
            index += bool(raw)
            if tokens[index].kind != "close":
                return None
            index += 1
            node = Literal(at, normalize(unescape(raw, inside.start, places)))
        case "number":
            amount = _amount(first.text)
            if amount is None:
                return None
            node = Literal(at, amount)
        case _:
            return None
    following = tokens[index].kind
    if following in _CONTINUES or (following == "newline" and not lines_matter):
        return None
    return node, index


def _amount(text: str) -> Number | None:
    try:
        return parse_number(text)
    except NumberTooLong:
        return None

"""What a field can be held against: the same conditions for the checks of rules and for the filters in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, cast

from msgspec import Struct

from bbws_readiness import linear
from bbws_readiness.checks.nouns import shown
from bbws_readiness.patterns import regex

MAX_PATTERN = 1000
"""Bytes of a regular expression."""


class Pattern(Protocol):
    """A compiled regular expression of RE2, which takes time in proportion to the text and never more."""

    def fullmatch(self, text: str) -> object | None:
        """Whether the whole text fits."""


class Condition(Struct, frozen=True):
    """One condition on the value of a field."""

    type: str
    """Of its operand, a key of `bbws_readiness.engine.signature.TYPES`; empty for a condition without one."""
    parameter: str
    """The parameter that gives the operand to a check."""
    holds: Callable[[object, object], bool]
    """Of value and operand. A list of values satisfies a condition when each of them does."""
    words: str
    """What is expected, with `{}` for the operand."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Pattern | None:
    """The pattern, or None when it is none, or too long or too large."""
    return cast("Pattern | None", linear.compiled(pattern)) if len(pattern.encode()) <= MAX_PATTERN else None


def canonical(value: object) -> str:
    """One spelling of equal values, as Terraform converts them: `true` and "true", 30 and "30"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and -_WHOLE < value < _WHOLE and value == int(value):
        return str(int(value))
    return str(value)


def expected(name: str, operand: object, *, switch: bool = False) -> str:
    """What the condition wants, in words."""
    condition = CONDITIONS[name]
    operands = operand if isinstance(operand, list) else [operand]
    return condition.words.format(" or ".join(shown(one, switch=switch) for one in operands))


def fits(name: str, value: object, operand: object) -> bool:
    """Whether the value meets the condition; the operand must be of its type."""
    return CONDITIONS[name].holds(value, operand)


def _each(holds: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    """The condition for a list: something is there, and every element meets it."""

    def all_hold(value: object, operand: object) -> bool:
        if isinstance(value, tuple):
            return bool(value) and all(holds(one, operand) for one in value)
        return value is not None and holds(value, operand)

    return all_hold


def _none(holds: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    """The condition for a list: no element meets it. What is not set meets nothing."""

    def none_holds(value: object, operand: object) -> bool:
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        return not any(holds(one, operand) for one in values)

    return none_holds


def _same(value: object, operand: object) -> bool:
    return canonical(value) == canonical(operand)


def _among(value: object, operand: object) -> bool:
    operands = operand if isinstance(operand, list) else [operand]
    return canonical(value) in {canonical(one) for one in operands}


def _matches(value: object, operand: object) -> bool:
    pattern = compiled(str(operand))
    return pattern is not None and pattern.fullmatch(canonical(value)) is not None


def _contains(value: object, operand: object) -> bool:
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    held = {canonical(one) for one in values}
    return held.issuperset(canonical(one) for one in (operand if isinstance(operand, list) else [operand]))


def _number(value: object) -> Decimal | None:
    """A number, also one written as text; the length of a list."""
    if isinstance(value, tuple):
        return Decimal(len(value))
    if isinstance(value, bool) or value is None:
        return None
    text = canonical(value)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_WHOLE = 10**30
"""Beyond it a number keeps the spelling that it has."""
_NUMBER = regex(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def _at_least(value: object, operand: object) -> bool:
    number = _number(value)
    return number is not None and isinstance(operand, int) and number >= operand


def _at_most(value: object, operand: object) -> bool:
    number = _number(value)
    return number is not None and isinstance(operand, int) and number <= operand


def _present(value: object, operand: object) -> bool:
    return (value is not None and value != ()) is bool(operand)


CONDITIONS: Mapping[str, Condition] = {
    "present": Condition("boolean", "", _present, "set"),
    "absent": Condition("boolean", "", lambda value, operand: _present(value, not operand), "not set"),
    "equals": Condition("value", "value", _each(_same), "{}"),
    "not-equals": Condition("value", "value", _none(_same), "not {}"),
    "one-of": Condition("values", "values", _each(_among), "{}"),
    "none-of": Condition("values", "values", _none(_among), "not {}"),
    "matches": Condition("pattern", "pattern", _each(_matches), "of the form {}"),
    "not-matches": Condition("pattern", "pattern", _none(_matches), "not of the form {}"),
    "at-least": Condition("number", "minimum", _at_least, "at least {}"),
    "at-most": Condition("number", "maximum", _at_most, "at most {}"),
    "contains": Condition("values", "values", _contains, "with {}"),
}
"""Every condition by the word that checks and filters share."""

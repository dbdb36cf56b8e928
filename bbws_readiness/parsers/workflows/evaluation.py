"""Works out GitHub expressions as far as what they name is known (docs.github.com, "Evaluate expressions")."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.parsers.workflows.expressions import Call, Expression, Literal, Name, Operation
from bbws_readiness.patterns import regex

MAX_TEXT = 10_000


class Anything(Struct, frozen=True):
    """A value that only a run tells."""


ANYTHING = Anything()

Value: TypeAlias = str | float | bool | None
"""A text, number, boolean or null; of arrays and objects nothing is worked out."""
Known: TypeAlias = Callable[[str], Value | Anything]
"""What a context path stands for."""

_NUMBER = regex(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_PREFIXED = regex(r"0(?:x[0-9a-fA-F]{1,16}|o[0-7]{1,22})")
_PLACE = regex(r"\{\{|\}\}|\{(\d{1,3})\}|[{}]")


def value_of(expression: Expression, known: Known) -> Value | Anything:
    """What the expression comes to; parts that do not count, as behind `false &&`, are not asked for."""
    match expression:
        case Literal(text, quoted):
            return text if quoted else _literal(text)
        case Name(path):
            return known(path)
        case Call(function, arguments):
            return _called(function, arguments, known)
        case Operation("!", _, right):
            truth = is_true(value_of(right, known))
            return ANYTHING if truth is None else not truth
        case Operation("&&" | "||" as operator, left, right) if left:
            return _joined(operator, value_of(left, known), right, known)
        case Operation(operator, left, right) if left:
            return _compared(operator, value_of(left, known), value_of(right, known))
    return ANYTHING


def truth_of(expression: Expression, known: Known) -> bool | None:
    """Whether GitHub takes it for true: known where one side decides, whatever the other one is; else None."""
    match expression:
        case Operation("!", _, right):
            truth = truth_of(right, known)
            return None if truth is None else not truth
        case Operation("&&" | "||" as operator, left, right) if left:
            sides = (truth_of(left, known), truth_of(right, known))
            decisive = operator == "||"
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
    return is_true(value_of(expression, known))


def is_true(value: Value | Anything) -> bool | None:
    """Whether GitHub takes it for true; None when only a run tells."""
    if isinstance(value, Anything):
        return None
    return bool(value) and value == value


def text_of(value: Value) -> str:
    """The value as it is put into a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | int():
            return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:.15g}"
    return value


def _joined(operator: str, left: Value | Anything, right: Expression, known: Known) -> Value | Anything:
    decisive = operator == "||"
    truth = is_true(left)
    if truth is decisive:
        return left
    return ANYTHING if truth is None else value_of(right, known)


def _compared(operator: str, left: Value | Anything, right: Value | Anything) -> bool | Anything:
    """Loose comparison: texts without regard to case, values of two types as numbers."""
    if isinstance(left, Anything) or isinstance(right, Anything):
        return ANYTHING
    one: str | float
    other: str | float
    if isinstance(left, str) and isinstance(right, str):
        one, other = left.upper(), right.upper()
        return _ordered(operator, equal=one == other, less=one < other)
    one, other = _number(left), _number(right)
    if math.isnan(one) or math.isnan(other):
        return operator == "!="
    return _ordered(operator, equal=one == other, less=one < other)


def _ordered(operator: str, *, equal: bool, less: bool) -> bool:
    answers = {"==": equal, "!=": not equal, "<": less, "<=": less or equal, ">": not (less or equal), ">=": not less}
    return answers[operator]


def _called(function: str, arguments: Sequence[Expression], known: Known) -> Value | Anything:
    if function == "always":
        return True
    given = [value_of(argument, known) for argument in arguments]
    values = [value for value in given if not isinstance(value, Anything)]
    if len(values) < len(given):
        return ANYTHING
    match function, values:
        case "contains", [text, part]:
            return text_of(part).upper() in text_of(text).upper()
        case "startswith", [text, part]:
            return text_of(text).upper().startswith(text_of(part).upper())
        case "endswith", [text, part]:
            return text_of(text).upper().endswith(text_of(part).upper())
        case "format", [str(pattern), *others]:
            return _formatted(pattern, [text_of(other) for other in others])
        case "join", [text] | [text, _]:
            return text_of(text)
        case "tojson", [value]:
            return json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else text_of(value)
        case "fromjson", [str(text)]:
            return _from_json(text)
    return ANYTHING


def _formatted(pattern: str, values: Sequence[str]) -> str | Anything:
    """`{0}` gives way to the first value, `{{` is a brace; any other brace is an error of the run."""
    if any(not match[1] and match[0] in "{}" for match in _PLACE.finditer(pattern)):
        return ANYTHING
    if any(match[1] and int(match[1]) >= len(values) for match in _PLACE.finditer(pattern)):
        return ANYTHING
    text = _PLACE.sub(lambda match: values[int(match[1])] if match[1] else match[0][0], pattern)
    return text if len(text) <= MAX_TEXT else ANYTHING


def _from_json(text: str) -> Value | Anything:
    try:
        found = json.loads(text) if len(text) <= MAX_TEXT else ANYTHING
    except (ValueError, RecursionError):
        return ANYTHING
    if isinstance(found, int | float) and not isinstance(found, bool):
        return float(found) if abs(found) < 1e300 else ANYTHING
    return found if found is None or isinstance(found, str | bool) else ANYTHING


def _number(value: Value) -> float:
    """As GitHub coerces: nothing and the empty text are 0, true is 1, text that is no number equals nothing."""
    if value is None:
        return 0.0
    if not isinstance(value, str):
        return float(value)
    return _parsed(value.strip()) if value.strip() else 0.0


def _literal(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    return None if text == "null" else _parsed(text)


def _parsed(text: str) -> float:
    if _PREFIXED.fullmatch(text):
        return float(int(text, 0))
    return float(text) if len(text) < 100 and _NUMBER.fullmatch(text) else math.nan

"""Arithmetic, comparison, logic and equality of values; marks and unknowns are carried here once for all of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import trunc
from typing import Any, TypeAlias

from bbws_readiness.codes import Code
from bbws_readiness.source import Location
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.numbers import (
    PRECISION,
    Number,
    bits_of,
    held,
    is_negative,
    negated,
    precision_of,
    rounded,
    same_number,
)
from bbws_readiness.terraform.types import BOOL, NUMBER, Type, is_decided
from bbws_readiness.terraform.values import UNKNOWN, Value, boolean, is_open, merge_marks, unknown

_Compute: TypeAlias = Callable[[Any, Any], "Number | bool"]


_SMALL = 2**PRECISION
_ARITHMETIC: dict[str, _Compute] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: Fraction(left) / right,
    "%": lambda left, right: left - trunc(Fraction(left) / right) * right,
}
"""What is computed before it is rounded."""


def _rounding(operator: str) -> _Compute:
    calculate = _ARITHMETIC[operator]

    def compute(left: Number, right: Number) -> Number:
        exact = calculate(left, right)
        if type(exact) is int and exact and (type(left) is int or type(right) is int) and -_SMALL < exact < _SMALL:
            return exact
        negative = False
        if not exact:
            negative = _negative_zero(operator, left, right)
        precision = max(precision_of(left), precision_of(right))
        if operator == "*":
            # Terraform keeps all bits of a product.
            exact = rounded(exact)
            precision = max(precision, bits_of(exact))
        return held(exact, precision, negative_zero=negative)

    return compute


def _negative_zero(operator: str, left: Number, right: Number) -> bool:
    """The sign of a result that is zero."""
    if operator in "*/":
        return is_negative(left) is not is_negative(right)
    if left or operator == "%":
        return False
    return is_negative(left) and is_negative(right) is (operator == "+")


_OPERATIONS: dict[str, tuple[Type, Type, _Compute]] = {
    **{operator: (NUMBER, NUMBER, _rounding(operator)) for operator in _ARITHMETIC},
    "<": (NUMBER, BOOL, lambda left, right: left < right),
    "<=": (NUMBER, BOOL, lambda left, right: left <= right),
    ">": (NUMBER, BOOL, lambda left, right: left > right),
    ">=": (NUMBER, BOOL, lambda left, right: left >= right),
    "&&": (BOOL, BOOL, lambda left, right: left and right),
    "||": (BOOL, BOOL, lambda left, right: left or right),
}
"""Operand type, result type, and what is computed of two known operands."""


def binary(operator: str, left: Value, right: Value, at: Location) -> Value:
    """`left operator right`. Raises `Fault` when an operand does not fit."""
    if operator in ("==", "!="):
        result = equal(left, right)
        return result if operator == "==" or not result.known else boolean(not result.raw).marked(result.marks)
    operand_type, result_type, compute = _OPERATIONS[operator]
    first = _operand(left, operand_type, operator, at)
    second = _operand(right, operand_type, operator, at)
    marks = merge_marks(first.marks, second.marks)
    if not (first.known and second.known):
        # Not even `false && unknown` is known: Terraform 1.11 waits for both operands.
        return Value(result_type, UNKNOWN, marks)
    if operator in ("/", "%") and second.raw == 0:
        # Terraform goes on with infinity, which nothing can use; the remainder it defines.
        infinite = unknown(NUMBER, "a division by zero is infinite", at, marks=marks)
        return infinite if operator == "/" else Value(NUMBER, first.raw, marks)
    return Value(result_type, compute(first.raw, second.raw), marks)


def unary(operator: str, operand: Value, at: Location) -> Value:
    """`-operand` or `!operand`. Raises `Fault` when the operand does not fit."""
    kind = NUMBER if operator == "-" else BOOL
    value = _operand(operand, kind, operator, at)
    if not value.known:
        return value
    if kind is BOOL:
        return Value(BOOL, not value.raw, value.marks)
    raw: Any = value.raw
    return Value(NUMBER, negated(raw), value.marks)


def added(left: Number, right: Number) -> Number:
    """The sum, with the precision Terraform gives it."""
    total: Number = _OPERATIONS["+"][2](left, right)
    return total


def equal(left: Value, right: Value) -> Value:
    """Whether two values are the same in type and content; unknown while an unknown part could decide."""
    marks = merge_marks(left.deep_marks(), right.deep_marks())
    answer = _equal(left, right)
    return Value(BOOL, UNKNOWN, marks) if answer is None else Value(BOOL, answer, marks)


def _equal(left: Value, right: Value) -> bool | None:
    if not (left.known and right.known):
        both_decided = is_decided(left.type) and is_decided(right.type)
        other = right if not left.known else left
        return False if both_decided and left.type != right.type and not other.is_null else None
    if left.is_null or right.is_null:
        return left.is_null and right.is_null
    if is_open(left) or is_open(right):
        return None
    if left.type != right.type and left.wholly_known and right.wholly_known:
        return False
    match left.raw, right.raw:
        case (tuple(), tuple()) if len(left.raw) == len(right.raw):
            return _all_equal(list(zip(left.raw, right.raw, strict=True)))
        case (dict(), dict()) if left.raw.keys() == right.raw.keys():
            # Members have no order that Terraform would keep to, so one unknown among them may decide.
            answers = [_equal(part, right.raw[key]) for key, part in left.raw.items()]
            return None if None in answers else False not in answers
        case (tuple() | dict(), _) | (_, tuple() | dict()):
            return False
    if left.type != right.type:
        return False
    return same_number(left.raw, right.raw) if left.type == NUMBER else left.raw == right.raw  # type: ignore[arg-type]


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | None:
    """Terraform stops at the first pair that is unknown or differs."""
    for left, right in pairs:
        answer = _equal(left, right)
        if answer is not True:
            return answer
    return True


def _operand(value: Value, kind: Type, operator: str, at: Location) -> Value:
    if value.type is kind and value.raw is not None:
        return value
    if value.is_null:
        raise Fault(f'operand of "{operator}" is null', at, code=Code.NULL_VALUE)
    try:
        return convert(value, kind)
    except ConversionError as error:
        raise Fault(f'unsuitable operand of "{operator}": {error}', at, code=Code.WRONG_TYPE) from None

"""Functions on numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter, whole
from bbws_readiness.terraform.numbers import Number, parse_number, rounded
from bbws_readiness.terraform.types import NUMBER

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER = Parameter("num", NUMBER)


def _parseint(written: object, base: Number) -> int:
    if not isinstance(written, str):
        raise FunctionError('argument "number" must be a string')
    radix = whole(base, "base")
    if not 2 <= radix <= 62:
        raise FunctionError("base must be between 2 and 62")
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written.removeprefix("+"))
    if len(digits) > 1000:
        raise FunctionError("number has more than 1000 digits")
    amount = 0
    for digit in digits if radix > 36 else digits.lower():
        worth = _DIGITS.find(digit)
        if not 0 <= worth < radix:
            raise FunctionError(f"not a whole number in base {radix}")
        amount = amount * radix + worth
    if not digits:
        raise FunctionError(f"not a whole number in base {radix}")
    return sign * amount


def _pow(base: Number, exponent: Number) -> Number:
    """Terraform computes powers in double precision."""
    if not -10_000 <= exponent <= 10_000:
        raise NotEvaluated("the exponent is larger than 10000")
    try:
        result = math.pow(base, exponent)
    except (OverflowError, ValueError):
        raise NotEvaluated("the power is infinite or not a number") from None
    return _exact(result)


def _exact(result: float) -> Number:
    """Terraform goes on with the double and prints fewer digits than it has; only what has no more is told."""
    if Fraction(repr(result)) != Fraction(result):
        raise NotEvaluated("the result is a rounded fraction")
    return rounded(Fraction(result))


def _log(number: Number, base: Number) -> Number:
    try:
        return _exact(math.log(number) / math.log(base))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise NotEvaluated("the logarithm is infinite or not a number") from None


def _signum(number: Number) -> int:
    return (number > 0) - (number < 0)


def _sum(items: object) -> Number:
    if not isinstance(items, list):
        raise FunctionError("argument must be a list, set or tuple of numbers")
    if not items:
        raise FunctionError("cannot sum an empty list")
    total: Number = 0
    for item in items:
        amount = parse_number(item) if isinstance(item, str) else item
        if isinstance(amount, bool) or not isinstance(amount, int | Fraction):
            raise FunctionError("argument must be a list, set or tuple of numbers")
        total = rounded(total + amount)
    return total


ARITHMETIC_FUNCTIONS = (
    Function("abs", (_NUMBER,), abs, NUMBER),
    Function("ceil", (_NUMBER,), math.ceil, NUMBER),
    Function("floor", (_NUMBER,), math.floor, NUMBER),
    Function("log", (_NUMBER, Parameter("base", NUMBER)), _log, NUMBER),
    Function("max", (_NUMBER,), lambda *numbers: max(numbers), NUMBER, variadic=_NUMBER),
    Function("min", (_NUMBER,), lambda *numbers: min(numbers), NUMBER, variadic=_NUMBER),
    Function("parseint", (Parameter("number"), Parameter("base", NUMBER)), _parseint, NUMBER),
    Function("pow", (_NUMBER, Parameter("power", NUMBER)), _pow, NUMBER),
    Function("signum", (_NUMBER,), _signum, NUMBER),
    Function("sum", (Parameter("list"),), _sum, NUMBER),
)

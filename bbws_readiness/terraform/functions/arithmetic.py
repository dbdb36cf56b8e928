"""Functions on numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from bbws_readiness.codes import Code
from bbws_readiness.terraform.functions.doubles import logarithm, power
from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter, whole
from bbws_readiness.terraform.limits import MAX_EXPONENT
from bbws_readiness.terraform.numbers import (
    DOUBLE_PRECISION,
    Number,
    counted,
    held,
    is_negative,
    negated,
    parse_number,
    precision_of,
)
from bbws_readiness.terraform.operators import added
from bbws_readiness.terraform.types import NUMBER

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER = Parameter("num", NUMBER)


def _parseint(written: object, base: Number) -> Number:
    if not isinstance(written, str):
        raise FunctionError('argument "number" must be a string')
    radix = whole(base, "base")
    if not 2 <= radix <= 62:
        raise FunctionError("base must be between 2 and 62")
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written.removeprefix("+"))
    if len(digits) > 1000:
        raise FunctionError("number has more than 1000 digits", code=Code.DIGITS)
    amount = 0
    for digit in digits if radix > 36 else digits.lower():
        worth = _DIGITS.find(digit)
        if not 0 <= worth < radix:
            raise FunctionError(f"not a whole number in base {radix}")
        amount = amount * radix + worth
    if not digits:
        raise FunctionError(f"not a whole number in base {radix}")
    return counted(sign * amount)


def _ceil(amount: Number) -> Number:
    return held(math.ceil(amount), precision_of(amount))


def _floor(amount: Number) -> Number:
    return held(math.floor(amount), precision_of(amount))


def _pow(base: Number, exponent: Number) -> Number:
    if not -MAX_EXPONENT <= exponent <= MAX_EXPONENT:
        raise NotEvaluated(f"the exponent is larger than {MAX_EXPONENT}")
    return _computed(power(_double(base), _double(exponent)), negative_base=is_negative(base))


def _log(number: Number, base: Number) -> Number:
    amount, radix = _double(number), _double(base)
    if amount <= 0 or radix < 0 or radix == 1:
        raise NotEvaluated("the logarithm is infinite or not a number")
    return _computed(logarithm(amount) / logarithm(radix) if radix else 0.0)


def _double(amount: Number) -> float:
    try:
        return -0.0 if not amount and is_negative(amount) else float(amount)
    except OverflowError:
        raise NotEvaluated("the number is too large for double precision") from None


def _computed(result: float | None, *, negative_base: bool = False) -> Number:
    """What was computed in double precision; Terraform goes on with exactly that."""
    if result is None:
        raise NotEvaluated("the last digits of a power with a fraction depend on the machine")
    if not math.isfinite(result):
        raise NotEvaluated("the result is infinite or not a number")
    exact = Fraction(result)
    negative = negative_base and math.copysign(1, result) < 0
    return held(exact, DOUBLE_PRECISION, negative_zero=negative)


def _signum(number: Number) -> Number:
    whole(number, "num")
    return counted((number > 0) - (number < 0))


def _abs(number: Number) -> Number:
    return negated(number) if is_negative(number) else number


def _sum(items: object) -> Number:
    if not isinstance(items, list):
        raise FunctionError("argument must be a list, set or tuple of numbers")
    if not items:
        raise FunctionError("cannot sum an empty list")
    total: Number | None = None
    for item in items:
        amount = parse_number(item) if isinstance(item, str) else item
        if isinstance(amount, bool) or not isinstance(amount, int | Fraction):
            raise FunctionError("argument must be a list, set or tuple of numbers")
        total = amount if total is None else added(total, amount)
    return 0 if total is None else total


ARITHMETIC_FUNCTIONS = (
    Function("abs", (_NUMBER,), _abs, NUMBER),
    Function("ceil", (_NUMBER,), _ceil, NUMBER),
    Function("floor", (_NUMBER,), _floor, NUMBER),
    Function("log", (_NUMBER, Parameter("base", NUMBER)), _log, NUMBER),
    Function("max", (_NUMBER,), lambda *numbers: max(numbers), NUMBER, variadic=_NUMBER),
    Function("min", (_NUMBER,), lambda *numbers: min(numbers), NUMBER, variadic=_NUMBER),
    Function("parseint", (Parameter("number"), Parameter("base", NUMBER)), _parseint, NUMBER),
    Function("pow", (_NUMBER, Parameter("power", NUMBER)), _pow, NUMBER),
    Function("signum", (_NUMBER,), _signum, NUMBER),
    Function("sum", (Parameter("list"),), _sum, NUMBER),
)

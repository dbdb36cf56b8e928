"""The verbs of `format` for numbers, as Go writes its big numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from bbws_readiness.terraform.functions.spec import FunctionError
from bbws_readiness.terraform.numbers import Number, is_negative, to_decimal

_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}
_SHORTEST_LIMIT = 6
"""From this power of ten on `%g` without a precision writes an exponent."""


def number_text(amount: Number, verb: str, flags: str, width: int, precision: int | None) -> str:
    """`amount` as the verb writes it; `width` counts only for zeros in front."""
    if verb in "bdoxX":
        if not isinstance(amount, int):
            raise FunctionError(f'argument for "%{verb}" is not a whole number')
        negative = amount < 0
        digits = _whole(abs(int(amount)), verb, flags, precision)
    else:
        negative = is_negative(amount)
        digits = _floating(abs(Fraction(amount)), to_decimal(amount).copy_abs(), verb, precision)
    sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if "0" in flags and "-" not in flags and (verb not in "bdoxX" or precision is None):
        digits = digits.rjust(width - len(sign), "0")
    return sign + digits


def shortest(amount: Number) -> str:
    """What `%v` makes of a number."""
    return ("-" if is_negative(amount) else "") + _general(to_decimal(amount).copy_abs(), "e", _SHORTEST_LIMIT)


def _whole(size: int, verb: str, flags: str, precision: int | None) -> str:
    digits = format(size, verb)
    if precision is not None:
        digits = digits.rjust(precision, "0")
    return _PREFIXES.get(verb, "") + digits if "#" in flags else digits


def _floating(exact: Fraction, written: Decimal, verb: str, precision: int | None) -> str:
    if verb == "f":
        return _fixed(exact, 6 if precision is None else precision)
    if verb in "eE":
        return _scientific(_rounded(exact, (6 if precision is None else precision) + 1), verb, precision)
    if precision is None:
        return _general(written, "e" if verb == "g" else "E", _SHORTEST_LIMIT)
    digits = max(precision, 1)
    short = _rounded(exact, digits).normalize()
    count, point = len(short.as_tuple().digits), short.adjusted() + 1
    limit = count if digits > count >= point else digits
    return _general(short, "e" if verb == "g" else "E", limit)


def _fixed(exact: Fraction, places: int) -> str:
    digits = str(round(exact * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _rounded(exact: Fraction, digits: int) -> Decimal:
    """So many significant digits of the exact number, ties to even."""
    if not exact:
        return Decimal(0)
    power = len(str(exact.numerator)) - len(str(exact.denominator))
    power -= exact < Fraction(10) ** power
    shift = digits - 1 - power
    mantissa = round(exact * Fraction(10) ** shift)
    return Decimal((0, tuple(map(int, str(mantissa))), -shift))


def _scientific(amount: Decimal, verb: str, precision: int | None) -> str:
    places = 6 if precision is None else precision
    digits = "".join(map(str, amount.as_tuple().digits))[: places + 1].ljust(places + 1, "0")
    return _with_exponent(digits, amount.adjusted() if amount else 0, verb)


def _general(amount: Decimal, mark: str, limit: int) -> str:
    exponent = amount.adjusted() if amount else 0
    if -4 <= exponent < limit:
        text = format(amount, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return _with_exponent("".join(map(str, amount.as_tuple().digits)).rstrip("0") or "0", exponent, mark)


def _with_exponent(digits: str, exponent: int, mark: str) -> str:
    point = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{point}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"

"""Terraform's numbers: binary floating point with 512 bits of mantissa, kept as exact integers or fractions."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Number: TypeAlias = int | Fraction

PRECISION = 512
"""Bits of mantissa; more are rounded to even, as math/big does."""
MAX_DIGITS = 1000
"""A number that needs more digits than this, written out, is refused."""

_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?\Z", re.ASCII)


class NumberTooLong(ValueError):
    """A number has more digits than `MAX_DIGITS`."""


def parse_number(text: str) -> Number | None:
    """The number that `text` spells in decimal, or None when it spells none."""
    match = _DECIMAL.match(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", int(match[4] or 0)
    if len(whole) + len(fraction) > MAX_DIGITS or abs(exponent) > MAX_DIGITS:
        raise NumberTooLong(f"number has more than {MAX_DIGITS} digits")
    exact = Fraction(int(whole + fraction)) * Fraction(10) ** (exponent - len(fraction))
    return rounded(-exact if sign == "-" else exact)


def rounded(exact: Fraction | int) -> Number:
    """The nearest number Terraform can hold, ties to even; an int whenever it is whole."""
    numerator, denominator = exact.numerator, exact.denominator
    if denominator == 1 and numerator.bit_length() <= PRECISION:
        return numerator
    if denominator & (denominator - 1) == 0 and numerator.bit_length() <= PRECISION:
        return Fraction(numerator, denominator)
    shift = PRECISION - (abs(numerator).bit_length() - denominator.bit_length())
    # The estimate may be one too many: the bits before rounding decide, not those after.
    if int(abs(_scaled(numerator, denominator, shift))).bit_length() > PRECISION:
        shift -= 1
    value = Fraction(round(_scaled(numerator, denominator, shift))) / Fraction(2) ** shift
    return value.numerator if value.denominator == 1 else value


def _scaled(numerator: int, denominator: int, shift: int) -> Fraction:
    return Fraction(numerator << shift, denominator) if shift >= 0 else Fraction(numerator, denominator << -shift)


@lru_cache(maxsize=4096)
def format_number(amount: Number) -> str:
    """The shortest decimal that reads back as the same number, never in scientific notation."""
    if isinstance(amount, int) and amount.bit_length() <= PRECISION:
        return str(amount)
    sign, exact = ("-", -amount) if amount < 0 else ("", amount)
    point = _decimal_exponent(Fraction(exact))
    low, high = 1, 170
    while low < high:
        middle = (low + high) // 2
        if rounded(_to_digits(Fraction(exact), middle, point)) == exact:
            high = middle
        else:
            low = middle + 1
    decimal = _to_digits(Fraction(exact), low, point)
    return sign + _plain(decimal)


def to_decimal(amount: Number) -> Decimal:
    """The number as a Decimal with the digits Terraform prints."""
    return Decimal(format_number(amount))


def _decimal_exponent(exact: Fraction) -> int:
    """The power of ten of the first significant digit."""
    estimate = len(str(exact.numerator)) - len(str(exact.denominator))
    while Fraction(10) ** estimate > exact:
        estimate -= 1
    while Fraction(10) ** (estimate + 1) <= exact:
        estimate += 1
    return estimate


def _to_digits(exact: Fraction, digits: int, point: int) -> Fraction:
    unit = Fraction(10) ** (point - digits + 1)
    return round(exact / unit) * unit


def _plain(decimal: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, written out."""
    places = 0
    denominator = decimal.denominator
    while (10**places) % denominator:
        places += 1
    digits = str(decimal.numerator * (10**places // denominator))
    if not places:
        return digits
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")

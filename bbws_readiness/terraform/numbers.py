"""Terraform's numbers: binary floating point with 512 bits of mantissa, kept as exact integers or fractions."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from bbws_readiness.patterns import regex

Number: TypeAlias = int | Fraction

PRECISION = 512
"""Bits of mantissa; more are rounded to even, as math/big does."""
MAX_DIGITS = 1000
"""A number that needs more digits than this, written out, is refused."""

INTEGER_PRECISION = 64
"""Bits of mantissa of the integers that Terraform makes itself: lengths, positions, counts."""
DOUBLE_PRECISION = 53
"""Bits of mantissa of what Terraform computes in double precision."""

_DECIMAL = regex(r"([+-]?)(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d{1,9}))?\Z", re.ASCII)


_SMALL = 10**15
"""Whole numbers below are written digit by digit with every precision."""


class NumberTooLong(ValueError):
    """A number has more digits than `MAX_DIGITS`."""


class HeldInteger(int):
    """An integer with fewer bits of mantissa than a literal has, or negative zero.

    Arithmetic with it gives plain numbers; `operators` works out what Terraform would hold.
    """

    precision: int
    negative_zero: bool


class HeldFraction(Fraction):
    """A fraction with fewer bits of mantissa than a literal has."""

    precision: int


def held(exact: Number, precision: int, *, negative_zero: bool = False) -> Number:
    """`exact`, rounded to what `precision` bits can hold, as a number that remembers them."""
    amount = rounded(exact, precision)
    if precision == PRECISION and not (negative_zero and not amount):
        return amount
    if isinstance(amount, int):
        integer = HeldInteger(amount)
        integer.precision, integer.negative_zero = precision, negative_zero and not amount
        return integer
    fraction = HeldFraction(amount)
    fraction.precision = precision
    return fraction


@lru_cache(maxsize=4096)
def counted(amount: int) -> Number:
    """An integer that Terraform makes itself, as the length of a list is one."""
    return held(amount, max(INTEGER_PRECISION, amount.bit_length()))


def precision_of(amount: Number) -> int:
    """The bits of mantissa that Terraform holds the number with."""
    return amount.precision if isinstance(amount, HeldInteger | HeldFraction) else PRECISION


def bits_of(amount: Number) -> int:
    """The fewest bits of mantissa that hold the number."""
    numerator = abs(amount.numerator)
    return numerator.bit_length() - (numerator & -numerator).bit_length() + 1 if numerator else 0


def is_negative(amount: Number) -> bool:
    """Whether the number has a minus sign, which zero can have too."""
    return amount < 0 or (isinstance(amount, HeldInteger) and amount.negative_zero)


def negated(amount: Number) -> Number:
    """The number with the other sign; zero has one as well."""
    if amount and type(amount) is int:
        return -amount
    return held(-amount, precision_of(amount), negative_zero=not is_negative(amount))


def same_number(left: Number, right: Number) -> bool:
    """Whether Terraform takes two numbers as equal: when they are written alike."""
    if type(left) is type(right) is int:
        return left == right
    return left == right or (format_number(left).lstrip("-") == format_number(right).lstrip("-") and left * right > 0)


def parse_number(text: str) -> Number | None:
    """The number that `text` spells in decimal, or None when it spells none."""
    match = _DECIMAL.match(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", int(match[5] or 0)
    if len(whole) + len(fraction) > MAX_DIGITS or abs(exponent) > MAX_DIGITS:
        raise NumberTooLong(f"number has more than {MAX_DIGITS} digits")
    if match[4] in ("p", "P"):
        exact = Fraction(int(whole + fraction)) * Fraction(2) ** exponent / Fraction(10) ** len(fraction)
    else:
        exact = Fraction(int(whole + fraction)) * Fraction(10) ** (exponent - len(fraction))
    if not exact:
        return held(0, PRECISION, negative_zero=sign == "-")
    return rounded(-exact if sign == "-" else exact)


def rounded(exact: Fraction | int, precision: int = PRECISION) -> Number:
    """The nearest number Terraform can hold, ties to even; an int whenever it is whole."""
    numerator, denominator = exact.numerator, exact.denominator
    if denominator == 1 and numerator.bit_length() <= precision:
        return numerator
    if denominator & (denominator - 1) == 0 and numerator.bit_length() <= precision:
        return Fraction(numerator, denominator)
    shift = precision - (abs(numerator).bit_length() - denominator.bit_length())
    # The estimate may be one too many: the bits before rounding decide, not those after.
    if int(abs(_scaled(numerator, denominator, shift))).bit_length() > precision:
        shift -= 1
    value = Fraction(round(_scaled(numerator, denominator, shift))) / Fraction(2) ** shift
    return value.numerator if value.denominator == 1 else value


def _scaled(numerator: int, denominator: int, shift: int) -> Fraction:
    return Fraction(numerator << shift, denominator) if shift >= 0 else Fraction(numerator, denominator << -shift)


def format_number(amount: Number) -> str:
    """The shortest decimal that reads back as the same number, never in scientific notation."""
    if type(amount) is int and -_SMALL < amount < _SMALL:
        return str(amount)
    precision = precision_of(amount)
    if not amount:
        return "-0" if is_negative(amount) else "0"
    if isinstance(amount, int) and amount.bit_length() <= precision and -_SMALL < amount < _SMALL:
        return str(int(amount))
    return _shortest(amount.numerator, amount.denominator, precision)


@lru_cache(maxsize=4096)
def _shortest(numerator: int, denominator: int, precision: int) -> str:
    """The digits that math/big chooses: as few as lie within half a unit of the last bit, on either side alike."""
    sign, exact = ("-", Fraction(-numerator, denominator)) if numerator < 0 else ("", Fraction(numerator, denominator))
    half_unit = Fraction(2) ** (_binary_exponent(exact) - precision - 1)
    places = max(_decimal_places(exact), _decimal_places(half_unit))
    scale = 10**places
    digits, lower, upper = (str(int(edge * scale)) for edge in (exact, exact - half_unit, exact + half_unit))
    width = max(len(digits), len(upper))
    chosen = _cut(
        digits.rjust(width, "0"), lower.rjust(width, "0"), upper.rjust(width, "0"), even=_is_even(exact, half_unit)
    )
    return sign + _with_point(chosen, places)


def _cut(digits: str, lower: str, upper: str, *, even: bool) -> str:
    """`digits` cut off as soon as the rest makes no difference, and filled up with zeros."""
    lower_length, upper_length = len(lower.rstrip("0")), len(upper.rstrip("0"))
    for index, digit in enumerate(digits):
        below, above = lower[index], upper[index]
        may_cut = below != digit or (even and index + 1 == lower_length)
        may_raise = digit != above and (even or int(digit) + 1 < int(above) or index + 1 < upper_length)
        if may_cut or may_raise:
            rest = digits[index + 1 :]
            cut = digits[: index + 1]
            raises = may_raise and (not may_cut or _rounds_up(cut, rest))
            return (str(int(cut) + 1).rjust(len(cut), "0") if raises else cut) + "0" * len(rest)
    return digits


def _rounds_up(cut: str, rest: str) -> bool:
    exactly_half = rest.rstrip("0") == "5"
    return int(cut[-1]) % 2 == 1 if exactly_half else rest[:1] >= "5"


def _is_even(exact: Fraction, half_unit: Fraction) -> bool:
    return int(exact / half_unit) & 2 == 0


def _binary_exponent(exact: Fraction) -> int:
    """The power of two just above the number."""
    estimate = exact.numerator.bit_length() - exact.denominator.bit_length()
    return estimate + 1 if exact >= Fraction(2) ** estimate else estimate


def _decimal_places(exact: Fraction) -> int:
    """How many decimals write the number exactly; the denominator is a power of two."""
    return exact.denominator.bit_length() - 1


def _with_point(digits: str, places: int) -> str:
    if not places:
        return digits.lstrip("0")
    digits = digits.lstrip("0").rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def to_decimal(amount: Number) -> Decimal:
    """The number as a Decimal with the digits Terraform prints."""
    return Decimal(format_number(amount))

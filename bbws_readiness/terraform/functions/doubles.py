"""Powers and logarithms in double precision, by the steps that Terraform's own mathematics library takes."""

from __future__ import annotations

import math

# Coefficients of the approximation in FreeBSD's e_log.c, which that library follows.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_L1, _L2, _L3, _L4 = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
)
_L5, _L6, _L7 = 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01


def logarithm(number: float) -> float:
    """The natural logarithm of a positive number."""
    fraction, exponent = math.frexp(number)
    if fraction < math.sqrt(2) / 2:
        fraction *= 2
        exponent -= 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = s2 * (_L1 + s4 * (_L3 + s4 * (_L5 + s4 * _L7)))
    even = s4 * (_L2 + s4 * (_L4 + s4 * _L6))
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * _LN2_LOW)) - f)


def power(base: float, exponent: float) -> float | None:
    """The power; None where it needs an exponential function whose last digit differs between machines."""
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if base == 0:
        return _power_of_zero(base, exponent)
    if abs(exponent) == 0.5 and base > 0:
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    if not exponent.is_integer():
        return math.nan if base < 0 else None
    return _whole_power(base, int(exponent))


def _power_of_zero(base: float, exponent: float) -> float:
    odd = exponent.is_integer() and int(exponent) % 2 == 1
    if exponent < 0:
        return math.copysign(math.inf, base) if odd else math.inf
    return base if odd else 0.0


def _whole_power(base: float, exponent: int) -> float:
    mantissa, scale = 1.0, 0
    square, square_scale = math.frexp(base)
    remaining = abs(exponent)
    while remaining:
        if not -(1 << 12) <= square_scale <= 1 << 12:
            scale += square_scale
            break
        if remaining & 1:
            mantissa *= square
            scale += square_scale
        square *= square
        square_scale *= 2
        if square < 0.5:
            square += square
            square_scale -= 1
        remaining >>= 1
    if exponent < 0:
        mantissa, scale = 1 / mantissa, -scale
    try:
        return math.ldexp(mantissa, scale)
    except OverflowError:
        return math.copysign(math.inf, mantissa)

"""Decimal numbers as integer millionths, so that 82.3 - 80.3 is exactly 2.0."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

from threshold_engine.model import Scaled

ONE: Final[Scaled] = 1_000_000
"""The number 1, scaled."""

_TOO_BIG: Final = 10**15
_STEP: Final = Decimal("0.000001")
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)
_MOST_DIGITS: Final = 400


def scaled(number: int | Decimal) -> Scaled:
    """A number in millionths, rounded half even to six decimals.

    Raises ValueError where it isn't a finite number below 10^15 in size, before and after rounding.
    """
    if isinstance(number, int):
        if isinstance(number, bool) or not -_TOO_BIG < number < _TOO_BIG:
            raise ValueError("not a number below 10^15 in size")
        return number * ONE
    if not number.is_finite() or not number.copy_abs() < _TOO_BIG:
        raise ValueError("not a number below 10^15 in size")
    millionths = int(_EXACT.scaleb(_EXACT.quantize(number, _STEP), 6))
    if not -_TOO_BIG * ONE < millionths < _TOO_BIG * ONE:
        raise ValueError("not a number below 10^15 in size")
    return millionths


def unscaled(number: Scaled) -> Decimal:
    """The decimal number that a scaled one stands for, without trailing zeros: 82.3."""
    with localcontext(_EXACT):
        exact = Decimal(number).scaleb(-6).normalize()
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def as_number(raw: object) -> int | Decimal | None:
    """A JSON number as int or Decimal; none where it is anything else (a boolean is not a number).

    A binary float, from a reader that knows no decimals, counts as its shortest decimal text.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Decimal):
        return raw
    return Decimal(repr(raw)) if isinstance(raw, float) else None


def as_integer(raw: object) -> int | None:
    """A JSON number that is a whole one, also where it is written 2.0; none where it isn't."""
    number = as_number(raw)
    if number is None or isinstance(number, int):
        return number
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS or number != number.to_integral_value():
        return None
    return int(number)


def six_decimals(number: int | Decimal) -> str:
    """A number with exactly six decimals, for comparing: `82.300000`."""
    if isinstance(number, int):
        return f"{number}.000000" if abs(number) < 10**_MOST_DIGITS else "Infinity"
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        return str(number)
    with localcontext(_EXACT) as context:
        context.prec = _MOST_DIGITS + 20
        rounded = number.quantize(_STEP)
    return f"{rounded.copy_abs() if rounded == 0 else rounded:f}"


def divided(number: int, parts: int) -> int:
    """`number / parts` rounded half even, for showing; never for judging."""
    whole, rest = divmod(number, parts)
    return whole + (2 * rest > parts or (2 * rest == parts and whole % 2 == 1))

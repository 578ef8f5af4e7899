"""Amounts in the engine's units: converted exactly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from fhir_r4 import systems
from fhir_r4.resources import Quantity
from threshold_engine.model import Scaled
from threshold_engine.numbers import scaled

_Linear: TypeAlias = tuple[Fraction, Fraction]
"""Factor and what is added after: canonical = value * factor + added."""

_SAME: Final[_Linear] = (Fraction(1), Fraction(0))


def _factor(number: str | Fraction) -> _Linear:
    return (Fraction(number), Fraction(0))


_PER_MINUTE: Final = {"/min": _SAME, "1/min": _SAME, "min-1": _SAME}
_PRESSURE: Final = {"mm[hg]": _SAME}
_BY_CODE: Final[Mapping[str, Mapping[str, _Linear]]] = MappingProxyType(
    {
        "spo2": {"%": _SAME},
        "pulse": _PER_MINUTE,
        "resp_rate": _PER_MINUTE,
        "temperature": {"cel": _SAME, "[degf]": (Fraction(5, 9), Fraction(-160, 9))},
        "bp_sys": _PRESSURE,
        "bp_dia": _PRESSURE,
        "weight": {"kg": _SAME, "g": _factor("1/1000"), "[lb_av]": _factor("0.45359237")},
        "glucose": {"mmol/l": _SAME, "mg/dl": _factor(1 / Fraction("18.016"))},
        "pef": {"l/min": _SAME, "l/s": _factor("60")},
        "fev1": {"l": _SAME},
        "oxygen": {"l/min": _SAME, "l/s": _factor("60")},
    }
)
"""Engine code → UCUM code in lower case → conversion. Glucose: 180.16 g/mol."""

_BY_TEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mmhg": "mm[hg]",
        "mm hg": "mm[hg]",
        "bpm": "/min",
        "beats/min": "/min",
        "beats/minute": "/min",
        "breaths/min": "/min",
        "breaths/minute": "/min",
        "°c": "cel",
        "°f": "[degf]",
    }
)
"""Units written out where there is no code. The UCUM codes above are understood as texts too."""

_ANNOTATION: Final = re.compile(r"\{[^{}]*\}")
_LARGEST_EXPONENT: Final = 15
"""The engine takes numbers below 10^15."""


def has_unit(code: str) -> bool:
    """Whether the engine has a unit of its own for this code."""
    return code in _BY_CODE


def canonical(code: str, quantity: Quantity) -> Scaled | None:
    """An amount in the engine's unit for `code`, in millionths, rounded half even.

    None where its unit isn't one that we convert (or is missing), or the number is beyond the engine's size.
    For a code without a unit of its own the number as it is.
    """
    if quantity.value is None:
        return None
    if not has_unit(code):
        return in_millionths(quantity.value)
    conversion = _BY_CODE[code].get(_unit(quantity))
    return None if conversion is None else in_millionths(quantity.value, conversion)


def in_millionths(value: int | Decimal, conversion: _Linear = _SAME) -> Scaled | None:
    """A number in millionths, rounded half even; None where it is beyond the engine's size."""
    try:
        if conversion is _SAME:
            return scaled(value)
        # Looked at before it becomes a fraction: 1E+999999 would be a number of a million digits.
        exponent = Decimal(value).adjusted() if value else 0
        if exponent > _LARGEST_EXPONENT:
            return None
        exact = Fraction(value) if exponent > -_LARGEST_EXPONENT else Fraction(0)
        factor, added = conversion
        exact = exact * factor + added
        millionths = round(exact * 1_000_000)
        scaled(Decimal(millionths).scaleb(-6))  # refuses what is too big
    except ValueError:
        return None
    return millionths if abs(exact) < 10**_LARGEST_EXPONENT else None


def as_written(quantity: Quantity) -> str:
    """An amount that can't be converted, as the engine is handed it: `180 [stone_av]`."""
    unit = quantity.code if _is_ucum(quantity) and quantity.code else quantity.unit or quantity.code
    return f"{quantity.value} {unit}" if unit else f"{quantity.value}"


def _is_ucum(quantity: Quantity) -> bool:
    return quantity.system in (None, systems.UCUM)


def _unit(quantity: Quantity) -> str:
    """Lower-case UCUM code of an amount, without annotations (`{beats}/min`), or of its unit's text."""
    if quantity.code and _is_ucum(quantity):
        code = quantity.code.strip().lower()
        return _ANNOTATION.sub("", code) if "{" in code else code
    text = (quantity.unit or "").strip().lower()
    return _BY_TEXT.get(text, text)

"""The measures that the engine knows: their units and what a living person can show."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from threshold_engine.model import Scaled, Value

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spo2": "%",
        "pulse": "/min",
        "resp_rate": "/min",
        "temperature": "Cel",
        "bp_sys": "mm[Hg]",
        "bp_dia": "mm[Hg]",
        "weight": "kg",
        "glucose": "mmol/L",
        "pef": "L/min",
        "fev1": "L",
    }
)
"""Engine code → UCUM unit."""

_PLAUSIBLE: Final[Mapping[str, tuple[Scaled, Scaled]]] = {
    "spo2": (50_000_000, 100_000_000),
    "pulse": (20_000_000, 250_000_000),
    "resp_rate": (3_000_000, 70_000_000),
    "temperature": (25_000_000, 45_000_000),
    "bp_sys": (50_000_000, 300_000_000),
    "bp_dia": (20_000_000, 200_000_000),
    "weight": (20_000_000, 350_000_000),
    "glucose": (500_000, 50_000_000),
    "pef": (30_000_000, 900_000_000),
    "fev1": (200_000, 8_000_000),
}


def plausible_range(code: str) -> tuple[Scaled, Scaled] | None:
    """Lowest and highest plausible value of a code, both allowed; none where it has no range."""
    return _PLAUSIBLE.get(code)


def plausible_value(code: str, value: Value) -> bool:
    """Whether a value may be true: within its code's range, and a number where there is a range."""
    span = _PLAUSIBLE.get(code)
    if span is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return span[0] <= value <= span[1]

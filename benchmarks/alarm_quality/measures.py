"""How steady a measure is, and what wrong technique does to it. Units as in `threshold_engine.UNITS`.

The sizes are this project's own rough means of what home measurements show; the worlds stretch them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Standard deviations of a day's form and of a single reading, and how the instrument shows a value."""

    daily: float
    reading: float
    lowest: float
    highest: float
    decimals: int = 0
    evening: float = 0.0
    """By how much an evening is above a morning."""
    strain: float = 0.0
    """How far a bad day (of the whole body) moves it, in daily deviations; the sign is the direction."""
    in_proportion: bool = False
    """Whether deviations grow with the value, as glucose's do: by tenths around 3, by two around 15."""
    own_days: float = 1.0
    """Days between readings where a programme's usual rhythm isn't daily."""


STEADINESS: Mapping[str, Steadiness] = {
    "spo2": Steadiness(0.8, 0.9, 60, 100, strain=-0.5),
    "pulse": Steadiness(3.5, 4.0, 35, 190, evening=2, strain=0.5),
    "resp_rate": Steadiness(0.8, 1.2, 8, 48, strain=0.5),
    "temperature": Steadiness(0.12, 0.15, 34.5, 41.5, 1, evening=0.2, strain=0.4),
    "pef": Steadiness(13, 12, 60, 700, evening=12, strain=-0.5),
    "bp_sys": Steadiness(5, 6, 60, 250, evening=-3, strain=0.3),
    "bp_dia": Steadiness(3, 4, 35, 150, evening=-2, strain=0.3),
    "weight": Steadiness(0.3, 0.25, 35, 220, 1, evening=0.4),
    "glucose": Steadiness(0.9, 1.1, 1.6, 33, 1, evening=1.3, strain=0.3, in_proportion=True),
    "loinc.org|44261-6": Steadiness(1.2, 1.2, 0, 27, strain=0.3, own_days=7),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """Wrong technique: what it adds to each measure of one session, between `least` and `most`."""

    name: str
    adds: Mapping[str, tuple[float, float]]


SLIPS: tuple[Slip, ...] = (
    Slip("cold finger", {"spo2": (-8, -3)}),
    Slip("clothes on", {"weight": (1.0, 2.0)}),
    Slip("cuff too small, or no rest first", {"bp_sys": (12, 28), "bp_dia": (5, 14)}),
    Slip("cuff too large", {"bp_sys": (-22, -10), "bp_dia": (-12, -4)}),
    Slip("just climbed the stairs", {"pulse": (15, 35), "resp_rate": (3, 8)}),
    Slip("hot drink", {"temperature": (0.5, 1.1)}),
    Slip("mouth open", {"temperature": (-1.2, -0.5)}),
    Slip("sugar on the finger", {"glucose": (3, 8)}),
    Slip("poor blow", {"pef": (-120, -40)}),
)

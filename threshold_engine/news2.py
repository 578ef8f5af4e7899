"""NEWS2, the National Early Warning Score.

Source: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017, chart 1 and the
SpO2 scales 1 and 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from threshold_engine.model import Instant, Value
from threshold_engine.numbers import ONE

ALERT: Final = "A"
CONSCIOUSNESS: Final = frozenset("ACVPU")
WORST: Final = 3
"""The most points that one parameter gives."""

_Bands = tuple[tuple[int, ...], tuple[int, ...]]

# The highest whole value of each band, and the points of each, the last one for all that is higher.
_RESP_RATE: Final[_Bands] = ((8, 11, 20, 24), (3, 1, 0, 2, 3))
_BP_SYS: Final[_Bands] = ((90, 100, 110, 219), (3, 2, 1, 0, 3))
_PULSE: Final[_Bands] = ((40, 50, 90, 110, 130), (3, 1, 0, 1, 2, 3))
_SPO2_1: Final[_Bands] = ((91, 93, 95), (3, 2, 1, 0))
_SPO2_2_ON_AIR: Final[_Bands] = ((83, 85, 87), (3, 2, 1, 0))
_SPO2_2_ON_OXYGEN: Final[_Bands] = ((83, 85, 87, 92, 94, 96), (3, 2, 1, 0, 1, 2, 3))
# In tenths of a degree.
_TEMPERATURE: Final[_Bands] = ((350, 360, 380, 390), (3, 1, 0, 1, 2))


@dataclass(frozen=True, slots=True)
class News2:
    """A NEWS2 sum at an instant."""

    total: int
    known: int
    """How many of the seven parameters are known; the others count 0."""
    at: Instant
    """The instant of the newest reading of any of the seven."""
    parts: Mapping[str, int | None]
    """Code → points, none where it isn't known."""
    single_three: bool
    """Whether any one parameter scores 3."""


def scores(code: str, value: Value) -> bool:
    """Whether a value can be scored at all; one that can't is as if it weren't there."""
    if code == "oxygen":
        return isinstance(value, bool)
    if code == "consciousness":
        return isinstance(value, str) and value in CONSCIOUSNESS
    return isinstance(value, int) and not isinstance(value, bool)


def points_of(values: Mapping[str, Value], scale: int) -> dict[str, int]:
    """Points of each parameter that is known; `scale` 1 or 2 for SpO2, unknown oxygen counting as air."""
    return {code: _points(code, value, scale, values.get("oxygen") is True) for code, value in values.items()}


def _points(code: str, value: Value, scale: int, on_oxygen: bool) -> int:
    if code == "oxygen":
        return 2 if value is True else 0
    if isinstance(value, str):
        return 0 if value == ALERT else WORST
    if code == "temperature":
        return _band(_half_up(value, ONE // 10), _TEMPERATURE)
    whole = _half_up(value, ONE)
    if code == "spo2":
        if scale == 1:
            return _band(whole, _SPO2_1)
        return _band(whole, _SPO2_2_ON_OXYGEN if on_oxygen else _SPO2_2_ON_AIR)
    return _band(whole, {"resp_rate": _RESP_RATE, "bp_sys": _BP_SYS, "pulse": _PULSE}[code])


def _band(value: int, bands: _Bands) -> int:
    highest, points = bands
    for top, score in zip(highest, points, strict=False):
        if value <= top:
            return score
    return points[-1]


def _half_up(value: int, step: int) -> int:
    return (value + step // 2) // step

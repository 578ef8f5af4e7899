"""Which item an episode becomes, and how urgent it is."""

from __future__ import annotations

from collections.abc import Iterable

from threshold_engine.measures import plausible_range
from threshold_engine.model import Level
from threshold_engine.readings import Reading
from work_items.model import Band, ItemCode

IMPLAUSIBLE = "implausible"
MISSING = "missing"
ANSWER = "answer"
MEASURE_AGAIN = frozenset({"spo2", "pulse", "bp_sys", "glucose"})
"""Measures of which a value out of the plausible range may be true, and then is grave."""


def impossible_readings(readings: Iterable[Reading]) -> frozenset[str]:
    """Ids of the readings that have to be measured again: out of their range by their value, a number."""
    return frozenset(
        reading.id for reading in readings if reading.code in MEASURE_AGAIN and _out_of_range(reading)
    )


def _out_of_range(reading: Reading) -> bool:
    span = plausible_range(reading.code)
    value = reading.value
    if span is None or isinstance(value, str | bool):
        return False
    return not span[0] <= value <= span[1]


def kind_of_rule(rule: str, kinds_known: str | None) -> str:
    """The engine's kind of a rule; the built-in rule needs no plan to be known by."""
    if rule.startswith(f"{IMPLAUSIBLE}:"):
        return IMPLAUSIBLE
    return kinds_known or "limit"


def code_of(kind: str) -> ItemCode:
    """The item that an episode of this kind of rule becomes."""
    if kind == MISSING:
        return ItemCode.MISSING
    return ItemCode.TECHNICAL if kind == IMPLAUSIBLE else ItemCode.ALERT


def band_of(kind: str, level: Level, *, impossible: bool = False) -> Band:
    """The band of an episode of this kind at this level (yellow or red).

    `impossible`: an implausible value that may yet be true, so that it has to be measured again.
    """
    if kind == IMPLAUSIBLE:
        return Band.YELLOW if impossible else Band.BLUE
    if level is Level.RED:
        return Band.RED
    return Band.BLUE if kind == MISSING else Band.YELLOW

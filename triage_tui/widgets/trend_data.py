"""A measure over time as a plot or a table needs it: a least, a middle and a greatest value for each day.

Only plausible numbers count; what is implausible, corrected or struck out is told apart, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

from threshold_engine.model import Instant, Scaled
from triage_tui.chart.reading_words import Oddity, oddity
from triage_tui.wording.dates import local_day
from triage_tui.wording.measures import VITALS

if TYPE_CHECKING:
    from local_store.views import LimitSpan, ReadingView


@dataclass(frozen=True, slots=True)
class Day:
    """One day's readings of a measure."""

    day: date
    low: Scaled
    middle: Scaled
    """Median, to a millionth."""
    high: Scaled
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """One plausible reading."""

    at: Instant
    value: Scaled


@dataclass(frozen=True, slots=True)
class Odd:
    """A reading that is marked."""

    at: Instant
    value: Scaled
    why: Oddity


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over the days up to today."""

    code: str
    first: date
    last: date
    days: tuple[Day, ...]
    """Oldest first; a day without a plausible number is left out."""
    points: tuple[Point, ...]
    """The readings that the days are made of, oldest first."""
    odd: tuple[Odd, ...]
    limits: tuple[LimitSpan, ...]


def _number(reading: ReadingView) -> Scaled | None:
    value = reading.value
    return None if isinstance(value, bool | str) else value


def codes_of(readings: Iterable[ReadingView]) -> list[str]:
    """The measures that have numbers: vital signs in their usual order, then the rest by name."""
    found = {reading.code for reading in readings if _number(reading) is not None}
    return [code for code in VITALS if code in found] + sorted(found - set(VITALS))


def trend_of(
    readings: Sequence[ReadingView], code: str, limits: tuple[LimitSpan, ...], days: int, now: Instant
) -> Trend:
    """The trend of `code` over the last `days` days, today included."""
    last = local_day(now)
    first = last - timedelta(days=days - 1)
    by_day: dict[date, list[Scaled]] = {}
    odd: list[Odd] = []
    points: list[Point] = []
    for reading in readings:
        value = _number(reading)
        day = local_day(reading.effective)
        if reading.code != code or value is None or not first <= day <= last:
            continue
        why = oddity(reading)
        if why is not None:
            odd.append(Odd(reading.effective, value, why))
        if why in (None, "corrected"):
            by_day.setdefault(day, []).append(value)
            points.append(Point(reading.effective, value))
    told = tuple(
        Day(day, min(values), round(median(values)), max(values), len(values))
        for day, values in sorted(by_day.items())
    )
    return Trend(
        code,
        first,
        last,
        told,
        tuple(sorted(points, key=lambda point: point.at)),
        tuple(sorted(odd, key=lambda one: one.at)),
        limits,
    )

"""What a person's limits rest on: the middle and the spread of the first weeks of each measure.

The spread is made of the nine tenths of the readings that lie nearest the median, so that a few wrong
measurements don't widen the limits, and never counts as less than the instrument's own noise. All in whole
numbers and decimals: two machines find the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from programmes.template import Measure, Template
from threshold_engine.instants import parse_duration
from threshold_engine.model import Instant
from threshold_engine.numbers import scaled, unscaled
from threshold_engine.readings import Reading
from threshold_engine.selection import Usable, usable
from threshold_engine.series import Numbers

_DAY_MS = 86_400_000
_MILLION = 1_000_000
_TRIM_TO_DEVIATION = Decimal("1.521")
"""The mean of the nearest nine tenths of |x − median| times this is one standard deviation, if normal."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a measure's limits rest on."""

    code: str
    readings: int
    days: int
    median: Decimal | None
    """Also of a few readings; none where there is no reading."""
    best: Decimal | None
    """The highest of the nine tenths nearest the median; none where there is no reading."""
    spread: Decimal | None
    """Between the measure's floor and ceiling; none where there are too few readings for own limits."""


def basis_of(template: Template, patient: str, readings: Iterable[Reading], now: Instant) -> dict[str, Basis]:
    """Code → basis, for each of the template's measures.

    Of the patient's readings those count that the engine uses at `now` (UTC ms), if they are numbers.
    """
    mine = usable(readings, now, {patient}).get(patient, Usable())
    return {m.code: _basis(template, m, mine.series(m.code).numbers) for m in template.measures}


def _basis(template: Template, measure: Measure, numbers: Numbers) -> Basis:
    if not numbers.times:
        return Basis(measure.code, 0, 0, None, None, None)
    times = numbers.times[: bisect_left(numbers.times, numbers.times[0] + parse_duration(template.baseline))]
    first, days = numbers.values[: len(times)], len({at // _DAY_MS for at in times})
    median = _median(first)
    near = sorted(first, key=lambda value: abs(Decimal(value) / _MILLION - median))
    near = near[: -(-len(near) * 9 // 10)]
    best = unscaled(max(near))
    if days < template.baseline_days:
        return Basis(measure.code, len(first), days, median, best, None)
    spread = min(max(unscaled(scaled(_spread(near, median, len(first)))), measure.floor), measure.ceiling)
    return Basis(measure.code, len(first), days, unscaled(scaled(median)), best, spread)


def _median(values: list[int]) -> Decimal:
    """In units, of scaled values."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    twice = ordered[middle] + ordered[-middle - 1]
    return Decimal(twice) / (2 * _MILLION)


def _spread(near: list[int], median: Decimal, of: int) -> Decimal:
    away = sum((abs(Decimal(value) / _MILLION - median) for value in near), Decimal(0))
    few = Decimal(of + 2) / of  # the fewer they are, the less sure, and the wider
    return away / len(near) * _TRIM_TO_DEVIATION * few

"""What a person's limits rest on: the middle and the spread of the first weeks of each measure.

The spread is made of the nine tenths of the readings that lie nearest the median, so that a few wrong
measurements don't widen the limits, and never counts as less than the instrument's own noise. All in whole
numbers and decimals: two machines find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from programmes.template import Measure, Template
from threshold_engine.instants import parse_duration
from threshold_engine.model import Instant
from threshold_engine.numbers import scaled, unscaled
from threshold_engine.readings import WITHDRAWN, Reading
from threshold_engine.selection import newest_versions, standing

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


def basis_of(template: Template, readings: Iterable[Reading], now: Instant) -> dict[str, Basis]:
    """Code → basis, for each of the template's measures.

    Readings after `now` (UTC ms), withdrawn or implausible ones are left out, as the engine leaves them out.
    """
    numbers = _usable(readings, now)
    return {m.code: _basis(template, m, numbers.get(m.code, {})) for m in template.measures}


def _usable(readings: Iterable[Reading], now: Instant) -> dict[str, dict[Instant, int]]:
    """Plausible numbers by code and instant: the newest version of each id, the greatest id at an instant."""
    chosen: dict[str, dict[Instant, int]] = {}
    for reading in sorted(newest_versions(readings), key=lambda r: r.id):
        _, is_plausible = standing(reading)
        if reading.effective > now or reading.status in WITHDRAWN or not is_plausible:
            continue
        if isinstance(reading.value, int) and not isinstance(reading.value, bool):
            chosen.setdefault(reading.code, {})[reading.effective] = reading.value
    return chosen


def _basis(template: Template, measure: Measure, numbers: Mapping[Instant, int]) -> Basis:
    end = min(numbers, default=0) + parse_duration(template.baseline)
    first = [value for at, value in numbers.items() if at < end]
    days = len({at // _DAY_MS for at in numbers if at < end})
    if not first:
        return Basis(measure.code, 0, 0, None, None, None)
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

"""A plan proposed from a template and the person's own first readings.

A limit is the median of the first weeks plus so many spreads, kept within the template's bounds and rounded
away from the median. The spread is made of the nine tenths of the readings that lie nearest the median, so
that a few wrong measurements don't widen the limits, and never counts as less than the instrument's own
noise. All in whole numbers: two machines propose the same plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from programmes.template import LIMITS, Derived, Measure, RuleTemplate, Template, Zone
from threshold_engine.instants import format_instant, parse_duration
from threshold_engine.measures import plausible_value
from threshold_engine.model import Instant
from threshold_engine.numbers import scaled, unscaled
from threshold_engine.readings import Reading

DAY_MS = 86_400_000
EARLIEST_MS = 600_000
"""A reading dated more than 10 minutes after it came in isn't believed (as in the engine)."""
TRIM_TO_DEVIATION = Decimal("1.521")
"""The mean of the nearest nine tenths of |x − median| times this is one standard deviation, if normal."""
NOT_YET = "–"
"""Said in a zone's text for a limit that waits for the first readings."""
_PLACEHOLDER = re.compile(r"\{([^{}.]+)\.([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a measure's limits rest on."""

    code: str
    readings: int
    days: int
    median: Decimal | None
    """Also of a few readings; none where there is no reading."""
    spread: Decimal | None
    """Between the measure's floor and ceiling; none where there are too few readings for own limits."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan to be looked at and approved by the GP."""

    plan: dict[str, object]
    """In the engine's form; numbers are int or Decimal."""
    zones: tuple[Zone, ...]
    basis: Mapping[str, Basis]


def propose(
    template: Template, readings: Iterable[Reading], now: Instant, *, patient: str | None = None
) -> Proposal:
    """The template's plan for one person, in force from `now` (UTC ms).

    `readings`: the person's; those after `now`, marked as wrong or implausible are left out. `patient` need
    only be given where there may be no reading. Raises ValueError if readings are of several people or the
    patient isn't known.
    """
    known = list(readings)
    whose = {reading.patient for reading in known if not reading.withdrawn}
    whose |= {patient} if patient else set()
    if len(whose) != 1:
        raise ValueError(f"a plan is proposed for one patient, not {len(whose)}: give readings of one")
    numbers = _usable(known, now)
    basis = {m.code: _basis(template, m, numbers.get(m.code, {})) for m in template.measures}
    rules = [made for rule in template.rules if (made := _rule(template, rule, basis))]
    version = {"version": 1, "valid_from": format_instant(now), "rules": rules}
    plan: dict[str, object] = {"patient": whose.pop(), "versions": [version], "pauses": []}
    by_id = {str(rule["id"]): rule for rule in rules}
    return Proposal(plan, tuple(_worded(zone, by_id) for zone in template.zones), basis)


def _usable(readings: list[Reading], now: Instant) -> dict[str, dict[Instant, int]]:
    """Plausible numbers by code and instant: the newest version of each id, the greatest id at an instant."""
    newest: dict[str, Reading] = {}
    for reading in readings:
        other = newest.get(reading.id)
        if other is None or _is_newer(reading, other):
            newest[reading.id] = reading
    chosen: dict[str, dict[Instant, int]] = {}
    for reading in sorted(newest.values(), key=lambda r: r.id):
        if reading.effective <= now and not reading.withdrawn and _is_believed(reading):
            chosen.setdefault(reading.code, {})[reading.effective] = int(reading.value)
    return chosen


def _is_newer(reading: Reading, other: Reading) -> bool:
    if reading.version != other.version:
        return reading.version > other.version
    return reading.canonical > other.canonical


def _is_believed(reading: Reading) -> bool:
    if isinstance(reading.value, bool | str) or not plausible_value(reading.code, reading.value):
        return False
    return reading.received is None or reading.effective <= reading.received + EARLIEST_MS


def _basis(template: Template, measure: Measure, numbers: Mapping[Instant, int]) -> Basis:
    end = min(numbers, default=0) + parse_duration(template.baseline)
    first = [value for at, value in numbers.items() if at < end]
    days = len({at // DAY_MS for at in numbers if at < end})
    median = _median(first) if first else None
    if median is None or days < template.baseline_days:
        return Basis(measure.code, len(first), days, median, None)
    spread = min(max(unscaled(scaled(_spread(first, median))), measure.floor), measure.ceiling)
    return Basis(measure.code, len(first), days, unscaled(scaled(median)), spread)


def _median(values: list[int]) -> Decimal:
    """In units, of scaled values."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    twice = ordered[middle] + ordered[-middle - 1]
    return Decimal(twice) / 2_000_000


def _spread(values: list[int], median: Decimal) -> Decimal:
    away = sorted(abs(Decimal(value) / 1_000_000 - median) for value in values)
    near = away[: -(-len(away) * 9 // 10)]
    few = Decimal(len(away) + 2) / len(away)  # the fewer they are, the less sure, and the wider
    return sum(near, Decimal(0)) / len(near) * TRIM_TO_DEVIATION * few


def _rule(template: Template, rule: RuleTemplate, basis: Mapping[str, Basis]) -> dict[str, object] | None:
    """The rule with its limits; None where it has none yet, for want of any reading."""
    made = dict(rule.fixed)
    if not rule.derived:
        return made
    measure = template.measure(str(rule.fixed["code"]))
    for name, derived in rule.derived.items():
        limit = _limit(derived, basis[measure.code], measure.step, below=name.endswith("below"))
        if limit is not None:
            made[name] = limit
    _keep_red_outside_yellow(made, measure.step)
    return made if any(name in made for name in LIMITS) else None


def _limit(derived: Derived, basis: Basis, step: Decimal, *, below: bool) -> int | Decimal | None:
    if basis.median is not None and basis.spread is not None:
        wanted = basis.median + derived.spreads * basis.spread
    elif derived.default is not None:
        return _written(derived.default)
    elif basis.median is not None and derived.width is not None:
        wanted = basis.median + (-derived.width if below else derived.width)
    else:
        return None
    rounded = (wanted / step).to_integral_value(ROUND_FLOOR if below else ROUND_CEILING) * step
    return _written(min(max(rounded, derived.lowest), derived.highest))


def _keep_red_outside_yellow(rule: dict[str, object], step: Decimal) -> None:
    """Where both are derived or one is fixed, bounds may bring them together: red gives way by a step."""
    for red, yellow, way in (("red_below", "yellow_below", -1), ("red_above", "yellow_above", 1)):
        inner, outer = rule.get(yellow), rule.get(red)
        if (
            isinstance(inner, int | Decimal)
            and isinstance(outer, int | Decimal)
            and (outer - inner) * way <= 0
        ):
            rule[red] = _written(Decimal(inner) + way * step)


def _written(number: Decimal) -> int | Decimal:
    """As the engine normalises it: 90 rather than 90.0 or 9E+1."""
    return int(number) if number == number.to_integral_value() else unscaled(scaled(number))


def _worded(zone: Zone, rules: Mapping[str, Mapping[str, object]]) -> Zone:
    def limit(found: re.Match[str]) -> str:
        number = rules.get(found[1], {}).get(found[2], NOT_YET)
        return str(number).replace(".", ",")

    return replace(
        zone, patient=_PLACEHOLDER.sub(limit, zone.patient), centre=_PLACEHOLDER.sub(limit, zone.centre)
    )

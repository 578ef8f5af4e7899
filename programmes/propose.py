"""A plan proposed from a template and the person's own first readings.

A limit is the median of the first weeks plus so many spreads, kept within the template's bounds and rounded
away from the median, or a share of the person's best; a step of points is so many spreads from what is
usual. All in whole numbers and decimals: two machines propose the same plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from programmes.basis import Basis, basis_of
from programmes.template import LIMITS, Derived, Measure, RuleTemplate, Template, Term, Zone
from threshold_engine.instants import format_instant
from threshold_engine.model import Instant
from threshold_engine.numbers import scaled, unscaled
from threshold_engine.readings import Reading

NOT_YET = "–"
"""Said in a zone's text for a limit that waits for the first readings."""
_PLACEHOLDER = re.compile(r"\{([^{}.]+)\.([a-z_]+)\}")


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
    whom = whose.pop()
    basis = basis_of(template, whom, known, now)
    return Proposal(*plan_for(template, basis, whom, now), basis)


def plan_for(
    template: Template, basis: Mapping[str, Basis], patient: str, now: Instant
) -> tuple[dict[str, object], tuple[Zone, ...]]:
    """The plan, in force from `now`, and the zones with its limits, that follow from a basis."""
    rules = [made for rule in template.rules if (made := _rule(template, rule, basis))]
    version = {"version": 1, "valid_from": format_instant(now), "rules": rules}
    plan: dict[str, object] = {"patient": patient, "versions": [version], "pauses": []}
    by_id = {str(rule["id"]): rule for rule in rules}
    return plan, tuple(_worded(zone, by_id) for zone in template.zones)


def _rule(template: Template, rule: RuleTemplate, basis: Mapping[str, Basis]) -> dict[str, object] | None:
    """The rule with its limits; None where it has none yet, for want of any reading."""
    made = dict(rule.fixed)
    if rule.terms:
        made["terms"] = [found for term in rule.terms if (found := _term(template, term, basis))]
    if not rule.derived:
        return made
    measure = template.measure(str(rule.fixed["code"]))
    for name, derived in rule.derived.items():
        limit = _limit(derived, basis[measure.code], measure.step, below=name.endswith("below"))
        if limit is not None:
            made[name] = limit
    _keep_red_outside_yellow(made, measure.step)
    return made if any(name in made for name in LIMITS) else None


def _term(template: Template, term: Term, basis: Mapping[str, Basis]) -> dict[str, object] | None:
    """The term with its steps; None where it has none yet, for want of any reading."""
    made = dict(term.fixed)
    for form, steps in term.distances.items():
        measure = template.measure(term.code)
        spread = basis[term.code].spread or measure.ceiling
        made[form] = [
            {"at": _distance(step.spreads * spread, measure), "points": step.points} for step in steps
        ]
    for form, limits in term.limits.items():
        step = template.measure(term.code).step
        found = [(_limit(limit, basis[term.code], step, below=form == "below"), n) for limit, n in limits]
        made[form] = [{"at": at, "points": n} for at, n in found if at is not None]
        if not made[form]:
            return None
    return made


def _distance(wanted: Decimal, measure: Measure) -> int | Decimal:
    return _written((wanted / measure.step).to_integral_value(ROUND_CEILING) * measure.step)


def _limit(derived: Derived, basis: Basis, step: Decimal, *, below: bool) -> int | Decimal | None:
    if derived.share is not None:
        if basis.best is None:
            return None
        wanted = derived.share * basis.best
    elif derived.spreads is not None and basis.median is not None and basis.spread is not None:
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

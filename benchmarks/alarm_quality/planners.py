"""Ways of planning: by the template, and what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from benchmarks.alarm_quality.patients import Patient
from programmes import load_template, propose
from threshold_engine import format_instant, unscaled

Planner: TypeAlias = Callable[[Patient], dict[str, object]]
"""Makes an engine plan of a patient's first readings."""

POPULATION: Mapping[str, Mapping[str, float]] = {
    "spo2": {"yellow_below": 92, "red_below": 90},
    "pulse": {"yellow_above": 110, "red_above": 130, "yellow_below": 50, "red_below": 40},
    "resp_rate": {"yellow_above": 20, "red_above": 24},
    "temperature": {"yellow_above": 37.9, "red_above": 38.9},
    "bp_sys": {"yellow_above": 134, "red_above": 179, "yellow_below": 100, "red_below": 90},
    "bp_dia": {"yellow_above": 84, "red_above": 109},
    "glucose": {"yellow_below": 3.9, "red_below": 3.0, "yellow_above": 13.9, "red_above": 20},
    "pef": {"yellow_below": 200, "red_below": 120},
    "loinc.org|44261-6": {"yellow_above": 9, "red_above": 19},
}
"""Any single reading: NEWS2's bands (RCP 2017), home blood pressure (ESC), glucose (ADA), PHQ-9 (Kroenke)."""


def by_template(programme: str) -> Planner:
    """The plan that the programme's template proposes from the first readings."""
    template = load_template(programme)
    return lambda one: propose(template, one.first, one.begins, patient="p").plan


def by_population(one: Patient) -> dict[str, object]:
    """The plan with the same limits for everybody, each reading by itself; weight: 2 kg in 3 days."""
    rules: list[dict[str, object]] = [
        {"id": code, "kind": "limit", "code": code, **limits} for code, limits in POPULATION.items()
    ]
    rules.append({"id": "weight", "kind": "change", "code": "weight", "window": "P3D", "rise_red": 2})
    return _plan(rules, one.begins)


def by_own_fixed(one: Patient) -> dict[str, object]:
    """Two of three beyond the first weeks' median ± 3 deviations: the person's own, but fixed for good."""
    held: dict[str, list[float]] = {}
    for reading in one.first:
        held.setdefault(reading.code, []).append(float(unscaled(int(reading.value))))
    return _plan([_own_rule(code, sorted(values)) for code, values in held.items()], one.begins)


def _own_rule(code: str, values: list[float]) -> dict[str, object]:
    middle = values[len(values) // 2]
    away = sorted(abs(value - middle) for value in values)
    spread = 1.4826 * away[len(away) // 2] or away[-1] / 2 or 1.0  # the median deviation, as a normal one
    return {
        "id": code,
        "kind": "limit",
        "code": code,
        "need": 2,
        "of": 3,
        "within": "P14D",
        "yellow_below": round(middle - 3 * spread, 1),
        "yellow_above": round(middle + 3 * spread, 1),
    }


def _plan(rules: list[dict[str, object]], begins: int) -> dict[str, object]:
    version = {"version": 1, "valid_from": format_instant(begins), "rules": rules}
    return {"patient": "p", "versions": [version], "pauses": []}

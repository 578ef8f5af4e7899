"""A made-up centre to time the engine on: weights, about 3.3 a day, most of them unremarkable."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from threshold_engine import Instant, Plan, Reading, format_instant, parse_instant, read_plan

_START = parse_instant("2026-01-05T06:00:00Z")
_MINUTE = 60_000
_DAY = 1440 * _MINUTE


@dataclass(frozen=True, slots=True)
class BenchCentre:
    """Plans, and their patients' readings in the order in which they were measured."""

    plans: list[Plan]
    readings: list[Reading]
    now: Instant


def bench_centre(patients: int, days: int, seed: int = 1) -> BenchCentre:
    """`patients` people with a limit, a change and a missing rule each, followed for `days` days."""
    chance = random.Random(seed)  # noqa: S311 - repeatable chance is the point
    now = _START + days * _DAY
    plans: list[Plan] = []
    rows: list[tuple[int, int, int]] = []
    for number in range(patients):
        usual = chance.randint(550, 1100) / 10
        plans.append(_plan(_name(number), usual))
        rows += ((minute, number, weight) for minute, weight in _weights(chance, usual, days))
    # Made in the order in which they come, as readings are that have just been delivered.
    readings = [
        Reading(f"r{index}", plans[number].patient, "weight", weight * 100_000, _START + minute * _MINUTE)
        for index, (minute, number, weight) in enumerate(sorted(rows))
    ]
    return BenchCentre(plans, readings, now)


def _name(number: int) -> str:
    return f"p{number:05}"


def _plan(patient: str, usual: float) -> Plan:
    rules: list[dict[str, object]] = [
        {
            "id": "weight",
            "kind": "limit",
            "code": "weight",
            "yellow_below": round(usual - 3, 1),
            "yellow_above": round(usual + 3, 1),
            "red_above": round(usual + 5, 1),
            "need": 2,
            "of": 3,
            "deadband": 0.5,
        },
        {"id": "gain", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2.1},
        {"id": "silence", "kind": "missing", "codes": ["weight"], "every": "P1D", "grace": "PT12H"},
    ]
    version = {"version": 1, "valid_from": format_instant(_START), "rules": rules}
    return read_plan({"patient": patient, "versions": [version], "pauses": []})


def _weights(chance: random.Random, usual: float, days: int) -> Iterator[tuple[int, int]]:
    """(minute, weight in 100 g): a slow drift and noise.

    One in eight retains water once, and now and then a day or two are missed.
    """
    minute, drift, last = 0.0, 0.0, days * 1440
    ill_from = chance.randrange(last) if chance.random() < 1 / 8 else last
    while True:
        minute += chance.triangular(4, 11, 6.5) * 60
        if chance.random() < 0.004:
            minute += chance.uniform(20, 60) * 60
        if minute >= last:
            return
        drift += chance.gauss(0, 0.04)
        ill_days = (minute - ill_from) / 1440
        water = max(0.0, min(ill_days * 0.6, 4.2 - (ill_days - 7) * 0.8)) if ill_days > 0 else 0.0
        yield int(minute), round((usual + drift + water + chance.gauss(0, 0.35)) * 10)

"""Judging a whole centre in columns gives what judging each patient gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_up import HOUR, NOWS, SEEDS, ZERO, Chance, lawful
from random_cases import Cases

from threshold_engine import (
    Plan,
    Reading,
    evaluate,
    format_instant,
    load_case,
    parse_instant,
    read_plan,
    read_reading,
)
from threshold_engine.batch import BatchJudge, CodeColumns, Columns

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
PATIENTS = ("p", "q", "r", "s")


def centre(seed: int, readings: int) -> tuple[list[Plan], list[Reading]]:
    """Four patients, of whom some have no plan's readings, and readings of strangers."""
    chance = Chance(seed)
    plans = [chance.plan().with_patient(patient) for patient in PATIENTS]
    delivered = []
    for _ in range(readings):
        reading = chance.reading()
        whose = chance.one([*PATIENTS, "stranger"])
        delivered.append(
            Reading(
                reading.id,
                whose,
                reading.code,
                reading.value,
                reading.effective,
                reading.received,
                reading.version,
                reading.status,
            )
        )
    return plans, delivered


def in_columns(plans: list[Plan], readings: list[Reading], now: int) -> list[object]:
    judge = BatchJudge(plans)
    return list(judge.episodes(Columns.of_readings(readings, now, judge.patients), now))


@lawful
@given(SEEDS, st.integers(0, 250), NOWS)
def test_a_centre_in_columns_is_judged_alike(seed: int, many: int, now: int) -> None:
    plans, readings = centre(seed, many)

    assert in_columns(plans, readings, now) == evaluate(plans, readings, now)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_examples_in_columns_are_judged_alike(path: Path) -> None:
    raw = load_case(path.read_bytes())
    assert isinstance(raw, dict)
    if raw["expect"] == [] and "error" in raw:
        return
    try:
        plans = [read_plan(plan) for plan in raw["plans"]]
    except ValueError:
        return  # a plan that is refused is refused before anybody judges
    if len({plan.patient for plan in plans}) < len(plans):
        return
    readings = [reading for reading in map(read_reading, raw["readings"]) if reading is not None]
    now = parse_instant(raw["now"])

    assert in_columns(plans, readings, now) == evaluate(plans, readings, now)


@pytest.mark.parametrize("seed", range(6))
def test_random_cases_in_columns_are_judged_alike(seed: int) -> None:
    cases = Cases(1000 + seed)
    for _ in range(50):
        raw = load_case(cases.text().encode())
        assert isinstance(raw, dict)
        plans = [read_plan(plan) for plan in raw["plans"]]
        readings = [reading for reading in map(read_reading, raw["readings"]) if reading is not None]
        now = parse_instant(raw["now"])
        assert in_columns(plans, readings, now) == evaluate(plans, readings, now)


def plan_of(patient: str, **rule: object) -> Plan:
    version = {"version": 1, "valid_from": format_instant(ZERO), "rules": [{"id": "r", "code": "k", **rule}]}
    return read_plan({"patient": patient, "versions": [version], "pauses": []})


def test_numbers_beyond_64_bits_are_judged_exactly() -> None:
    plans = [plan_of("p", kind="limit", yellow_above=5 * 10**14), plan_of("q", kind="limit", yellow_above=5)]
    huge = 999_999_999_999_999 * 10**6
    readings = [Reading("a", "p", "k", huge, ZERO), Reading("b", "q", "k", 6 * 10**6, ZERO)]

    found = in_columns(plans, readings, ZERO)

    assert found == evaluate(plans, readings, ZERO)
    assert len(found) == 2


def test_neighbours_in_a_column_are_not_each_others_history() -> None:
    """The last readings of one patient stand right before the first ones of the next."""
    plans = [plan_of(p, kind="change", window="P3D", rise_yellow=2, fall_yellow=2) for p in ("p", "q")]
    readings = [
        Reading(f"{p}{hour}", p, "k", weight * 10**6, ZERO + hour * HOUR)
        for p, weight in (("p", 60), ("q", 90))
        for hour in range(0, 72, 12)
    ]

    assert in_columns(plans, readings, ZERO + 80 * HOUR) == []


def test_columns_out_of_order_are_refused() -> None:
    def columns(*times: int) -> CodeColumns:
        ints = np.array(times, np.int64)
        return CodeColumns(np.array([0, 2, 3], np.int64), ints, ints, str)

    columns(5, 6, 1)
    with pytest.raises(ValueError, match="in order of time"):
        columns(6, 5, 7)
    with pytest.raises(ValueError, match="in order of time"):
        columns(5, 5, 7)
    with pytest.raises(ValueError, match="one length"):
        columns(5, 6)


def test_columns_of_other_patients_are_refused() -> None:
    judge = BatchJudge([Plan("p", ())])

    with pytest.raises(ValueError, match="in their order"):
        judge.judge(Columns.of_readings([], ZERO, ["q"]), ZERO)

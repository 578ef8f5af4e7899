"""A judging that is carried on answers like one of everything at once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from fhir_r4.carried_judge import CarriedJudge
from threshold_engine import Plan, Reading, judge_patient, parse_instant, read_plan

HOUR = 3_600_000
START = parse_instant("2026-03-02T08:00:00Z")


def plan(yellow_below: int) -> Plan:
    rules = [
        {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": yellow_below, "need": 2, "of": 3},
        {"id": "silent", "kind": "missing", "codes": ["spo2"], "every": "PT3H"},
    ]
    version = {"version": 1, "valid_from": "2026-03-01T00:00:00Z", "rules": rules}
    return read_plan({"patient": "p1", "versions": [version]})


def reading(number: int, value: int, at: int) -> Reading:
    return Reading(f"r{number}", "p1", "spo2", value * 1_000_000, at)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_becomes_of_the_readings(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    carried, readings, now, in_force = CarriedJudge(), [reading(0, 96, START)], START, plan(92)
    for number in range(1, 60):
        now += chance.choice((0, 0, HOUR, 5 * HOUR))
        match chance.randrange(12):
            case 0:
                readings.pop(chance.randrange(len(readings)))
            case 1:
                readings[-1] = replace(readings[-1], value=chance.choice((85, 97)) * 1_000_000)
            case 2:
                readings.append(replace(readings[0], value=85_000_000))  # one id twice
            case 3:
                in_force = plan(chance.choice((90, 92)))
            case 4:
                now -= HOUR
            case _:
                late_or_ahead = chance.choice((0, 0, -2 * HOUR, HOUR))
                readings.append(reading(number, chance.choice((85, 97)), now + late_or_ahead))
        readings = readings or [reading(number, 96, now)]

        found = carried.judge(in_force, readings, now)

        anew = judge_patient(in_force, readings, now)
        assert (found.episodes, found.due()) == (anew.episodes, anew.due())
        assert found.steps("low") == anew.steps("low")


def test_a_plan_that_is_read_anew_is_carried_on_and_another_is_not() -> None:
    """The judge reads the plan out of its CarePlan each time."""
    carried, readings = CarriedJudge(), [reading(0, 96, START)]
    first = carried.judge(plan(92), readings, START)

    assert carried.judge(plan(92), [*readings, reading(1, 85, START + HOUR)], START + HOUR) is first
    assert carried.judge(plan(90), readings, START + HOUR) is not first

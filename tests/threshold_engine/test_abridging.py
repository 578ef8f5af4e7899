"""A judge that has let go of old readings answers like one that has them all, or says that it can't."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).parent))

from made_up import HOUR, SEEDS, ZERO, Chance

from threshold_engine import PatientJudge, Plan, Reading, judge_patient, load, read_plan, save
from threshold_engine.abridging import abridged, passes, since_when, takes

SLACKS = (0, 2 * HOUR, 12 * HOUR, 30 * HOUR)


def arrivals(chance: Chance) -> list[tuple[int, Reading]]:
    """Readings with ids of their own, each with the instant of its arrival, in that order."""
    made = [replace(chance.reading(), id=f"x{n}", patient="p", version=1) for n in range(120)]
    late = chance.one([(0,), (0, 0, 0, 1, 3), (-1, 0, 0, 1, 40)])
    return sorted(((one.effective + chance.one(late) * HOUR, one) for one in made), key=lambda each: each[0])


def takes_in(judge: PatientJudge, reading: Reading, now: int, since: int) -> bool:
    if not passes(judge, now, since):
        return False
    judge.advance(now)
    return takes(judge, reading, since)


def carried(plan: Plan, chance: Chance) -> tuple[int, int]:
    """Judge made-up readings as they come, with old ones forgotten now and then.

    Gives how many were taken in, and how many took judging everything anew, while something was forgotten.
    """
    judge, since, so_far, taken, anew = PatientJudge(plan, [], ZERO), None, [], 0, 0
    now = ZERO
    for at, reading in arrivals(chance):
        now = max(now, at)
        so_far.append(reading)
        if since is None or takes_in(judge, reading, now, since):
            judge.feed(reading, now)
            taken += since is not None
        else:
            judge, since, anew = judge_patient(plan, so_far, now), None, anew + 1
        judge.advance(now)
        if chance.rng.random() < 0.3:
            later = since_when(judge, chance.one(SLACKS))
            since = later if since is None else max(since, later)
            judge = load(plan, save(judge, abridged(judge, since)))
        full = judge_patient(plan, so_far, now)
        assert judge.episodes == full.episodes
        assert judge.due() == full.due()
        for rule in {episode.rule for episode in full.episodes}:
            steps = [step for step in judge.steps(rule) if since is None or step.at >= since]
            assert steps == [step for step in full.steps(rule) if since is None or step.at >= since]
    return taken, anew


@settings(max_examples=60, derandomize=True, deadline=None)
@given(SEEDS)
def test_whatever_was_forgotten_the_answer_is_that_of_all_readings(seed: int) -> None:
    chance = Chance(seed)
    carried(chance.plan(), chance)


def test_most_readings_are_taken_in_without_the_old_ones() -> None:
    taken = anew = 0
    for seed in range(12):
        chance = Chance(seed)
        each = carried(chance.plan(), chance)
        taken, anew = taken + each[0], anew + each[1]
    assert taken > 3 * anew > 0


def test_a_state_of_ten_years_is_as_small_as_one_of_three_months() -> None:
    rules = [
        {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": 92, "need": 2, "of": 3},
        {"id": "rise", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2},
        {"id": "silent", "kind": "missing", "codes": ["spo2", "weight"], "every": "P2D"},
    ]
    versions = [{"version": 1, "valid_from": "2016-01-01T00:00:00Z", "rules": rules}]
    plan = read_plan({"patient": "p", "versions": versions})
    sizes = []
    for count in (400, 4_000):
        readings = [
            Reading(
                f"urn:x|{n:016x}", "p", ("spo2", "weight")[n % 2], (95 + n % 2) * 10**6, ZERO + n * 9 * HOUR
            )
            for n in range(count)
        ]
        judge = judge_patient(plan, readings, readings[-1].effective)
        sizes.append(len(save(judge, abridged(judge, since_when(judge)))))
    assert max(sizes) < 1_000, sizes

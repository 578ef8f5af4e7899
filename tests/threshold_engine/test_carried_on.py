"""Judging reading by reading, timer by timer, gives what judging everything at once gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_up import DELIVERED, HOUR, LAST, NOWS, PLANS, SEEDS, ZERO, Chance, lawful

from threshold_engine import Judge, PatientJudge, Plan, Reading, evaluate, judge_patient, load, next_due, save

DELAYS = st.lists(st.sampled_from([0, 0, 0, 0, 1, 3, 30]), min_size=100, max_size=100)
"""Hours between measuring and arrival."""
LOOK_EVERY = 13
"""Judging everything anew after each reading would take long."""
OTHER_PLANS = SEEDS.map(lambda seed: Chance(seed).plan().with_patient("q"))


def in_order_of_arrival(delivered: list[Reading], delays: list[int]) -> list[tuple[int, Reading]]:
    arrivals = [
        (reading.effective + delay * HOUR, index, reading)
        for index, (reading, delay) in enumerate(zip(delivered, delays, strict=False))
    ]
    return [(at, reading) for at, _, reading in sorted(arrivals, key=lambda arrival: arrival[:2])]


@lawful
@given(PLANS, DELIVERED, DELAYS)
def test_after_each_reading_the_answer_is_that_of_all_readings_so_far(
    plan: Plan, delivered: list[Reading], delays: list[int]
) -> None:
    judge = PatientJudge(plan, [], ZERO)
    so_far: list[Reading] = []

    for number, (at, reading) in enumerate(in_order_of_arrival(delivered, delays)):
        so_far.append(reading)
        before = judge.episodes
        changed = judge.feed(reading, at)
        assert changed or judge.episodes == before
        if number % LOOK_EVERY == 0:
            assert list(judge.episodes) == evaluate([plan], so_far, at)
    assert list(judge.episodes) == evaluate([plan], so_far, judge.now)


@lawful
@given(PLANS, DELIVERED, st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_in_the_same(plan: Plan, delivered: list[Reading], rng: Any) -> None:
    shuffled = delivered.copy()
    rng.shuffle(shuffled)
    now = ZERO + rng.randint(0, LAST) * HOUR
    judge = PatientJudge(plan, [], now)

    for reading in shuffled:
        judge.feed(reading, now)

    assert list(judge.episodes) == evaluate([plan], delivered, now)


@lawful
@given(PLANS, OTHER_PLANS, DELIVERED, DELAYS)
def test_several_patients_share_the_ids_of_readings(
    plan: Plan, other: Plan, delivered: list[Reading], delays: list[int]
) -> None:
    plans = [plan, other]
    judge = Judge(plans, [], ZERO)
    so_far: list[Reading] = []

    for number, (at, reading) in enumerate(in_order_of_arrival(delivered, delays)):
        so_far.append(reading)
        judge.feed(reading, at)
        if number % LOOK_EVERY == 0:
            assert judge.episodes == evaluate(plans, so_far, at)
    assert judge.episodes == evaluate(plans, so_far, judge.now)


@lawful
@given(PLANS, DELIVERED, NOWS, st.lists(st.integers(1, 12), max_size=8))
def test_time_alone_changes_what_judging_anew_changes(
    plan: Plan, delivered: list[Reading], now: int, hours: list[int]
) -> None:
    judge = judge_patient(plan, delivered, now)

    for passed in hours:
        now += passed * HOUR
        before = judge.episodes
        changed = judge.advance(now)
        assert list(judge.episodes) == evaluate([plan], delivered, now)
        assert changed or judge.episodes == before
        assert judge.due() == next_due([plan], delivered, now)


@lawful
@given(PLANS, DELIVERED, DELAYS, st.integers(0, 100))
def test_a_judge_that_was_kept_goes_on_as_if_it_had_never_stopped(
    plan: Plan, delivered: list[Reading], delays: list[int], stop: int
) -> None:
    judge = PatientJudge(plan, [], ZERO)
    so_far: list[Reading] = []

    for number, (at, reading) in enumerate(in_order_of_arrival(delivered, delays)):
        so_far.append(reading)
        if number == stop:
            judge = load(plan, save(judge))
        judge.feed(reading, at)
    assert list(judge.episodes) == evaluate([plan], so_far, judge.now)


@lawful
@given(PLANS, DELIVERED, NOWS)
def test_what_is_explained_does_not_depend_on_how_it_was_judged(
    plan: Plan, delivered: list[Reading], now: int
) -> None:
    fed = PatientJudge(plan, [], now)
    for reading in delivered:
        fed.feed(reading, now)
    at_once = judge_patient(plan, delivered, now)

    for episode in at_once.episodes:
        assert fed.explain(episode) == at_once.explain(episode)
        assert fed.steps(episode.rule) == at_once.steps(episode.rule)


def test_time_does_not_go_back() -> None:
    judge = PatientJudge(Plan("p", ()), [], ZERO)

    with pytest.raises(ValueError, match="judge anew"):
        judge.advance(ZERO - 1)

"""The laws that hold for every input: order, idempotence, increment; and what next_due promises."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_up import DELIVERED, HOUR, LAST, NOWS, PLANS, ZERO, lawful

from threshold_engine import (
    Episode,
    Level,
    Plan,
    Reading,
    evaluate,
    judge_patient,
    next_due,
)


def cut(episodes: Sequence[Episode], now: int) -> list[Episode]:
    """The answer with every change after `now` taken away, and the rest made anew."""
    left: list[Episode] = []
    for episode in episodes:
        changes = tuple(change for change in episode.changes if change.at <= now)
        if not changes:
            continue
        cleared = episode.cleared is not None and episode.cleared <= now
        left.append(
            replace(
                episode,
                changes=changes,
                level=(changes[-2] if cleared else changes[-1]).level,
                peak=max(change.level for change in changes),
                cleared=episode.cleared if cleared else None,
                reason=episode.reason if cleared else None,
            )
        )
    return left


@lawful
@given(PLANS, DELIVERED, NOWS, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing(plan: Plan, delivered: list[Reading], now: int, rng: Any) -> None:
    shuffled = delivered.copy()
    rng.shuffle(shuffled)

    assert evaluate([plan], shuffled, now) == evaluate([plan], delivered, now)


@lawful
@given(PLANS, DELIVERED, NOWS)
def test_delivery_twice_changes_nothing(plan: Plan, delivered: list[Reading], now: int) -> None:
    again = [*delivered, *(replace(reading) for reading in delivered)]

    assert evaluate([plan], again, now) == evaluate([plan], delivered, now)


@lawful
@given(PLANS, DELIVERED, NOWS, NOWS)
def test_earlier_answer_is_the_later_one_cut_off(
    plan: Plan, delivered: list[Reading], one: int, other: int
) -> None:
    now, later = sorted((one, other))

    assert evaluate([plan], delivered, now) == cut(evaluate([plan], delivered, later), now)


@lawful
@given(PLANS, DELIVERED, NOWS)
def test_nothing_changes_before_next_due(plan: Plan, delivered: list[Reading], now: int) -> None:
    due = next_due([plan], delivered, now)
    before = ZERO + 2 * LAST * HOUR if due is None else due - 1

    assert due is None or due > now
    assert evaluate([plan], delivered, before) == evaluate([plan], delivered, now)


@lawful
@given(PLANS, DELIVERED, NOWS)
def test_each_change_is_explained_and_episodes_are_well_formed(
    plan: Plan, delivered: list[Reading], now: int
) -> None:
    judgement = judge_patient(plan, delivered, now)

    for episode in judgement.episodes:
        assert len({change.at for change in episode.changes}) == len(episode.changes)
        assert (episode.cleared is None) == (episode.changes[-1].level is not Level.GREEN)
        explained = judgement.explain(episode)
        assert [(b.at, b.level) for b in explained] == [
            (c.at, c.level) for c in episode.changes if c.level is not Level.GREEN
        ]


@lawful
@given(PLANS, DELIVERED, NOWS)
def test_change_at_a_reading_happens_at_one_of_the_rules_steps(
    plan: Plan, delivered: list[Reading], now: int
) -> None:
    judgement = judge_patient(plan, delivered, now)

    for episode in judgement.episodes:
        rule = plan.rule(episode.rule, episode.onset)
        if rule is None or rule.kind != "missing":
            steps = judgement.steps(episode.rule)
            assert list(steps) == sorted(steps, key=lambda step: step.at)
            judged = {(step.at, step.reading) for step in steps}
            assert {(c.at, c.reading) for c in episode.changes if c.reading is not None} <= judged

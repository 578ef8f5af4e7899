"""Limits tried out on history: laws that hold for any plan, and examples of what is said."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_up import HOUR, LAST, NUMERIC, SEEDS, ZERO, Chance, at

from threshold_engine import EngineError, Level, PlanError, Reading, load_case
from threshold_engine.batch import Columns
from threshold_engine.what_if import (
    ChangeError,
    Deterioration,
    NothingInForce,
    Trial,
    TriedPlanError,
    WhatIf,
    read_changes,
    trial_of,
    what_if,
)
from threshold_engine.what_if.in_columns import what_if_in_columns

NOW = ZERO + LAST * HOUR
BEGIN = ZERO + 20 * HOUR
lawful = settings(max_examples=150, derandomize=True, deadline=None)
Rule = dict[str, Any]


def plan(*rules: Rule, pauses: list[Any] | None = None, valid_from: str = at(0)) -> dict[str, Any]:
    versions = [{"version": 2, "valid_from": valid_from, "rules": list(rules)}]
    return {"patient": "p", "versions": versions, "pauses": pauses or []}


def any_plan(chance: Chance) -> dict[str, Any]:
    rules = [chance.rule() | {"id": f"r{n}"} for n in range(4)]
    return plan(*rules, pauses=chance.one([[], [{"from": at(30), "to": at(45)}]]))


def readings(chance: Chance, many: int, patient: str = "p") -> list[Reading]:
    made = [chance.reading() for _ in range(many)]
    return [
        Reading(patient + one.id, patient, one.code, one.value, one.effective, one.received, one.version)
        for one in made
    ]


def tried(raw: dict[str, Any], changes: object, delivered: list[Reading], *known: Deterioration) -> WhatIf:
    trial = trial_of(raw, "p", read_changes(changes), BEGIN, NOW)
    return what_if([trial], delivered, NOW, known)


def low(*, rule_id: str = "low", **more: object) -> Rule:
    return {"id": rule_id, "kind": "limit", "code": "k", "yellow_below": 5, "red_below": 3} | more


def k(*values: float, first: int = 24, name: str = "k") -> list[Reading]:
    """Readings of `k`, an hour apart, from an hour on."""
    return [
        Reading(f"{name}{n}", "p", "k", int(value * 1_000_000), ZERO + (first + n) * HOUR)
        for n, value in enumerate(values)
    ]


@lawful
@given(SEEDS, st.integers(0, 150))
def test_without_a_change_nothing_goes_or_comes(seed: int, many: int) -> None:
    chance = Chance(seed)
    raw = any_plan(chance)
    same = {rule["id"]: {"kind": rule["kind"]} for rule in raw["versions"][0]["rules"]}

    found = tried(raw, same, readings(chance, many))

    said = found.difference
    assert not (said.gone or said.come or said.moved or said.split or said.merged)
    assert len(said.pairs) == sum(rule.before.both for rule in found.rules if rule.changed)
    assert all(rule.before == rule.after for rule in found.rules)


@lawful
@given(SEEDS, st.integers(0, 150))
def test_every_alarm_is_accounted_for_once(seed: int, many: int) -> None:
    chance = Chance(seed)
    raw = any_plan(chance)
    changes = {"r0": chance.rule() | {"id": "r0"}, "r1": None, "new": chance.rule()}
    changes["r0"] = {name: None for name in raw["versions"][0]["rules"][0] if name != "id"} | changes["r0"]

    found = tried(raw, changes, readings(chance, many))

    said = found.difference
    before = sum(rule.before.both for rule in found.rules if rule.changed)
    after = sum(rule.after.both for rule in found.rules if rule.changed)
    assert before - len(said.gone) - len(said.merged) == len(said.pairs)
    assert after - len(said.come) - len(said.split) == len(said.pairs)
    assert all(rule.before == rule.after for rule in found.rules if not rule.changed)


@lawful
@given(SEEDS, st.integers(0, 150))
def test_a_wider_limit_brings_no_alarm(seed: int, many: int) -> None:
    chance = Chance(seed)
    code = chance.one(list(NUMERIC))
    rule = {"id": "r", "kind": "limit", "code": code} | chance.limits(code)
    by = chance.one([1, 2, 5])
    wider = {
        name: limit + (by if name.endswith("above") else -by)
        for name, limit in rule.items()
        if name.endswith(("above", "below"))
    }

    found = tried(plan(rule), {"r": wider}, readings(chance, many))

    assert not found.difference.come
    assert all(pair.later >= 0 for pair in found.difference.pairs)


@settings(lawful, max_examples=60)
@given(SEEDS, st.integers(0, 250))
def test_a_centre_in_columns_gives_the_same_answer(seed: int, many: int) -> None:
    chance = Chance(seed)
    patients = ("p", "q", "r")
    trials: list[Trial] = []
    delivered: list[Reading] = []
    for patient in patients:
        changes = {"r0": {"note": "tried"}, "r1": None, "new": chance.rule()}
        trials.append(trial_of(any_plan(chance), patient, read_changes(changes), BEGIN, NOW))
        delivered += readings(chance, many // 3, patient)
    known = [Deterioration(patient, BEGIN + HOUR, BEGIN + 30 * HOUR) for patient in patients]
    columns = Columns.of_readings(delivered, NOW, patients)

    assert what_if_in_columns(trials, columns, NOW, known) == what_if(trials, delivered, NOW, known)


def test_alarms_are_told_apart_as_gone_come_and_moved() -> None:
    high = {"id": "high", "kind": "limit", "code": "k", "yellow_above": 8}
    delivered = k(4, 6, 4.5, 2, 6, 4.5, 6, 7.5)

    found = tried(plan(low(), high), {"low": {"yellow_below": 4.2}, "high": {"yellow_above": 7}}, delivered)

    said = found.difference
    assert [(one.rule, one.onset) for one in said.gone] == [("low", ZERO + 29 * HOUR)]
    assert [(one.rule, one.onset) for one in said.come] == [("high", ZERO + 31 * HOUR)]
    (moved,) = said.moved
    assert (moved.later, moved.before.peak, moved.after.peak) == (HOUR, Level.RED, Level.RED)
    assert [rule.rule for rule in found.rules] == ["high", "low"]
    assert found.before == (2, 1)
    assert found.after == (2, 1)


def test_an_alarm_that_falls_apart_is_no_new_one() -> None:
    found = tried(plan(low()), {"low": {"yellow_below": 4}}, k(3.5, 4.5, 3.5))

    said = found.difference
    assert (len(said.pairs), len(said.split), said.come, said.gone) == (1, 1, [], [])
    back = tried(plan(low(yellow_below=4)), {"low": {"yellow_below": 5}}, k(3.5, 4.5, 3.5)).difference
    assert (len(back.pairs), len(back.merged), back.come, back.gone) == (1, 1, [], [])


def test_a_band_that_changes_is_a_move_even_where_the_onset_stays() -> None:
    found = tried(plan(low()), {"low": {"red_below": None}}, k(2, 6))

    (moved,) = found.difference.moved
    assert (moved.later, moved.before.peak, moved.after.peak) == (0, Level.RED, Level.YELLOW)
    assert (found.before, found.after) == ((0, 1), (1, 0))


def test_the_rules_in_force_now_count_for_the_whole_span_on_both_sides() -> None:
    raw = plan(low(), valid_from=at(60))
    raw["versions"].insert(0, {"version": 1, "valid_from": at(0), "rules": []})

    found = tried(raw, {"low": {"red_below": 2}}, k(2.5, 6))

    assert (found.before, found.after) == ((0, 1), (1, 0))


def test_readings_from_before_the_span_stand_in_windows_but_raise_nothing() -> None:
    twice = low(need=2)
    early = k(4, 4, 4, first=18)  # at 18, 19 and 20 o'clock, the last of which begins the span

    found = tried(plan(twice), {"low": {"need": 1}}, early)

    (moved,) = found.difference.pairs
    assert moved.before.onset == moved.after.onset == BEGIN


def test_waiting_begins_with_the_span_and_respects_pauses() -> None:
    wait = {"id": "wait", "kind": "missing", "codes": ["k"], "every": "PT12H"}
    pauses = [{"from": at(40), "to": at(60)}]

    found = tried(plan(wait, pauses=pauses), {"wait": {"every": "PT24H"}}, k(5, first=30))

    said = found.difference
    assert [one.onset for one in said.gone] == []
    assert [(pair.before.onset, pair.after.onset) for pair in said.pairs] == [
        (ZERO + 72 * HOUR, ZERO + 84 * HOUR)
    ]


def test_a_known_deterioration_is_caught_later_or_not_at_all() -> None:
    wait = {"id": "wait", "kind": "missing", "codes": ["k"], "every": "PT1H"}
    delivered = k(4, 2, 6, first=30) + k(4.5, 6, first=70, name="later")
    first = Deterioration("p", ZERO + 30 * HOUR, ZERO + 40 * HOUR)
    second = Deterioration("p", ZERO + 70 * HOUR, None)
    over = Deterioration("p", ZERO, BEGIN)
    other = Deterioration("q", ZERO, None)

    found = tried(plan(low(), wait), {"low": {"yellow_below": 3}}, delivered, first, second, over, other)

    assert [caught.deterioration for caught in found.deteriorations] == [first, second]
    late, missed = found.deteriorations
    assert late.later == HOUR
    assert (missed.before, missed.after, missed.later) == (ZERO + 70 * HOUR, None, None)


def test_alarms_for_each_patient_month() -> None:
    found = tried(plan(low()), {"low": None}, k(4, 6, 4, 6))

    days = Decimal(LAST - 20) / 24
    assert Decimal(found.monthly(found.before.both)) / 10**6 == pytest.approx(2 * 30 / days)
    assert found.monthly(found.after.both) == 0


def test_members_are_set_taken_away_and_added_and_the_plan_stays_as_it_was() -> None:
    raw = plan(low(deadband=1, note="her own"))
    new = {"kind": "limit", "code": "k", "red_above": Decimal("8.5")}

    trial = trial_of(raw, "p", read_changes({"low": {"deadband": None}, "new": new}), BEGIN, NOW)

    low_rule, new_rule = trial.tried.versions[0].rules
    as_if_so = trial_of(plan(low(note="her own")), "p", {}, BEGIN, NOW).present.versions[0].rules[0]
    assert low_rule.content == as_if_so.content
    assert new_rule.id == "new"
    assert raw == plan(low(deadband=1, note="her own"))


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ('["low"]', ChangeError, "must be an object"),
        ('{"low": 5}', ChangeError, "low: must be an object of members, or null"),
        ('{"low": {}, "low": {}}', ChangeError, "low: is given twice"),
        ('{"low": {"need": 1, "need": 2}}', ChangeError, "low.need: is given twice"),
        ('{"low": {"id": "high"}}', ChangeError, "low.id: must be the rule's own id"),
        (
            '{"lwo": {"red_below": 2}}',
            ChangeError,
            "lwo: no rule of that id is in force. Those in force: low",
        ),
        ('{"lwo": null}', ChangeError, "lwo: no rule of that id"),
        ('{"implausible:k": null}', ChangeError, "no rule of that id"),
        ('{"low": {"red_below": 9}}', TriedPlanError, "p: versions[1].rules[0].red_below: "),
        ('{"low": {"red_abvoe": 9}}', TriedPlanError, "versions[1].rules[0].red_abvoe: is not known here"),
        ('{"low": {"red_below": true}}', TriedPlanError, "versions[1].rules[0].red_below: must be a number"),
        ('{"low": {"red_below": 1e400}}', TriedPlanError, "versions[1].rules[0].red_below: "),
        ('{"low": {"kind": null}}', TriedPlanError, "versions[1].rules[0].kind: is missing"),
        ('{"new": {"kind": "limit"}}', TriedPlanError, "versions[1].rules[1].code: is missing"),
        ('{"a/b": {"kind": "missing"}}', TriedPlanError, "versions[1].rules[1].id: must not contain /"),
        (
            '{"new": {"kind": "count", "window": "P1D", "red_at": 1, "answers": {"k": [1], "k": [2]}}}',
            TriedPlanError,
            "versions[1].rules[1].answers.k: is given twice",
        ),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_path(
    changes: str, error: type[EngineError], said: str
) -> None:
    raw = plan(low(), valid_from=at(10))
    raw["versions"].insert(0, {"version": 1, "valid_from": at(0), "rules": []})

    with pytest.raises(error, match=r".") as refused:
        trial_of(raw, "p", read_changes(load_case(changes.encode())), BEGIN, NOW)

    assert said in str(refused.value)
    assert refused.value.remedy


def test_a_plan_that_is_not_in_force_or_not_valid_is_refused() -> None:
    with pytest.raises(NothingInForce):
        trial_of(plan(low(), valid_from="2027-01-01T00:00:00Z"), "p", {}, BEGIN, NOW)
    with pytest.raises(PlanError):
        trial_of(plan(low(need=0)), "p", {}, BEGIN, NOW)

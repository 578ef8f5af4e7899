"""Limits tried on what the cache holds: which time, on whom, and who is only counted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from local_store.records import PlanRecord, StoredReading
from local_store.store import Store
from local_store.views import Person
from tests.triage_tui.acts.conftest import HOUR, NOW
from threshold_engine import EngineError, Reading, format_instant
from threshold_engine.what_if import NothingInForce, TriedPlanError, read_changes
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.what_if import Span, Tried, try_on_all, try_on_patient
from work_items import DAY

LOW = {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": 93, "red_below": 88}
WIDER = read_changes({"low": {"yellow_below": 90}})
SPAN = Span(NOW, 90)


def put_plan(
    store: Store, patient: str, *rules: dict[str, object], begun: int = NOW - 200 * DAY, active: bool = True
) -> None:
    version = {"version": 1, "valid_from": format_instant(begun), "rules": list(rules)}
    engine = json.dumps({"patient": "x", "versions": [version]}).encode()
    with store.write() as tx:
        tx.put_plan(PlanRecord(f"CarePlan/{patient}", patient, active, "kols", engine, 1))


def put_readings(store: Store, patient: str, *values: int, newest: int = NOW - HOUR) -> None:
    """SpO₂ each day, the last of them at `newest`."""
    with store.write() as tx:
        for n, value in enumerate(values):
            at = newest - (len(values) - 1 - n) * DAY
            reading = Reading(f"d|{patient}-{at}", patient, "spo2", value * 10**6, at, at)
            tx.put_readings([StoredReading(reading, f"Observation/{patient}-{at}", "1")])


def try_all(store: Store, changes: object = WIDER) -> tuple[Tried, list[str]]:
    seen: list[str] = []
    tried = try_on_all(store, read_changes(changes), SPAN, may_see=seen.extend)
    return tried, seen


def test_all_together_come_to_what_each_comes_to(store: Store) -> None:
    for patient, values in (("p1", (95, 91, 95, 86, 95)), ("p2", (92, 92, 89, 95))):
        put_plan(store, patient, LOW)
        put_readings(store, patient, *values)

    tried, seen = try_all(store)
    each = [try_on_patient(store, patient, WIDER, SPAN) for patient in ("p1", "p2")]

    assert tried.patients == ("p1", "p2")
    assert seen == ["p1", "p2"]
    assert tried.answer.difference.gone == [one for t in each for one in t.answer.difference.gone]
    assert tried.answer.difference.pairs == [pair for t in each for pair in t.answer.difference.pairs]
    assert tried.answer.before == (2, 1)
    assert tried.answer.after == (1, 1)
    assert tried.answer.patient_time == sum(t.answer.patient_time for t in each)


def test_who_has_no_such_rule_no_plan_or_another_limit_is_counted(store: Store) -> None:
    put_plan(store, "p1", LOW)
    put_plan(store, "p2", LOW | {"id": "other"})
    put_plan(store, "p3", LOW | {"red_below": 91})
    put_plan(store, "p4", LOW, begun=NOW + DAY)
    put_plan(store, "p5", LOW, active=False)
    with store.write() as tx:
        for patient in ("p3", "p4", "p5"):
            tx.put_person(Person(patient, patient, None, None, None, None, None))

    tried, seen = try_all(store)

    assert (tried.patients, tried.without, tried.planless) == (("p1",), 1, 2)
    ((refused, error),) = tried.refused
    assert refused == "p3"
    assert "p3: versions[0].rules[0]." in str(error)
    assert seen == ["p1", "p3"]


def test_a_new_rule_goes_to_those_who_have_a_rule_that_is_named(store: Store) -> None:
    put_plan(store, "p1", LOW)
    put_plan(store, "p2", LOW | {"id": "other"})
    put_readings(store, "p1", 95, 91, 95)
    new = {"kind": "limit", "code": "spo2", "yellow_below": 92}

    tried, _ = try_all(store, {"low": None, "other-one": {"need": 1}, "new": new})

    assert tried.patients == ("p1",)
    assert [(rule.rule, rule.before.both, rule.after.both) for rule in tried.answer.rules] == [
        ("low", 1, 0),
        ("new", 0, 1),
    ]


def test_where_nobody_can_be_tried_it_is_said_why(store: Store) -> None:
    put_plan(store, "p1", LOW)

    with pytest.raises(ActRefused, match=r"has a rule lwo\. The rules in force are: low\."):
        try_all(store, {"lwo": {"yellow_below": 90}})
    with pytest.raises(TriedPlanError, match=r"p1: versions\[0\]\.rules\[0\]"):
        try_all(store, {"low": {"yellow_below": 80}})


def test_a_patient_without_a_plan_that_is_in_force_is_refused(store: Store) -> None:
    with pytest.raises(ActRefused, match="no plan that can be read"):
        try_on_patient(store, "p1", WIDER, SPAN)
    put_plan(store, "p1", LOW, begun=NOW + DAY)
    with pytest.raises(NothingInForce) as refused:
        try_on_patient(store, "p1", WIDER, SPAN)
    assert isinstance(refused.value, EngineError)


@pytest.mark.parametrize(
    ("days", "plan_days", "reading_days", "tried_days"),
    [
        (90, 200, 30, 90),  # the plan waited for readings all the time
        (90, 20, 30, 30),  # readings came before the plan
        (90, 20, 10, 20),
        (30, 200, 60, 30),
        (365, 200, 30, 90),  # older readings, had there been any, were not fetched
        (365, 200, 150, 150),  # somebody has fetched older ones
        (90, 200, None, 90),
    ],
)
def test_the_span_begins_where_there_is_something_to_go_by(
    store: Store, days: int, plan_days: int, reading_days: int | None, tried_days: int
) -> None:
    put_plan(store, "p1", LOW, begun=NOW - plan_days * DAY)
    if reading_days is not None:
        put_readings(store, "p1", 95, newest=NOW - reading_days * DAY)

    tried = try_on_patient(store, "p1", WIDER, replace(SPAN, days=days))

    assert (NOW - tried.begin) / DAY == tried_days
    assert tried.held_since == (None if reading_days is None else NOW - reading_days * DAY)


def test_windows_reach_back_beyond_the_span(store: Store) -> None:
    rise = {"id": "rise", "kind": "change", "code": "spo2", "window": "P10D", "fall_yellow": 4}
    put_plan(store, "p1", rise)
    put_readings(store, "p1", 97, 92, newest=NOW - DAY)
    changes = read_changes({"rise": {"fall_yellow": 6}})

    alone = try_on_patient(store, "p1", changes, Span(NOW, 1))
    together = try_on_all(store, changes, Span(NOW, 1), may_see=list)

    assert len(alone.answer.difference.gone) == 1
    assert together.answer == alone.answer


def test_trying_writes_nothing(store: Store, tmp_path: Path) -> None:
    put_plan(store, "p1", LOW)
    put_readings(store, "p1", 95, 91)
    with store.read() as snapshot:
        before = snapshot.engine_plans()

    try_all(store)

    with store.read() as snapshot:
        assert snapshot.engine_plans() == before
        assert snapshot.items_of("p1", 0) == []
    assert store.outbox() == []

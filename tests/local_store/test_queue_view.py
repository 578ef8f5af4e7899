"""The queue as the screens get it: complete, in a fixed number of queries, and told by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from local_store import SyncMarks
from local_store.store import Store
from local_store.views import QueueEntry, TimelineEntry
from threshold_engine import Change, Episode, Level, judge_patient
from work_items import Band, Centre, ItemCode, ItemState

HOUR, DAY = 3_600_000, 86_400_000
CENTRE = Centre()


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


def judged(store: Store, make: SimpleNamespace, patient: str = "p1") -> Episode:
    """Put a plan and readings that end in a red SpO₂, and what the engine finds in them."""
    values = [95, 94, 91, 90, 87, 86]
    readings = [
        make.reading(n, "spo2", value * 1_000_000, make.now - (6 - n) * 12 * HOUR, patient)
        for n, value in enumerate(values)
    ]
    with store.write() as tx:
        tx.put_person(make.person(patient))
        tx.put_plan(make.plan(patient))
        tx.put_readings(readings)
        plan = tx.plan(patient)
    assert plan is not None
    (episode,) = judge_patient(plan, [one.reading for one in readings], make.now).episodes
    return episode


def only(store: Store, now: int) -> QueueEntry:
    (entry,) = store.queue(now, CENTRE).entries
    return entry


def test_a_row_says_who_and_why(store: Store, make: SimpleNamespace) -> None:
    episode = judged(store, make)
    item = make.item(episode)
    with store.write() as tx:
        tx.put_item(item, make.kept("Task", "t1"))
        tx.refresh(["p1"], make.now)
    entry = only(store, make.now)
    assert entry.person == make.person()
    because = entry.because[item.task]
    assert (because.level, because.kind, because.limit) == (Level.RED, "limit", 88_000_000)
    assert (because.measured, because.direction) == (87_000_000, "below")
    assert entry.row.items[0].kind == "limit"
    assert entry.row.items[0].episode == episode
    assert entry.week is not None
    assert entry.week.code == "spo2"
    assert entry.week.days == {
        "2026-02-28": 94_500_000,
        "2026-03-01": 90_500_000,
        "2026-03-02": 86_500_000,
    }
    assert entry.plan is not None
    assert (entry.plan.title, entry.plan.version, entry.plan.problem) == ("kols", 4, None)


def test_a_yellow_item_is_explained_by_its_yellow_change(store: Store, make: SimpleNamespace) -> None:
    item = make.item(judged(store, make), band=Band.YELLOW)
    with store.write() as tx:
        tx.put_item(item)
        tx.refresh(["p1"], make.now)
    because = only(store, make.now).because[item.task]
    assert (because.level, because.limit) == (Level.YELLOW, 92_000_000)


def test_a_number_beyond_64_bits_is_explained_too(store: Store, make: SimpleNamespace) -> None:
    rule = {"id": "spo2-low", "kind": "limit", "code": "steps", "red_above": 1}
    huge = 10**21 - 1
    with store.write() as tx:
        tx.put_plan(make.plan(rules=[rule]))
        tx.put_readings([make.reading(1, "steps", huge, make.now - HOUR)])
        tx.put_item(make.item(make.episode()))
        tx.refresh(["p1"], make.now)
    entry = only(store, make.now)
    assert [one.measured for one in entry.because.values()] == [huge]
    assert entry.week is not None


def test_an_alert_that_comes_before_its_patient_is_listed(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_item(make.item(make.episode("unknown")))
    entry = only(store, make.now)
    assert (entry.person.id, entry.person.name) == ("unknown", "unknown")
    assert (entry.because, entry.news2, entry.week, entry.plan) == ({}, None, None, None)


def seven(make: SimpleNamespace, at: int) -> list[object]:
    values = {"resp_rate": 22_000_000, "spo2": 93_000_000, "pulse": 95_000_000, "temperature": 37_000_000}
    return [make.reading(n, code, value, at) for n, (code, value) in enumerate(values.items())]


def test_news2_counts_until_the_previous_opening_day_began(store: Store, make: SimpleNamespace) -> None:
    began = CENTRE.start_of_previous_opening_day(make.now)
    for at, expected in ((began + 1, (5, 4)), (began, None), (began - 1, None)):
        with store.write() as tx:
            tx.put_readings(seven(make, at))
            tx.put_item(make.item(make.episode()))
            tx.refresh(["p1"], make.now)
        entry = only(store, make.now)
        found = (entry.news2.total, entry.news2.known) if entry.news2 else None
        assert found == expected
        assert entry.row.news2 == (expected[0] if expected else None)


def test_news2_uses_the_scale_of_the_plans_score_rule(store: Store, make: SimpleNamespace) -> None:
    rule = {"id": "news", "kind": "score", "score": "news2", "scale": 2, "required": ["spo2"]}
    with store.write() as tx:
        tx.put_plan(make.plan(rules=[rule]))
        tx.put_readings([make.reading(1, "spo2", 90_000_000)])
        tx.put_item(make.item(make.episode()))
        tx.refresh(["p1"], make.now)
    entry = only(store, make.now)
    assert entry.news2 is not None
    assert (entry.news2.total, entry.news2.known, entry.news2.at) == (0, 1, make.now)


def test_the_sickest_by_news2_comes_first_where_all_else_is_equal(
    store: Store, make: SimpleNamespace
) -> None:
    with store.write() as tx:
        for patient, spo2 in (("p1", 96), ("p2", 90), ("p3", 93)):
            tx.put_readings([make.reading(int(patient[1]), "spo2", spo2 * 1_000_000, make.now, patient)])
            tx.put_item(make.item(make.episode(patient)))
        tx.refresh(["p1", "p2", "p3"], make.now)
    rows = [entry.row for entry in store.queue(make.now, CENTRE).entries]
    assert [(row.rank, row.patient, row.news2) for row in rows] == [(1, "p2", 3), (2, "p3", 2), (3, "p1", 0)]


def test_the_owner_is_named_and_marked_until_confirmed(store: Store, make: SimpleNamespace) -> None:
    item = make.item(make.episode(), state=ItemState.IN_PROGRESS, owner="Practitioner/k")
    with store.write() as tx:
        tx.put_item(item)
        tx.queue_op(make.op(1, act="take", tasks=(item.task,)))
    entry = only(store, make.now)
    assert (entry.owner_login, entry.owner_name, entry.owner_unconfirmed) == (None, "Practitioner/k", True)
    with store.write() as tx:
        tx.put_practitioner("Practitioner/k", "kari", "Kari Nordmann")
        tx.set_op_state(make.op(1).op, "sent")
    entry = only(store, make.now)
    assert (entry.owner_login, entry.owner_name, entry.owner_unconfirmed) == ("kari", "Kari Nordmann", False)


def test_the_last_contact_is_told_with_whether_it_was_sent(store: Store, make: SimpleNamespace) -> None:
    older = TimelineEntry("c1", "contact", make.now - 9, "Ola", "", medium="phone", reached=True)
    newer = TimelineEntry(make.op(2).op, "contact", make.now - 5, "Kari", "", medium="phone", reached=False)
    with store.write() as tx:
        tx.put_item(make.item(make.episode()))
        for line in (newer, older, make.note(3)):
            tx.put_entry("p1", line)
        tx.queue_op(make.op(2))
        tx.refresh(["p1"], make.now)
    assert only(store, make.now).last_contact == replace(newer, sent=False)
    with store.write() as tx:
        tx.set_op_state(make.op(2).op, "sent")
    assert only(store, make.now).last_contact == newer


def test_shelved_and_hidden_patients_are_counted_not_listed(store: Store, make: SimpleNamespace) -> None:
    later = make.now + HOUR
    with store.write() as tx:
        tx.put_item(make.item(make.episode("p1"), hidden_until=later, code=ItemCode.FOLLOW_UP))
        tx.put_item(
            make.item(make.episode("p2"), state=ItemState.ON_HOLD, shelved_until=later, shelved_because="x")
        )
        tx.put_item(make.item(make.episode("p3"), code=ItemCode.ESCALATION))
        tx.put_item(make.item(make.episode("p4"), state=ItemState.COMPLETED, closed_at=1))
        tx.put_item(make.item(make.episode("p5")))
    view = store.queue(make.now, CENTRE)
    assert [entry.row.patient for entry in view.entries] == ["p5"]
    assert view.shelved == 2
    assert view.now == make.now


def test_a_cleared_episode_sinks_below_one_that_stands(store: Store, make: SimpleNamespace) -> None:
    early = make.episode("p1", onset=make.now - 2 * HOUR)
    changes = (*early.changes, Change(make.now, Level.GREEN, None))
    with store.write() as tx:
        tx.put_item(make.item(early))
        tx.put_item(make.item(make.episode("p2")))
        tx.put_episode(replace(early, cleared=make.now, reason="reading", changes=changes))
    rows = [entry.row for entry in store.queue(make.now, CENTRE).entries]
    assert [(row.patient, row.standing) for row in rows] == [("p2", True), ("p1", False)]


def test_the_status_stands_beside_the_queue(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.set_marks(SyncMarks(last_sync=make.now - 60_000, loaded=True))
    assert store.queue(make.now, CENTRE).status == store.status()
    assert store.status().loaded


@pytest.fixture
def crowded(store: Store, make: SimpleNamespace) -> Store:
    with store.write() as tx:
        for n in range(300):
            patient = f"p{n}"
            tx.put_person(make.person(patient, f"Navn {n}"))
            item = make.item(make.episode(patient), owner=f"Practitioner/{n % 7}")
            tx.put_item(item)
            tx.put_readings([make.reading(n, "spo2", 90_000_000, make.now - n, patient)])
            tx.put_plan(make.plan(patient))
            tx.queue_op(make.op(n, patient, tasks=(item.task,)))
        tx.refresh([f"p{n}" for n in range(300)], make.now)
    return store


def test_the_number_of_queries_does_not_grow_with_the_queue(
    store: Store, crowded: Store, make: SimpleNamespace
) -> None:
    with counted(crowded) as statements:
        view = crowded.queue(make.now, CENTRE)
    assert len(view.entries) == 300
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 10


def test_the_queue_looks_at_no_reading_and_no_closed_item(crowded: Store, make: SimpleNamespace) -> None:
    with counted(crowded) as statements:
        crowded.queue(make.now, CENTRE)
    with crowded.engine.connect() as connection:
        for statement in statements:
            if statement.startswith("SELECT") and "?" not in statement:
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
                assert not [
                    step for step in plan if "SCAN" in step and ("reading" in step or step == "SCAN item")
                ]
    assert not [one for one in statements if " reading " in one]

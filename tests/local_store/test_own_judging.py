"""Whom this console's judge has to look at: marked by whatever changes, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from local_store.own_judging import GRACE_MS
from local_store.store import Store
from local_store.transaction import Transaction

Change = Callable[[Transaction, SimpleNamespace], None]


def due(store: Store, now: int) -> list[str]:
    with store.read() as snapshot:
        return snapshot.to_judge(now, 100)


def settle(store: Store, make: SimpleNamespace, *patients: str) -> None:
    with store.write() as tx:
        for patient in patients:
            tx.set_judged(patient, due=None, waits=None, differing=(), now=make.now)


def put_reading(tx: Transaction, make: SimpleNamespace) -> None:
    tx.put_readings([make.reading(1)])


def put_plan(tx: Transaction, make: SimpleNamespace) -> None:
    tx.put_plan(make.plan())


def put_task(tx: Transaction, make: SimpleNamespace) -> None:
    tx.put_item(make.item(make.episode()), make.kept("Task", "t1", patient="p1"))


def put_issue(tx: Transaction, make: SimpleNamespace) -> None:
    tx.put_episode(make.episode(), make.kept("DetectedIssue", "d1", patient="p1"))


def queue_op(tx: Transaction, make: SimpleNamespace) -> None:
    tx.queue_op(make.op(1))


@pytest.mark.parametrize("change", [put_reading, put_plan, put_task, put_issue, queue_op])
def test_what_she_is_judged_by_marks_her(store: Store, make: SimpleNamespace, change: Change) -> None:
    settle(store, make, "p1", "p2")
    with store.write() as tx:
        change(tx, make)
        assert tx.is_changed("p1")
    assert due(store, make.now) == ["p1"]


@pytest.mark.parametrize("change", [put_reading, put_plan, put_task, put_issue, queue_op])
def test_what_is_not_committed_marks_nobody(store: Store, make: SimpleNamespace, change: Change) -> None:
    settle(store, make, "p1")
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        change(tx, make)
        raise ZeroDivisionError
    assert due(store, make.now) == []


def test_what_is_shown_of_her_marks_nobody(store: Store, make: SimpleNamespace) -> None:
    settle(store, make, "p1")
    with store.write() as tx:
        tx.put_person(make.person(), make.kept("Patient", "p1", patient="p1"))
        tx.put_raw(make.kept("Flag", "f1", patient="p1"))
        tx.put_entry("p1", make.note(1))
        tx.put_item(make.item(make.episode(), local=True))  # as the judge itself puts it
        tx.refresh(["p1"], make.now)
    assert due(store, make.now) == []


def test_readings_that_go_and_ops_that_are_settled_mark_her_again(
    store: Store, make: SimpleNamespace
) -> None:
    with store.write() as tx:
        put_reading(tx, make)
        queue_op(tx, make)
    for change in (
        lambda tx: tx.forget_readings("Observation/o1"),
        lambda tx: tx.set_op_state(make.op(1).op, "parked", "no"),
    ):
        settle(store, make, "p1")
        with store.write() as tx:
            change(tx)
        assert due(store, make.now) == ["p1"]


def test_time_makes_due_those_longest_due_first(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        for patient, at in (("p1", 20), ("p2", 10), ("p3", None)):
            tx.set_judged(patient, due=at and make.now + at, waits=None, differing=(), now=make.now)
    with store.read() as snapshot:
        assert snapshot.next_judging() == make.now + 10
    assert due(store, make.now + 9) == []
    assert due(store, make.now + 20) == ["p2", "p1"]


def test_a_wait_is_told_once_everything_has_been_fetched_later_than_it(
    store: Store, make: SimpleNamespace
) -> None:
    with store.write() as tx:
        tx.set_judged("p1", due=None, waits=make.now, differing=(), now=make.now)
    assert due(store, make.now + 10**9) == []
    with store.write() as tx:
        tx.set_marks(replace(tx.marks(), fetched_until=make.now))
    assert due(store, make.now) == ["p1"]


def test_a_disagreement_counts_from_when_it_was_first_seen(store: Store, make: SimpleNamespace) -> None:
    def judged(at: int, *differing: str) -> None:
        with store.write() as tx:
            tx.set_judged("p1", due=None, waits=None, differing=differing, now=at)
            tx.set_marks(replace(tx.marks(), fetched_until=at))

    judged(make.now, "e1")
    judged(make.now + GRACE_MS, "e1", "e2")
    assert store.status().disagreements == 1
    judged(make.now + 2 * GRACE_MS, "e2")
    assert store.status().disagreements == 1
    judged(make.now + 3 * GRACE_MS)
    assert store.status().disagreements == 0

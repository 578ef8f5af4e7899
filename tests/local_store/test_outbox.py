"""What waits to be sent: nothing forgotten, nothing out of order, nothing held up without need."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from local_store.store import Store
from local_store.transaction import Transaction


def ready(tx: Transaction, now: int, limit: int = 100) -> list[int]:
    """The numbers of the ops that may be sent."""
    return [int(stored.op.op[-12:]) for stored in tx.next_ops(limit, now)]


def test_an_op_comes_back_as_it_was_put(store: Store, make: SimpleNamespace) -> None:
    op = make.op(
        2,
        tasks=("t1", "t2"),
        depends_on=(make.op(1).op,),
        base="7",
        body=b'{"x": 1.50}',
        summary={"text": "æ"},
    )
    with store.write() as tx:
        tx.queue_op(make.op(1))
        tx.queue_op(op)
        found = tx.op(op.op)
    assert found is not None
    assert found.op == op
    assert (found.state, found.attempts, found.answer) == ("pending", 0, None)


def test_the_same_op_twice_is_one(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.queue_op(make.op(1))
        tx.queue_op(make.op(1, act="contact"))
    assert [(row.op, row.act) for row in store.outbox()] == [(make.op(1).op, "note")]


def test_an_op_waits_for_what_it_depends_on(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.queue_op(make.op(1))
        tx.queue_op(make.op(2, depends_on=(make.op(1).op,)))
        tx.queue_op(make.op(3, "p2", depends_on=("never-queued",)))
        assert ready(tx, make.now) == [1]
        tx.set_op_state(make.op(1).op, "parked", "422: no")
        assert ready(tx, make.now) == []
        tx.set_op_state(make.op(1).op, "sent")
        assert ready(tx, make.now) == [2]


def test_a_deferred_op_holds_back_its_patient_only(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        for n, patient in enumerate(("p1", "p2", "p1", None, "p2"), start=1):
            tx.queue_op(make.op(n, patient))
        tx.set_op_state(make.op(1).op, "pending", "busy", not_before=make.now + 5)
        assert ready(tx, make.now + 4) == [2, 4, 5]
        assert ready(tx, make.now + 5) == [1, 2, 3, 4, 5]
        assert ready(tx, make.now + 5, limit=2) == [1, 2]


def test_a_parked_op_holds_back_nothing_else(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.queue_op(make.op(1))
        tx.queue_op(make.op(2))
        tx.set_op_state(make.op(1).op, "parked", "422: no")
        assert ready(tx, make.now) == [2]
    status = store.status()
    assert (status.pending, status.parked, status.conflicts) == (1, 1, 0)
    assert status.oldest_pending == make.now + 2


def test_rows_say_what_and_whose_and_why(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_person(make.person())
        tx.queue_op(make.op(1, summary={"text": "ringte"}))
        tx.queue_op(make.op(2, None))
        tx.queue_op(make.op(3))
        tx.set_op_state(make.op(1).op, "conflict", "tatt av Ola")
        tx.set_op_state(make.op(3).op, "sent")
    first, second = store.outbox()
    assert (first.patient, first.patient_name, first.state, first.answer) == (
        "p1",
        "Hansen, Nils",
        "conflict",
        "tatt av Ola",
    )
    assert (first.attempts, first.summary, first.at) == (1, {"text": "ringte"}, make.now + 1)
    assert (second.patient, second.patient_name, second.state) == (None, None, "pending")


def test_pending_changes_of_a_task_come_oldest_first(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.queue_op(make.op(3, tasks=("t1",)))
        tx.queue_op(make.op(1, tasks=("t1", "t2")))
        tx.queue_op(make.op(2, tasks=("t2",)))
        tx.queue_op(make.op(4, tasks=("t1",)))
        tx.set_op_state(make.op(4).op, "conflict")
        assert tx.pending_changes("t1") == [b'{"n":3}', b'{"n":1}']
        assert [stored.op.op for stored in tx.ops_on_task("t1")] == [make.op(n).op for n in (3, 1, 4)]
        tx.set_op_state(make.op(3).op, "sent")
        assert tx.pending_changes("t1") == [b'{"n":1}']


def test_a_rewritten_op_is_pending_again_but_never_once_sent(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.queue_op(make.op(1))
        tx.set_op_state(make.op(1).op, "conflict", "worse now")
        tx.rewrite_op(make.op(1).op, b'{"new":1}', "9")
        found = tx.op(make.op(1).op)
        assert found is not None
        assert (found.state, found.answer, found.op.body, found.op.base) == (
            "pending",
            None,
            b'{"new":1}',
            "9",
        )
        tx.set_op_state(make.op(1).op, "sent")
        tx.rewrite_op(make.op(1).op, b"{}")
        found = tx.op(make.op(1).op)
        assert found is not None
        assert (found.state, found.op.body) == ("sent", b'{"new":1}')


@pytest.mark.parametrize(("state", "sent"), [("pending", False), ("parked", False), ("sent", True)])
def test_a_line_is_sent_when_its_op_is(store: Store, make: SimpleNamespace, state: str, sent: bool) -> None:
    with store.write() as tx:
        tx.put_entry("p1", make.note(1))
        tx.put_entry("p1", make.note(2, at=make.now - 1))
        tx.queue_op(make.op(1))
        tx.set_op_state(make.op(1).op, state)
        assert [entry.sent for entry in tx.entries_of("p1")] == [sent, True]

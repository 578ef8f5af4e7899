"""Deteriorations that the cache knows of, and the plans to try limits on."""

from __future__ import annotations

from types import SimpleNamespace

from local_store.store import Store
from threshold_engine.what_if import Deterioration
from work_items import ItemCode, ItemState

HOUR = 3_600_000


def test_an_alert_that_ended_in_an_escalation_is_a_deterioration(store: Store, make: SimpleNamespace) -> None:
    now = make.now
    closed = {"state": ItemState.COMPLETED, "closed_at": now}
    gp, acute, advice, missing, told = (
        make.episode(patient=patient, onset=now - hours * HOUR)
        for patient, hours in (("p1", 9), ("p2", 8), ("p1", 7), ("p1", 6), ("p1", 5))
    )
    open_still = make.item(told)
    with store.write() as tx:
        tx.put_item(make.item(gp, outcome="escalated-gp", **closed))
        tx.put_item(make.item(acute, outcome="escalated-acute", **closed))
        tx.put_item(make.item(advice, outcome="advice-given", **closed))
        tx.put_item(make.item(missing, outcome="escalated-gp", code=ItemCode.MISSING, **closed))
        tx.put_item(open_still)
        tx.put_entry("p1", make.note(1, kind="escalation", about=(open_still.task,)))
    with store.read() as snapshot:
        found = snapshot.deteriorations("p1")
        assert found == [
            Deterioration("p1", now - 9 * HOUR, None),
            Deterioration("p1", now - 5 * HOUR, None),
        ]
        assert snapshot.deteriorations() == [*found, Deterioration("p2", now - 8 * HOUR, None)]
        assert snapshot.deteriorations("nobody") == []


def test_the_plan_of_each_patient_is_the_one_that_judges_her(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_plan(make.plan("p1"))
        tx.put_plan(make.plan("p2", rules=[{"id": "mood", "kind": "answer", "code": "mood", "red": ["bad"]}]))
    with store.read() as snapshot:
        plans = snapshot.engine_plans()
        assert list(plans) == ["p1", "p2"]
        assert b'"mood"' in plans["p2"]
        assert snapshot.engine_plan("p2") == plans["p2"]
        assert snapshot.engine_plan("p3") is None

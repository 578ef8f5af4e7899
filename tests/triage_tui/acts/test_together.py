"""Many at once: blue ones of one kind, all or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local_store.store import Store
from local_store.views import Nurse
from tests.triage_tui.acts.conftest import HOUR, NOW, alert, put
from threshold_engine import Level
from triage_tui.acts import ActRefused, complete_many, shelve_many
from work_items import Band, Centre, Item, ItemCode, ItemState


@pytest.fixture
def blues(store: Store) -> list[Item]:
    found = [
        replace(alert("gone", Level.YELLOW, patient), band=Band.BLUE, code=ItemCode.MISSING, kind="missing")
        for patient in ("p1", "p2")
    ]
    return [put(store, item) for item in found]


def states(store: Store, items: list[Item]) -> list[ItemState]:
    with store.read() as snapshot:
        return [snapshot.item(item.task).item.state for item in items]


def test_each_is_completed_by_an_op_of_its_own(store: Store, kari: Nurse, blues: list[Item]) -> None:
    done = complete_many(store, kari, [item.task for item in blues], "no-action", NOW)
    assert [one.patient_name for one in done] == ["Hansen, Nils", "Eira, Máret"]
    assert [row.act for row in store.outbox()] == ["complete", "complete"]
    assert states(store, blues) == [ItemState.COMPLETED] * 2


def test_they_are_put_off_for_one_reason(store: Store, kari: Nurse, blues: list[Item]) -> None:
    tasks = [item.task for item in blues]
    shelve_many(store, kari, tasks, NOW + HOUR, "sensorbytte", NOW, centre=Centre())
    assert [dict(row.summary)["reason"] for row in store.outbox()] == ["sensorbytte"] * 2
    assert store.queue(NOW, Centre()).shelved == 2


def test_one_that_is_yellow_leaves_all_as_they_were(
    store: Store, kari: Nurse, blues: list[Item], yellow: Item
) -> None:
    with pytest.raises(ActRefused, match="Only blue"):
        complete_many(store, kari, [*(item.task for item in blues), yellow.task], "no-action", NOW)
    assert store.outbox() == [] and states(store, blues) == [ItemState.REQUESTED] * 2


def test_another_kind_leaves_all_as_they_were(store: Store, kari: Nurse, blues: list[Item]) -> None:
    odd = replace(alert("odd", Level.YELLOW, "p2"), band=Band.BLUE, code=ItemCode.TECHNICAL)
    put(store, odd)
    with pytest.raises(ActRefused, match="one kind"):
        complete_many(store, kari, [blues[0].task, odd.task], "no-action", NOW)
    assert store.outbox() == []


def test_one_that_a_colleague_has_leaves_all_as_they_were(
    store: Store, kari: Nurse, blues: list[Item]
) -> None:
    put(store, replace(blues[1], owner="Practitioner/demo-ola", owned_since=NOW, state=ItemState.IN_PROGRESS))
    with pytest.raises(ActRefused, match="Ola Hansen has taken"):
        complete_many(store, kari, [item.task for item in blues], "no-action", NOW)
    assert store.outbox() == [] and states(store, blues[:1]) == [ItemState.REQUESTED]

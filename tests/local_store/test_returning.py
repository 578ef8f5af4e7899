"""A shelved item comes back with the next reading beyond its limits, not before, and never too late."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from local_store.store import Store
from threshold_engine import judge_patient
from work_items import Centre, ItemState, shelved_now

HOUR = 3_600_000


def shelve(store: Store, make: SimpleNamespace) -> str:
    """A red SpO₂ that somebody has shelved until tomorrow; its task."""
    readings = [
        make.reading(n, "spo2", v * 1_000_000, make.now - (9 - n) * HOUR) for n, v in enumerate([95, 86])
    ]
    with store.write() as tx:
        tx.put_person(make.person())
        tx.put_plan(make.plan())
        tx.put_readings(readings)
        plan = tx.plan("p1")
        assert plan is not None
        (episode,) = judge_patient(plan, [one.reading for one in readings], make.now).episodes
        item = replace(
            make.item(episode),
            state=ItemState.ON_HOLD,
            owner="Practitioner/kari",
            shelved_at=make.now - HOUR,
            shelved_band=make.item(episode).band,
            shelved_until=make.now + 24 * HOUR,
        )
        tx.put_item(item, make.kept("Task", "t1"))
        tx.refresh(["p1"], make.now)
    return str(item.task)


def put(store: Store, make: SimpleNamespace, n: int, value: int) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(n, "spo2", value * 1_000_000, make.now - HOUR // 2)])
        tx.refresh(["p1"], make.now)


def is_shelved(store: Store, make: SimpleNamespace, task: str) -> bool:
    return shelved_now(store.find_task(task).item, make.now)


def test_it_stays_shelved_while_nothing_new_is_beyond(store: Store, make: SimpleNamespace) -> None:
    task = shelve(store, make)
    assert is_shelved(store, make, task)
    put(store, make, 7, 96)
    assert is_shelved(store, make, task)
    assert store.queue(make.now, Centre()).entries == ()


def test_a_reading_beyond_brings_it_back(store: Store, make: SimpleNamespace) -> None:
    task = shelve(store, make)
    put(store, make, 7, 87)
    assert not is_shelved(store, make, task)
    (entry,) = store.queue(make.now, Centre()).entries
    assert entry.row.items[0].task == task

"""Offline for days: that nobody measured is only said of the time that the server was asked about."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fhir_r4.care_plans import care_plan
from local_store.records import StoredReading
from local_store.store import Store
from threshold_engine import Change, Episode, Level, Reading
from triage_tui.sync.local_judging import judge_locally
from triage_tui.sync.local_judging.silence import without_silence
from triage_tui.sync.state import SyncState
from triage_tui.sync.worker import SyncWorker
from work_items import Band, Centre

Make = Callable[..., Any]
MINUTE, HOUR = 60_000, 3_600_000
MISSING = {
    "patient": "?",
    "versions": [
        {
            "version": 1,
            "valid_from": "2026-03-03T05:00:00Z",
            "rules": [
                {"id": "none", "kind": "missing", "codes": ["spo2"], "every": "PT24H", "red_after": "PT48H"},
                {"id": "spo2-low", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
            ],
        }
    ],
}


@pytest.fixture
def kari(console: Make, centre: Any) -> Any:
    """p1 measured an hour ago, and is to measure each day."""
    raw = care_plan("p1", MISSING, title="kols", author="Practitioner/gp-berg")
    centre.put({**raw, "id": "plan-p1"})
    centre.judge()
    made = console()
    made.sync()
    return made


def judge(console: Any) -> None:
    judge_locally(console.store, console.clock())


def test_after_72_h_offline_nobody_is_said_to_have_measured_nothing(kari: Any, clock: Any) -> None:
    for _ in range(72):
        clock.now += HOUR
        judge(kari)

    assert "none" not in kari.items("p1")
    assert kari.items("p1")["spo2-low"].item.band is Band.RED  # what is known still stands


def test_it_is_said_once_the_server_has_been_asked(kari: Any, clock: Any) -> None:
    clock.now += 30 * HOUR
    judge(kari)
    assert "none" not in kari.items("p1")

    kari.sync()

    item = kari.items("p1")["none"].item
    assert item.band is Band.BLUE
    assert item.raised == clock.now - 7 * HOUR


def test_a_wait_that_was_over_before_the_last_sync_stays_said(kari: Any, clock: Any) -> None:
    clock.now += 24 * HOUR
    kari.sync()
    assert kari.items("p1")["none"].item.band is Band.BLUE

    clock.now += 72 * HOUR
    judge(kari)

    assert kari.items("p1")["none"].item.band is Band.BLUE  # red after 48 h: not known


def test_a_reading_told_by_phone_ends_it(kari: Any, clock: Any) -> None:
    clock.now += 24 * HOUR
    kari.sync()
    clock.now += HOUR
    one = Reading("urn:test|1", "p1", "spo2", 95_000_000, clock.now, clock.now, 1, "final")
    with kari.store.write() as tx:
        tx.put_readings([StoredReading(one, f"outbox/{1:032x}", None)])
    judge(kari)

    assert "none" not in kari.items("p1")


def test_a_server_that_was_out_of_reach_for_72_h_tells_all_at_once(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    clock.now += 72 * HOUR
    centre.put(observation(20, "p1", 95, clock.now - 50 * HOUR), observation(21, "p1", 85, clock.now - HOUR))
    centre.judge()
    kari.sync()

    items = kari.items("p1")
    assert not [stored for stored in items.values() if stored.item.local]
    assert items["spo2-low"].item.level is Level.RED
    with kari.store.read() as snapshot:
        assert snapshot.marks().fetched_until == clock.now


def test_follow_ups_and_shelved_items_come_back_without_anybody(kari: Any, clock: Any) -> None:
    with kari.store.write() as tx:
        for stored in tx.items_of("p1"):
            tx.put_item(replace(stored.item, hidden_until=clock.now + 70 * HOUR))
    assert not [one for one in kari.store.queue(clock.now, Centre()).entries if one.person.id == "p1"]

    clock.now += 72 * HOUR

    assert [one for one in kari.store.queue(clock.now, Centre()).entries if one.person.id == "p1"]


def test_without_silence_keeps_what_a_reading_or_a_plan_says() -> None:
    changes = (
        Change(10, Level.YELLOW, None),
        Change(20, Level.RED, None),
        Change(30, Level.GREEN, "r1"),
    )
    episode = Episode("e", "p1", "none", 10, Level.RED, Level.RED, 30, "reading", changes)
    kinds = {"none": "missing"}

    known = without_silence([episode], kinds, 15)

    (left,) = known.episodes
    assert left.changes == (changes[0], changes[2])
    assert (left.level, left.peak, left.cleared) == (Level.YELLOW, Level.YELLOW, 30)
    assert known.waits == 20
    assert without_silence([episode], kinds, 9) == without_silence([episode], kinds, None)
    assert without_silence([episode], kinds, 9).episodes == ()
    assert without_silence([episode], {"none": "limit"}, 9).episodes == (episode,)


def test_the_worker_judges_when_somebody_comes_due_between_two_rounds(kari: Any, clock: Any) -> None:
    at = clock.now + MINUTE
    one = Reading("urn:test|1", "p2", "pulse", 135_000_000, at, at, 1, "final")
    with kari.store.write() as tx:
        tx.put_readings([StoredReading(one, f"outbox/{1:032x}", None)])
    states: queue.Queue[SyncState] = queue.Queue()
    worker = SyncWorker(
        lambda: Store.open(kari.store.folder, bytes(range(32))), kari.client, clock, states.put, look_s=0.02
    )
    worker.start()
    try:
        while states.get(timeout=30).stage.key != "idle":
            pass
        assert "pulse-high" not in kari.items("p2")
        clock.now = at
        assert states.get(timeout=30).stage.key == "idle"  # no round: nothing was asked of the server
    finally:
        worker.stop()
    assert kari.items("p2")["pulse-high"].item.band is Band.RED

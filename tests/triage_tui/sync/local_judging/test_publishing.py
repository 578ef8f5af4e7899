"""A nurse acts on an alert that only her console has found: it is published ahead of what she did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_r4.issues import episode_of
from fhir_r4.tasks import item_of
from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from local_store.records import StoredReading
from threshold_engine import Reading
from triage_tui import acts
from triage_tui.sync.local_judging import judge_locally
from work_items import Centre, ItemState

Make = Callable[..., Any]
MINUTE = 60_000


@pytest.fixture
def unjudged(centre: Any, clock: Any) -> Iterator[str]:
    """The same server, but judging is left to somebody beside it."""
    app = create_app(centre.resources, auth="demo", clock=clock, centre=Centre(), judges=False)
    with in_background(app) as url:
        yield url


@pytest.fixture
def kari(console: Make, unjudged: str) -> Any:
    made = console()
    made.url = unjudged
    made.sync()
    return made


def tasks_of(centre: Any, rule: str) -> list[Any]:
    issues = {raw["id"]: episode_of(raw) for raw in centre.all("DetectedIssue", patient="p2")}
    found = []
    for raw in centre.all("Task", patient="p2"):
        focus = str(raw.get("focus", {}).get("reference", "")).partition("/")[2]
        episode = issues.get(focus)
        if episode is not None and episode.rule == rule:
            found.append(item_of(raw, episode))
    return found


def test_the_judge_adopts_it_with_owner_and_note(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    task = kari.task("pulse-high", "p2")
    assert kari.items("p2")["pulse-high"].item.local
    acts.take(kari.store, kari.nurse, task, clock.now)
    acts.note(kari.store, kari.nurse, "p2", "Ringer henne nå", about=[task], now=clock.now)
    judge_locally(kari.store, clock.now)
    assert kari.items("p2")["pulse-high"].item.owner == kari.nurse.reference

    report = kari.sync()
    assert (report.pending, report.parked, report.conflicts) == (0, 0, 0)
    centre.judge()
    kari.sync()

    (item,) = tasks_of(centre, "pulse-high")
    assert (item.task, item.owner, item.state) == (task, kari.nurse.reference, ItemState.IN_PROGRESS)
    assert len(centre.all("DetectedIssue", patient="p2")) == 2
    (note,) = centre.all("Communication", patient="p2")
    assert task in str(note["about"])
    shown = kari.items("p2")["pulse-high"]
    assert (shown.item.local, shown.item.owner, shown.item.task) == (False, kari.nurse.reference, task)
    assert shown.reference is not None


def test_two_consoles_that_found_it_make_one(
    kari: Any, console: Make, unjudged: str, centre: Any, observation: Any, clock: Any
) -> None:
    ola = console("ola")
    ola.url = unjudged
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    ola.sync()
    task = ola.task("pulse-high", "p2")
    assert task == kari.task("pulse-high", "p2")
    acts.note(kari.store, kari.nurse, "p2", "Sett på den", about=[task], now=clock.now)
    acts.take(ola.store, ola.nurse, task, clock.now)
    kari.sync()
    ola.sync()
    centre.judge()
    kari.sync()

    (item,) = tasks_of(centre, "pulse-high")
    assert item.owner == ola.nurse.reference
    assert kari.items("p2")["pulse-high"].item.owner == ola.nurse.reference


def test_the_server_that_was_quicker_by_another_onset_keeps_its_own(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    """She acted on what began with the one reading that had reached her; the server had an earlier one."""
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    task = kari.task("pulse-high", "p2")
    centre.put(observation(8, "p2", 132, clock.now - 3 * MINUTE, "8867-4"))
    centre.judge()
    acts.take(kari.store, kari.nurse, task, clock.now)
    kari.sync()
    centre.judge()
    kari.sync()

    open_ones = [item for item in tasks_of(centre, "pulse-high") if item.state.is_open]
    assert [item.owner for item in open_ones] == [kari.nurse.reference]
    shown = [one for one in kari.items("p2").values() if one.item.rule == "pulse-high"]
    assert [one.item.task for one in shown] == [open_ones[0].task]
    assert not shown[0].item.local


def test_judging_again_leaves_what_she_did(kari: Any, centre: Any, observation: Any, clock: Any) -> None:
    centre.put(observation(9, "p2", 135, clock.now - MINUTE, "8867-4"))
    kari.sync()
    task = kari.task("pulse-high", "p2")
    kari.url = "http://127.0.0.1:9/fhir"
    acts.take(kari.store, kari.nurse, task, clock.now)
    for _ in range(3):
        kari.sync()
        clock.now += MINUTE

    stored = kari.items("p2")["pulse-high"]
    assert (stored.item.owner, stored.item.local) == (kari.nurse.reference, True)
    assert kari.store.status().pending == 1


def test_a_fault_of_a_device_is_published_with_its_measure(
    kari: Any, centre: Any, observation: Any, clock: Any, tmp_path: Path
) -> None:
    centre.put(observation(9, "p2", 300, clock.now - MINUTE, "8867-4"))
    kari.sync()
    task = kari.task("implausible:pulse", "p2")
    acts.take(kari.store, kari.nurse, task, clock.now)
    assert kari.sync().pending == 0
    before = centre.all("DetectedIssue", patient="p2")
    centre.judge()

    assert centre.all("DetectedIssue", patient="p2") == before  # as the judge itself would have written it
    (item,) = tasks_of(centre, "implausible:pulse")
    assert item.owner == kari.nurse.reference


def test_a_reading_that_is_not_sent_yet_is_referred_to_by_its_identifier(kari: Any, clock: Any) -> None:
    told = Reading(
        "urn:ietf:rfc:3986|urn:uuid:a", "p2", "pulse", 135_000_000, clock.now, clock.now, 1, "final"
    )
    with kari.store.write() as tx:
        tx.put_readings([StoredReading(told, f"outbox/{1:032x}", None)])
    judge_locally(kari.store, clock.now)
    done = acts.take(kari.store, kari.nurse, kari.task("pulse-high", "p2"), clock.now)

    with kari.store.read() as snapshot:
        body = snapshot.op(done.op).op.body.decode()
    assert "outbox/" not in body
    assert "urn:uuid:a" in body

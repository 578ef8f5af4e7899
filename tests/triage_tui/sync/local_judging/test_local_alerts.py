"""Alerts that this console finds itself: shown at once, one with the server's when that comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fhir_r4.issues import issue_of
from fhir_r4.tasks import task_of
from local_store.records import StoredReading
from threshold_engine import Change, Episode, Level, Reading, episode_id
from triage_tui.sync.local_judging import LocalJudge, judge_locally
from work_items import Band, Centre, Item, ItemCode, task_uuid

Make = Callable[..., Any]
MINUTE, HOUR = 60_000, 3_600_000


def tell(console: Any, number: int, code: str, value: int, at: int, patient: str = "p2") -> None:
    """A reading that only this console knows, as one told by phone stands."""
    one = Reading(f"urn:test|{number}", patient, code, value * 1_000_000, at, at, 1, "final")
    with console.store.write() as tx:
        tx.put_readings([StoredReading(one, f"outbox/{number:032x}", None)])


def judge(console: Any) -> int:
    return judge_locally(console.store, console.clock()).patients


@pytest.fixture
def kari(console: Make) -> Any:
    made = console()
    made.sync()
    return made


def test_what_the_server_has_found_is_found_here_too_and_nothing_else(kari: Any) -> None:
    assert set(kari.items("p1")) == {"spo2-low", "pulse-high"}
    assert set(kari.items("p2")) == {"spo2-low"}
    assert not [stored for one in ("p1", "p2") for stored in kari.items(one).values() if stored.item.local]


def test_an_alert_that_the_server_lacks_is_shown_at_once_and_marked(kari: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 135, clock.now - MINUTE)
    judge(kari)

    stored = kari.items("p2")["pulse-high"]
    assert (stored.item.local, stored.item.band, stored.reference) == (True, Band.RED, None)
    assert stored.item.raised == clock.now - MINUTE
    entry = next(one for one in kari.store.queue(clock.now, Centre()).entries if one.person.id == "p2")
    assert entry.row.band is Band.RED
    assert entry.because[stored.item.task].measured == 135_000_000


def test_the_servers_own_takes_its_place(kari: Any, centre: Any, observation: Any, clock: Any) -> None:
    raw = observation(9, "p2", 135, clock.now - MINUTE, "8867-4")
    centre.put(raw)
    kari.sync()
    local = kari.items("p2")["pulse-high"].item
    assert local.local

    centre.judge()
    kari.sync()

    item = kari.items("p2")["pulse-high"]
    assert item.item.task == local.task
    assert not item.item.local
    assert item.reference is not None
    with kari.store.read() as snapshot:
        assert snapshot.local_items() == []
        assert len(snapshot.episodes_of("p2")) == 2


def test_one_that_overlaps_a_published_one_is_the_published_one(kari: Any, centre: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 115, clock.now - 20 * MINUTE)
    judge(kari)
    assert kari.items("p2")["pulse-high"].item.local
    episode = published("p2", "pulse-high", clock.now - 10 * MINUTE)
    centre.put(*resources(episode))

    kari.sync()

    shown = kari.items("p2")["pulse-high"].item
    assert (shown.what, shown.local) == (episode.id, False)
    assert len([one for one in kari.items("p2").values() if one.item.rule == "pulse-high"]) == 1


def test_a_worsening_of_a_published_one_is_shown(kari: Any, clock: Any) -> None:
    before = kari.items("p2")["spo2-low"].item
    assert before.band is Band.YELLOW
    tell(kari, 1, "spo2", 84, clock.now - MINUTE)
    judge(kari)

    after = kari.items("p2")["spo2-low"].item
    assert (after.task, after.band, after.level) == (before.task, Band.RED, Level.RED)
    assert after.respond_by < before.respond_by
    assert not after.local


def test_a_published_one_is_never_closed_here_but_said_to_be_over(kari: Any, clock: Any) -> None:
    tell(kari, 1, "spo2", 96, clock.now - MINUTE)
    judge(kari)

    item = kari.items("p2")["spo2-low"].item
    assert item.state.is_open
    assert item.level is Level.GREEN
    row = next(row for row in kari.store.queue(clock.now, Centre()).entries if row.person.id == "p2").row
    assert not row.standing


def test_a_local_one_that_is_over_goes_unless_it_was_red(kari: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 115, clock.now - 3 * MINUTE)
    tell(kari, 2, "pulse", 135, clock.now - 3 * MINUTE, "p1")
    judge(kari)
    assert kari.items("p2")["pulse-high"].item.local
    tell(kari, 3, "pulse", 80, clock.now - 2 * MINUTE)
    tell(kari, 4, "pulse", 80, clock.now - 2 * MINUTE, "p1")
    judge(kari)

    assert "pulse-high" not in kari.items("p2")
    assert kari.items("p1")["pulse-high"].item.level is Level.GREEN


def test_a_corrected_reading_takes_a_local_one_away(kari: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 135, clock.now - MINUTE)
    judge(kari)
    with kari.store.write() as tx:
        tx.forget_readings(f"outbox/{1:032x}")
    judge(kari)

    assert "pulse-high" not in kari.items("p2")
    with kari.store.read() as snapshot:
        assert len(snapshot.episodes_of("p2")) == 1


def test_a_reading_withdrawn_here_marks_the_published_alert(kari: Any, clock: Any) -> None:
    with kari.store.write() as tx:
        (stored,) = tx.stored_readings("p2")
        wrong = replace(stored.reading, status="entered-in-error")
        tx.put_readings([replace(stored, reading=wrong)])
    judge(kari)

    item = kari.items("p2")["spo2-low"].item
    assert item.state.is_open
    assert item.withdrawn


def test_what_ended_a_published_alert_and_is_corrected_here_brings_it_back(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    centre.put(observation(9, "p2", 96, clock.now - MINUTE))
    centre.judge()
    kari.sync()
    assert "spo2-low" not in kari.items("p2")
    with kari.store.write() as tx:
        stored = next(one for one in tx.stored_readings("p2") if one.reading.value == 96_000_000)
        right = replace(stored.reading, value=89_000_000, status="corrected")
        tx.put_readings([replace(stored, reading=right)])
    judge(kari)

    item = kari.items("p2")["spo2-low"].item
    assert (item.local, item.level, item.n) == (True, Level.YELLOW, 2)


def test_what_the_server_knows_and_this_console_lacks_binds(
    kari: Any, centre: Any, observation: Any, clock: Any
) -> None:
    """The link broke between the alert and the reading that ended it."""
    centre.put(observation(9, "p2", 96, clock.now - MINUTE))
    centre.judge()
    kari.sync()
    with kari.store.write() as tx:
        tx.forget_readings("Observation/o9")
    judge(kari)

    assert "spo2-low" not in kari.items("p2")


def test_a_published_alert_that_is_not_found_here_stays_as_it_is(kari: Any) -> None:
    with kari.store.write() as tx:
        (stored,) = tx.stored_readings("p2")
        tx.forget_readings(stored.resource)
    before = kari.items("p2")["spo2-low"]
    judge(kari)

    assert kari.items("p2")["spo2-low"] == before


def test_with_the_clock_off_nothing_here_clears_or_hides(kari: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 115, clock.now - 3 * MINUTE)
    judge(kari)
    with kari.store.write() as tx:
        tx.set_marks(replace(tx.marks(), skew_ms=11 * MINUTE))
    tell(kari, 2, "pulse", 80, clock.now - 2 * MINUTE)
    tell(kari, 3, "spo2", 96, clock.now - 2 * MINUTE)
    tell(kari, 4, "spo2", 84, clock.now - 2 * MINUTE, "p1")
    judge(kari)

    assert kari.items("p2")["pulse-high"].item.local
    assert kari.items("p2")["spo2-low"].item.level is Level.YELLOW
    assert kari.items("p1")["spo2-low"].item.level is Level.RED


def test_only_whom_something_changed_for_is_judged(kari: Any, clock: Any) -> None:
    assert judge(kari) == 0
    tell(kari, 1, "pulse", 80, clock.now - MINUTE)
    assert judge(kari) == 1
    assert judge(kari) == 0
    assert kari.sync().complete
    assert judge(kari) == 0


def test_who_was_not_judged_before_a_kill_is_judged_at_the_next_start(
    kari: Any, console: Make, clock: Any
) -> None:
    tell(kari, 1, "pulse", 135, clock.now - MINUTE)  # and the process is gone
    kari.url = "http://127.0.0.1:9/fhir"

    report = kari.sync()

    assert report.reached == "unreachable"
    assert kari.items("p2")["pulse-high"].item.local


def test_a_reading_dated_ahead_is_judged_when_its_time_comes(kari: Any, clock: Any) -> None:
    tell(kari, 1, "pulse", 135, clock.now + 5 * MINUTE)
    judge(kari)
    assert "pulse-high" not in kari.items("p2")
    with kari.store.read() as snapshot:
        assert snapshot.next_judging() == clock.now + 5 * MINUTE

    clock.now += 5 * MINUTE
    assert judge(kari) == 1
    assert kari.items("p2")["pulse-high"].item.band is Band.RED


def test_one_patients_odd_data_hold_up_nobody(
    kari: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with kari.store.write() as tx:
        kept = tx.resources_of("p1", "Task")[0]
        tx.put_raw(replace(kept, raw=b"[]"))
    tell(kari, 1, "pulse", 135, clock.now - MINUTE)
    judge(kari)

    assert kari.items("p2")["pulse-high"].item.local
    assert "p1" not in caplog.text
    with kari.store.read() as snapshot:
        assert snapshot.next_judging() == clock.now + MINUTE


def test_a_judging_is_carried_on_and_forgotten_when_there_is_too_much(kari: Any, clock: Any) -> None:
    kept, forgetful = LocalJudge(), LocalJudge(readings_carried=0)
    for number, judging in enumerate((kept, forgetful, kept, forgetful)):
        tell(kari, number, "pulse", 112 + number, clock.now - (9 - number) * MINUTE)
        assert judging.judge(kari.store, clock()).patients == 1
        item = kari.items("p2")["pulse-high"].item
        assert item.episode is not None
        assert len(item.episode.changes) == 1


def published(patient: str, rule: str, onset: int, level: Level = Level.YELLOW) -> Episode:
    changes = (Change(onset, level, "urn:device|other"),)
    return Episode(episode_id(patient, rule, onset), patient, rule, onset, level, level, None, None, changes)


def resources(episode: Episode) -> list[Any]:
    """The DetectedIssue and Task of an episode, as another machine would have published them."""
    item = Item(
        task=task_uuid(episode.id, 1),
        patient=episode.patient,
        code=ItemCode.ALERT,
        what=episode.id,
        band=Band.YELLOW,
        raised=episode.onset,
        respond_by=episode.onset + HOUR,
        episode=episode,
        kind="limit",
    )
    issue = {**issue_of(episode, kind="limit", codes=["pulse"]), "id": "issue-9"}
    focus = {"reference": "DetectedIssue/issue-9"}
    return [issue, {**task_of(item, focus=focus), "id": "task-9"}]

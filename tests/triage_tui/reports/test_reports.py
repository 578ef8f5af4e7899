"""What the reports count, on a centre whose answers are known by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from local_store.store import Store
from local_store.views import Nurse, Person, TimelineEntry
from tests.triage_tui.acts.conftest import HOUR, MINUTE, NOW, alert
from threshold_engine import Level
from triage_tui.reports.making import make_report
from triage_tui.reports.report import Report
from triage_tui.wording import use_language
from work_items import Centre, Item, ItemCode, ItemState, task_uuid

KARI = Nurse("kari", "Practitioner/kari", "Kari Nordmann")
CENTRE = Centre()


@pytest.fixture(autouse=True)
def bokmaal() -> Iterator[None]:
    use_language("nb")
    yield


def closed(rule: str, raised: int, outcome: str, after: int) -> Item:
    item = replace(alert(rule, Level.RED), raised=raised, respond_by=raised + 30 * MINUTE)
    return replace(
        item,
        task=task_uuid(item.what, 1 + abs(raised) % 997),
        state=ItemState.COMPLETED,
        outcome=outcome,
        owner=KARI.reference,
        owned_since=raised + after,
        closed_at=raised + after,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "cache", bytes(range(32))) as opened:
        yield opened


def fill(store: Store, items: Sequence[Item], entries: Sequence[TimelineEntry] = ()) -> None:
    with store.write() as tx:
        for patient in ("p1", "p2"):
            tx.put_person(Person(patient, f"Hansen, {patient}", "1954-01-13", "male", None, None, "nb"))
        tx.put_practitioner(KARI.reference, "kari", KARI.name)
        for item in items:
            tx.put_item(item)
        for entry in entries:
            tx.put_entry("p1", entry, None)


def made(store: Store, name: str, start: int | None = None) -> Report:
    return make_report(store, name, NOW, CENTRE, of="Senteret", me=KARI, start=start)


def rows(report: Report, key: str) -> list[tuple[object, ...]]:
    section = next(one for one in report.sections if one.key == key)
    return [tuple(cell.value for cell in row) for row in section.rows]


def numbers(report: Report, key: str) -> dict[object, object]:
    return {row[0]: row[2] for row in rows(report, key)}


def test_a_handover_begins_where_the_centre_opened(store: Store) -> None:
    fill(store, [])
    assert NOW - made(store, "handover").start == 91 * MINUTE  # 08:00 to 09:31


def test_a_handover_tells_who_is_open_taken_put_off_and_waiting(store: Store) -> None:
    held = {"owner": KARI.reference, "owned_since": NOW - 40 * MINUTE}
    off = {"shelved_until": NOW + HOUR, "shelved_at": NOW - MINUTE, "shelved_because": "venter på svar"}
    gp = replace(alert("gp", Level.YELLOW, "p2"), code=ItemCode.ESCALATION, episode=None, kind=None)
    fill(
        store,
        [
            replace(alert("a", Level.RED), state=ItemState.IN_PROGRESS, **held),
            replace(alert("b", Level.YELLOW, "p2"), state=ItemState.ON_HOLD, **held, **off),
            replace(gp, state=ItemState.IN_PROGRESS, **held),
        ],
        [
            TimelineEntry("e", "escalation", NOW - 20 * MINUTE, KARI.name, "tungpust", whom="gp"),
            TimelineEntry("old", "escalation", NOW - 9 * HOUR, KARI.name, "i går"),
        ],
    )
    report = made(store, "handover")
    assert rows(report, "open") == []
    (taken,) = rows(report, "taken")
    assert taken[0] == "p1" and taken[2] == "red" and taken[-1] == KARI.name
    (put_off,) = rows(report, "shelved")
    assert put_off[0] == "p2" and put_off[4] == "venter på svar"
    assert [row[:3] for row in rows(report, "waiting")] == [("p2", "Hansen, p2", "escalation")]
    assert [row[2] for row in rows(report, "telling")] == ["escalation"]
    assert report.patients == ("p1", "p2")
    shown = next(one for one in report.sections if one.key == "taken").rows[0][-1].shown
    assert shown == "tatt av Kari Nordmann 08:51, ingen handling"


def test_the_shifts_numbers_tell_all_and_mine(store: Store) -> None:
    entries = [
        TimelineEntry("c1", "contact", NOW - HOUR, KARI.name, "", "phone", True),
        TimelineEntry("c2", "contact", NOW - HOUR, "Ola Hansen", "", "phone", False),
        TimelineEntry("c3", "contact", NOW - HOUR, KARI.name, "rettet", corrects="c1"),
    ]
    fill(store, [closed("a", NOW - HOUR, "contacted", 20 * MINUTE)], entries)
    told = {row[0]: row[2:] for row in rows(made(store, "handover"), "numbers")}
    assert told["contact"] == (2, 1) and told["reached"] == (1, 1)
    assert told["completed"] == (1, 1) and told["raised"] == (1, None)


def test_a_flood_is_more_than_ten_in_ten_minutes(store: Store) -> None:
    begin = NOW - 5 * HOUR
    calm = [closed("a", begin + n * MINUTE, "false-alarm", MINUTE) for n in range(10)]
    fill(store, calm)
    assert numbers(made(store, "alarms"), "load")["floods"] == 0
    fill(store, [closed("a", begin + 10 * MINUTE - 1, "self-resolved", MINUTE)])
    load = numbers(made(store, "alarms"), "load")
    assert (load["alarms"], load["busiest-ten-minutes"], load["floods"]) == (11, 11, 1)
    assert rows(made(store, "alarms"), "rules") == [("a", 11, 10, 1)]
    assert rows(made(store, "alarms"), "bands")[0] == ("red", 11, 100.0)


def test_indicators_tell_how_many_were_answered_in_time_and_name_nobody(store: Store) -> None:
    fill(
        store,
        [
            closed("a", NOW - 3 * HOUR, "contacted", 10 * MINUTE),
            closed("b", NOW - 4 * HOUR, "advice-given", 30 * MINUTE),
            closed("c", NOW - 5 * HOUR, "contacted", 50 * MINUTE),
            closed("d", NOW - 6 * HOUR, "self-resolved", 5 * MINUTE),
        ],
    )
    report = made(store, "indicators")
    assert rows(report, "in_time")[0] == ("red", 3, 66.7, 30)
    assert rows(report, "outcomes")[0] == ("contacted", 2, 50.0)
    assert numbers(report, "people")["patients"] == 2 and report.patients == ()

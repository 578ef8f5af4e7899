"""Acts done on one console, sent to a real server, seen on another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from fhir_r4.raw import Raw
from fhir_r4.task_change import TaskChange, apply
from local_store.views import QueueEntry
from triage_tui import acts
from triage_tui.sync import answers
from triage_tui.sync.lease import Lease
from triage_tui.sync.push_now import push_now
from work_items import Band, Centre, ItemState

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000
KARI, OLA = "Practitioner/demo-kari", "Practitioner/demo-ola"


def refusal(status: int, said: str) -> httpx.Response:
    return httpx.Response(
        status,
        json={"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": said}]},
    )


def task_of(centre: Any, task: str) -> Raw:
    return next(raw for raw in centre.all("Task") if task in str(raw["identifier"]))


def test_two_consoles_see_each_others_acts(console: Make) -> None:
    kari, ola = console("kari"), console("ola")
    kari.sync()
    ola.sync()
    done = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    told = acts.note(ola.store, ola.nurse, "p2", "Ringte datteren", NOW)

    report = kari.sync()
    ola.sync()
    kari.sync()

    assert report.pushed == 1 and report.pending == 0 and report.exit_code == 0
    assert kari.state(done.op)[0] == "sent"
    assert {one.item.owner for one in ola.items().values()} == {KARI}
    entry = kari.store.queue(NOW, Centre()).entries[0]
    assert entry.owner_name == "Kari Nordmann" and not entry.owner_unconfirmed
    timeline = kari.store.patient("p2", NOW).timeline
    assert [(one.id, one.text, one.author, one.sent) for one in timeline if one.kind == "note"] == [
        (told.op, "Ringte datteren", "Ola Hansen", True)
    ]


def test_a_days_work_offline_is_on_the_server_once_although_every_answer_was_lost(
    console: Make, centre: Any, clock: Any, loses_answers: Any
) -> None:
    kari = console()
    kari.sync()
    task = kari.task()
    acts.take(kari.store, kari.nurse, task, NOW)
    acts.note(kari.store, kari.nurse, "p1", "Tungpust siden søndag", NOW)
    clock.now += MINUTE
    acts.contact(kari.store, kari.nurse, "p1", "phone", "no-answer", clock())
    clock.now += MINUTE
    acts.contact(kari.store, kari.nurse, "p1", "phone", "reached", clock(), text="Bedre nå")
    acts.complete(kari.store, kari.nurse, task, "contacted", clock(), note="Ny måling i kveld")
    lost = {"on": True}
    kari.transport = loses_answers(lambda request: lost["on"] and request.method in ("POST", "PUT"))

    for _ in range(12):
        kari.sync()
    lost["on"] = False
    report = kari.sync()

    assert report.pending == 0 and report.exit_code == 0
    communications = centre.all("Communication")
    assert len(communications) == len({str(raw["identifier"]) for raw in communications}) == 4
    follow_ups = [raw for raw in centre.all("Task") if "follow-up" in str(raw["code"])]
    assert len(follow_ups) == 1
    closed = task_of(centre, task)
    assert (closed["status"], closed["owner"]) == ("completed", {"reference": KARI})
    assert closed["executionPeriod"]["start"] == "2026-03-03T08:31:00.000Z"
    assert "contacted" in str(closed["businessStatus"])
    assert kari.transport.losses >= 7


def test_contact_names_the_tasks_and_the_follow_up_the_contact(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.contact(kari.store, kari.nurse, "p1", "phone", "no-answer", NOW)

    kari.sync()

    contact = centre.all("Communication")[0]
    assert {one["reference"] for one in contact["about"]} == {
        f"Task/{raw['id']}" for raw in centre.all("Task") if raw["for"] == {"reference": "Patient/p1"}
    } - {f"Task/{task_of(centre, done.tasks[0])['id']}"}
    follow_up = task_of(centre, done.tasks[0])
    assert follow_up["focus"]["reference"] == f"Communication/{contact['id']}"
    assert follow_up["authoredOn"] == "2026-03-03T08:31:00.000Z"
    assert follow_up["restriction"]["period"] == {
        "start": "2026-03-03T08:46:00.000Z",
        "end": "2026-03-03T08:46:00.000Z",
    }
    assert (follow_up["status"], follow_up["priority"]) == ("requested", "stat")


def test_act_on_a_task_made_offline_waits_for_it(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    made = acts.contact(kari.store, kari.nurse, "p2", "phone", "no-answer", NOW)
    taken = acts.take(kari.store, kari.nurse, kari.task(patient_id="p2"), NOW)
    assert set(taken.tasks) > set(made.tasks)

    report = kari.sync()

    assert report.pushed == 2 and report.pending == 0
    assert task_of(centre, made.tasks[0])["owner"] == {"reference": KARI}


def test_parked_op_blocks_no_other_patient(console: Make, centre: Any, refuses: Any) -> None:
    kari = console()
    kari.sync()
    refused = acts.note(kari.store, kari.nurse, "p1", "nei", NOW)
    taken = acts.take(kari.store, kari.nurse, kari.task(patient_id="p2"), NOW)
    kari.transport = refuses(
        lambda request: refusal(422, "about is too long") if b'"note"' in request.content else None
    )

    report = kari.sync()

    assert (report.pushed, report.parked, report.exit_code) == (1, 1, 1)
    assert kari.state(taken.op)[0] == "sent"
    state, answer = kari.state(refused.op)
    assert state == "parked"
    assert answers.read(answer).facts == {"answer": "about is too long"}


def test_breakdown_over_one_patient_holds_back_only_her(console: Make, centre: Any, refuses: Any) -> None:
    kari = console()
    kari.sync()
    first = acts.note(kari.store, kari.nurse, "p1", "nei", NOW)
    second = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    other = acts.take(kari.store, kari.nurse, kari.task(patient_id="p2"), NOW)
    kari.transport = refuses(lambda request: refusal(500, "oops") if b'"note"' in request.content else None)

    report = kari.sync()

    assert report.complete and report.exit_code == 3
    assert [kari.state(one.op)[0] for one in (first, second, other)] == ["pending", "pending", "sent"]
    kari.transport = None
    assert kari.sync().pending == 0


def test_busy_server_is_left_alone_for_as_long_as_it_says(console: Make, refuses: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.note(kari.store, kari.nurse, "p1", "ja", NOW)
    asked: list[str] = []

    def busy(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(429, headers={"Retry-After": "17"})

    kari.transport = refuses(busy)

    report = kari.sync()

    assert report.reached == "busy" and report.retry_after_s == 17.0 and report.exit_code == 3
    assert asked == ["POST"]
    assert kari.state(done.op)[0] == "pending"


def test_change_elsewhere_is_rebased_and_kept(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task = kari.task()
    done = acts.take(kari.store, kari.nurse, task, NOW)
    clock.now += MINUTE
    centre.put({**task_of(centre, task), "description": "added elsewhere"})

    kari.sync()

    after = task_of(centre, task)
    assert kari.state(done.op)[0] == "sent"
    assert after["description"] == "added elsewhere" and after["owner"] == {"reference": KARI}


def test_patient_taken_by_a_colleague_meanwhile_is_a_conflict_and_notes_are_safe(
    console: Make, centre: Any
) -> None:
    kari, ola = console("kari"), console("ola")
    kari.sync()
    ola.sync()
    acts.take(ola.store, ola.nurse, ola.task(), NOW)
    ola.sync()
    mine = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    note = acts.note(kari.store, kari.nurse, "p1", "Ringer henne", NOW)

    report = kari.sync()

    assert (report.conflicts, report.exit_code) == (1, 1)
    state, answer = kari.state(mine.op)
    assert state == "conflict"
    assert answers.read(answer).facts == {"owner": "Ola Hansen"}
    assert kari.state(note.op)[0] == "sent"
    assert kari.items()["spo2-low"].item.owner == OLA
    assert task_of(centre, kari.task())["owner"] == {"reference": OLA}


def test_taking_over_after_all_settles_the_clash(console: Make, centre: Any) -> None:
    kari, ola = console("kari"), console("ola")
    kari.sync()
    ola.sync()
    acts.take(ola.store, ola.nurse, ola.task(), NOW)
    ola.sync()
    acts.take(kari.store, kari.nurse, kari.task(), NOW)
    assert kari.sync().conflicts == 1

    def row() -> QueueEntry:
        entries = kari.store.queue(NOW, Centre()).entries
        return next(entry for entry in entries if entry.row.patient == "p1")

    assert (row().owner_login, row().owner_unconfirmed) == ("ola", False)
    acts.takeover(kari.store, kari.nurse, kari.task(), NOW)

    report = kari.sync()

    assert (report.conflicts, report.exit_code) == (0, 0)
    assert (row().owner_login, row().owner_unconfirmed) == ("kari", False)
    assert task_of(centre, kari.task())["owner"] == {"reference": KARI}


def test_item_that_got_worse_is_not_completed_silently(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    done = acts.complete(kari.store, kari.nurse, task, "no-action", NOW)
    clock.now += MINUTE
    centre.put({**task_of(centre, task), "priority": "stat"})

    kari.sync()

    state, answer = kari.state(done.op)
    assert state == "conflict" and answers.read(answer).facts == {"band": "red"}
    assert kari.items()["pulse-high"].item.state is ItemState.REQUESTED


def test_release_after_a_worsening_is_applied(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    acts.take(kari.store, kari.nurse, task, NOW)
    kari.sync()
    done = acts.release(kari.store, kari.nurse, task, NOW)
    clock.now += MINUTE
    centre.put({**task_of(centre, task), "priority": "stat"})

    kari.sync()

    assert kari.state(done.op)[0] == "sent"
    assert "owner" not in task_of(centre, task)


def test_take_needs_nothing_of_items_closed_meanwhile(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task, other = kari.task(), kari.task("pulse-high")
    done = acts.take(kari.store, kari.nurse, task, NOW)
    raw = task_of(centre, other)
    clock.now += MINUTE
    closing = TaskChange(
        act="complete", task=other, owner=OLA, at=NOW, saw_band=Band.YELLOW, outcome="advice-given"
    )
    centre.put(apply(raw, closing))

    kari.sync()

    assert kari.state(done.op)[0] == "sent"
    assert task_of(centre, task)["owner"] == {"reference": KARI}
    assert task_of(centre, other)["owner"] == {"reference": OLA}


def test_two_with_one_identifier_count_as_one(console: Make, centre: Any, loses_answers: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.note(kari.store, kari.nurse, "p1", "to ganger", NOW)
    kari.transport = loses_answers(lambda request: request.method == "POST")
    kari.sync()
    raw = centre.all("Communication")[0]
    centre.put({**raw, "id": "twin"})
    kari.transport = None

    report = kari.sync()

    assert report.exit_code == 0 and kari.state(done.op)[0] == "sent"
    assert [one.kind for one in kari.store.patient("p1", NOW).timeline].count("note") == 1


def test_access_log_reaches_the_server_once(console: Make, centre: Any, loses_answers: Any) -> None:
    kari = console()
    kari.sync()
    acts.note(kari.store, kari.nurse, "p1", "Hei", NOW)
    kari.transport = loses_answers(lambda request: "AuditEvent" in str(request.url))
    assert kari.sync().audit_pending == 1
    kari.transport = None

    assert kari.sync().audit_pending == 0
    events = centre.all("AuditEvent")
    assert len(events) == 1
    assert events[0]["agent"][0]["who"] == {"reference": KARI}


def test_a_look_before_anybody_logged_in_is_on_the_server_too(console: Make, centre: Any) -> None:
    kari = console()
    with kari.store.write() as tx:
        tx.log_access(
            "", ["p1"], "patient", "tjenstlig behov", at=NOW, op="3c4d9f4e-0000-4000-8000-000000000001"
        )

    assert kari.sync().audit_pending == 0
    (event,) = centre.all("AuditEvent")
    assert "who" not in event["agent"][0]
    assert event["agent"][0]["name"] == "nobody logged in"


def test_push_now_sends_only_this_patients_acts(console: Make) -> None:
    kari = console()
    kari.sync()
    other = acts.note(kari.store, kari.nurse, "p2", "siden", NOW)
    mine = acts.note(kari.store, kari.nurse, "p1", "nå", NOW)

    with kari.client() as client:
        states = push_now(kari.store, client, [mine.op], clock=kari.clock)

    assert states == {mine.op: "sent"}
    assert kari.state(other.op)[0] == "pending"


def test_push_now_leaves_it_to_who_holds_the_lease(console: Make) -> None:
    kari = console()
    kari.sync()
    done = acts.note(kari.store, kari.nurse, "p1", "nå", NOW)
    assert Lease(kari.store, owner="somebody").take()
    waits: list[float] = []

    def somebody_sends(seconds: float) -> None:
        waits.append(seconds)
        with kari.store.write() as tx:
            tx.set_op_state(done.op, "sent")

    with kari.client() as client:
        states = push_now(kari.store, client, [done.op], clock=kari.clock, pause=somebody_sends)

    assert states == {done.op: "sent"} and len(waits) == 1
    assert client.requests == 0


def test_lease_of_a_killed_process_is_free(console: Make) -> None:
    kari = console()
    assert Lease(kari.store, owner="999999999-gone").take()

    assert Lease(kari.store).take()


def test_unreachable_server_leaves_the_act_pending(console: Make) -> None:
    kari = console()
    kari.sync()
    done = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    kari.url = "http://127.0.0.1:1/fhir"

    with kari.client() as client:
        states = push_now(kari.store, client, [done.op], clock=kari.clock)

    assert states == {done.op: "pending"}
    assert kari.store.queue(NOW, Centre()).entries[0].owner_unconfirmed


def test_a_note_sent_before_anybodys_name_was_fetched_keeps_its_authors(console: Make, refuses: Any) -> None:
    kari = console()
    kari.transport = refuses(lambda request: refusal(422, "") if "Practitioner" in str(request.url) else None)
    kari.sync()
    acts.note(kari.store, kari.nurse, "p1", "Tungpust", NOW)

    kari.sync()

    assert kari.store.outbox() == []
    assert [one.author for one in kari.store.patient("p1", NOW).timeline if one.kind == "note"] == [
        "Kari Nordmann"
    ]

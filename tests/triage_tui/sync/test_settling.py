"""What the push does with acts that are settled, withdrawn or corrected, and with what got worse unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local_store.store import Store
from tests.triage_tui.sync.conftest import observation
from triage_tui import acts
from triage_tui.acts import ActRefused
from triage_tui.acts.measured import read_measured
from triage_tui.sync import answers
from work_items import Centre, ItemState

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000
KARI, OLA = "Practitioner/demo-kari", "Practitioner/demo-ola"


def refusal(status: int, said: str) -> httpx.Response:
    return httpx.Response(
        status,
        json={"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": said}]},
    )


def task_of(centre: Any, task: str) -> Any:
    return next(raw for raw in centre.all("Task") if task in str(raw["identifier"]))


@pytest.mark.parametrize("act", ["complete", "shelve"])
def test_an_alert_that_fell_and_rose_again_is_worse_although_its_task_is_as_it_was(
    console: Make, centre: Any, clock: Any, act: str
) -> None:
    """Red, now yellow, and red again: only the alert tells, not the Task."""
    kari = console()
    kari.sync()
    clock.now += 10 * MINUTE
    centre.put(observation(10, "p1", 90, clock() - MINUTE))
    centre.judge()
    kari.sync()
    task = kari.task()
    assert kari.items()["spo2-low"].item.level.word == "yellow"
    acts.contact(kari.store, kari.nurse, "p1", "phone", "reached", clock())
    done = (
        acts.complete(kari.store, kari.nurse, task, "contacted", clock())
        if act == "complete"
        else acts.shelve(kari.store, kari.nurse, task, clock() + HOUR, "x", clock(), centre=Centre())
    )
    clock.now += 10 * MINUTE
    before = task_of(centre, task)["meta"]["versionId"]
    centre.put(observation(11, "p1", 85, clock() - MINUTE))
    centre.judge()
    assert task_of(centre, task)["meta"]["versionId"] == before

    kari.sync()

    state, answer = kari.state(done.op)
    assert (state, answers.read(answer).message_id) == ("conflict", answers.WORSE)
    assert task_of(centre, task)["status"] == "requested"


def test_red_is_not_put_off_when_the_contact_it_rested_on_was_never_sent(
    console: Make, centre: Any, refuses: Any
) -> None:
    kari = console()
    kari.sync()
    reached = acts.contact(kari.store, kari.nurse, "p1", "phone", "reached", NOW)
    task = kari.task()
    shelved = acts.shelve(kari.store, kari.nurse, task, NOW + HOUR, "x", NOW, centre=Centre())
    kari.transport = refuses(lambda request: refusal(422, "no") if b'"contact"' in request.content else None)

    kari.sync()

    assert (kari.state(reached.op)[0], kari.state(shelved.op)[0]) == ("parked", "pending")
    (row,) = [act for act in kari.store.unsent(NOW).acts if act.op == shelved.op]
    assert [(other.op, other.state) for other in row.waits_for] == [(reached.op, "parked")]
    done = acts.withdraw(kari.store, kari.nurse, reached.op, NOW)
    assert done.also == (("shelve", NOW),)
    assert kari.sync().exit_code == 0
    assert task_of(centre, task)["status"] == "requested"


def test_a_note_that_was_refused_is_corrected_and_sent(console: Make, centre: Any, refuses: Any) -> None:
    kari = console()
    kari.sync()
    note = acts.note(kari.store, kari.nurse, "p1", "altfor langt", NOW)
    kari.transport = refuses(
        lambda request: refusal(422, "too long") if b"langt" in request.content else None
    )
    assert kari.sync().parked == 1

    acts.mend(kari.store, kari.nurse, note.op, "kort", NOW)

    assert kari.sync().exit_code == 0
    assert [raw["payload"][0]["contentString"] for raw in centre.all("Communication")] == ["kort"]


def test_what_was_withdrawn_before_it_was_sent_never_reaches_the_server(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    note = acts.note(kari.store, kari.nurse, "p1", "feil", NOW)
    acts.take(kari.store, kari.nurse, kari.task(), NOW)
    acts.withdraw(kari.store, kari.nurse, note.op, NOW)
    acts.undo(kari.store, kari.nurse, "p1", NOW)

    report = kari.sync()

    assert (report.pushed, report.pending, report.exit_code) == (0, 0, 0)
    assert centre.all("Communication") == []
    assert "owner" not in task_of(centre, kari.task())


@pytest.mark.parametrize(("status", "state"), [(201, "sent"), (422, "withdrawn")])
def test_withdrawn_while_it_is_under_way_it_counts_only_if_the_server_took_it(
    console: Make, centre: Any, refuses: Any, status: int, state: str
) -> None:
    kari = console()
    kari.sync()
    note = acts.note(kari.store, kari.nurse, "p1", "under veis", NOW)

    def withdrawn_meanwhile(request: httpx.Request) -> httpx.Response | None:
        if b"under veis" in request.content:
            acts.withdraw(kari.store, kari.nurse, note.op, NOW)
            return refusal(422, "no") if status == 422 else None
        return None

    kari.transport = refuses(withdrawn_meanwhile)

    kari.sync()

    assert kari.state(note.op)[0] == state
    shown = [entry.text for entry in kari.store.patient("p1", NOW).timeline if entry.kind == "note"]
    assert shown == (["under veis"] if state == "sent" else [])


def test_withdrawn_after_its_answer_was_lost_it_comes_back_with_the_next_sync(
    console: Make, centre: Any, loses_answers: Any
) -> None:
    kari = console()
    kari.sync()
    note = acts.note(kari.store, kari.nurse, "p1", "kom frem", NOW)
    kari.transport = loses_answers(lambda request: b"kom frem" in request.content)
    kari.sync()
    kari.transport = None

    acts.withdraw(kari.store, kari.nurse, note.op, NOW)
    kari.sync()

    (entry,) = [one for one in kari.store.patient("p1", NOW).timeline if one.kind == "note"]
    assert (entry.text, entry.sent) == ("kom frem", True)


def test_two_who_reopen_the_same_make_one(console: Make, centre: Any) -> None:
    kari, ola = console("kari"), console("ola")
    kari.sync()
    acts.complete(kari.store, kari.nurse, kari.task("pulse-high"), "no-action", NOW)
    with kari.store.read() as snapshot:
        (closed,) = [one for one in snapshot.items_of("p1", 0) if not one.item.state.is_open]
    kari.sync()
    ola.sync()
    mine = acts.reopen(kari.store, kari.nurse, closed.item.task, NOW)
    theirs = acts.reopen(ola.store, ola.nurse, closed.item.task, NOW)
    for one in (kari, ola, kari):
        assert one.sync().exit_code == 0

    assert mine.op == theirs.op
    new = task_of(centre, mine.op)
    assert new["partOf"][0]["reference"] == f"Task/{task_of(centre, closed.item.task)['id']}"
    assert new["focus"] == task_of(centre, closed.item.task)["focus"]
    assert kari.items()["pulse-high"] == ola.items()["pulse-high"]


def test_the_judge_leaves_what_was_reopened_open_although_its_alert_is_over(
    console: Make, centre: Any, clock: Any
) -> None:
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    acts.complete(kari.store, kari.nurse, task, "no-action", clock())
    again = acts.reopen(kari.store, kari.nurse, task, clock())
    kari.sync()
    clock.now += HOUR
    for number in range(3):
        centre.put(observation(20 + number, "p1", 70, clock() - (3 - number) * MINUTE, "8867-4"))

    centre.judge()
    kari.sync()

    new = kari.items()["pulse-high"].item
    assert (new.task, new.state, new.level.word) == (again.op, ItemState.REQUESTED, "green")


def test_what_is_settled_survives_a_kill_before_it_is_sent(console: Make, centre: Any) -> None:
    kari, ola = console("kari"), console("ola")
    kari.sync()
    ola.sync()
    acts.take(ola.store, ola.nurse, ola.task(), NOW)
    ola.sync()
    mine = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    kari.sync()
    acts.keep_mine(kari.store, kari.nurse, mine.op, NOW, centre=Centre())
    folder = kari.store.folder
    kari.store.close()
    kari.store = Store.open(folder, bytes(range(32)))

    assert kari.state(mine.op)[0] == "pending"
    assert kari.items()["spo2-low"].item.owner == KARI
    assert kari.sync().exit_code == 0
    assert task_of(centre, kari.task())["owner"] == {"reference": KARI}
    with pytest.raises(ActRefused, match="isn't in conflict"):
        acts.keep_theirs(kari.store, kari.nurse, mine.op, NOW)


def test_who_was_overtaken_again_while_settling_is_told_again(console: Make, centre: Any) -> None:
    kari, ola, ingrid = console("kari"), console("ola"), console("ingrid")
    for one in (kari, ola, ingrid):
        one.sync()
    acts.take(ola.store, ola.nurse, ola.task(), NOW)
    ola.sync()
    mine = acts.take(kari.store, kari.nurse, kari.task(), NOW)
    kari.sync()
    ingrid.sync()
    acts.takeover(ingrid.store, ingrid.nurse, ingrid.task(), NOW)
    ingrid.sync()

    acts.keep_mine(kari.store, kari.nurse, mine.op, NOW, centre=Centre())
    kari.sync()

    state, answer = kari.state(mine.op)
    assert state == "conflict" and answers.read(answer).facts == {"owner": "Ingrid Johansen"}
    acts.keep_theirs(kari.store, kari.nurse, mine.op, NOW)
    assert kari.sync().exit_code == 0


@pytest.mark.parametrize("settle", ["keep-mine", "retry"])
def test_a_contact_made_to_meet_the_rules_goes_ahead_of_the_completion(
    console: Make, centre: Any, clock: Any, settle: str
) -> None:
    """Yellow when she completed it, red by now: she rings, and then keeps hers."""
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    done = acts.complete(kari.store, kari.nurse, task, "advice-given", clock())
    clock.now += MINUTE
    centre.put({**task_of(centre, task), "priority": "stat"})
    kari.sync()
    assert kari.state(done.op)[0] == "conflict"
    reached = acts.contact(kari.store, kari.nurse, "p1", "phone", "reached", clock())

    if settle == "keep-mine":
        acts.keep_mine(kari.store, kari.nurse, done.op, clock(), centre=Centre())
    else:
        acts.retry(kari.store, kari.nurse, done.op, clock())

    with kari.store.read() as snapshot:
        assert [one.op.op for one in snapshot.next_ops(9, clock())] == [reached.op]
    kari.sync()
    state = kari.state(done.op)[0]
    assert state == ("sent" if settle == "keep-mine" else "conflict")  # retried, it is worse than she saw
    assert (task_of(centre, task)["status"] == "completed") == (settle == "keep-mine")


def test_status_never_calls_sent_what_is_not(console: Make, refuses: Any) -> None:
    kari = console()
    kari.sync()
    assert (kari.store.status().unsent, kari.store.status().oldest_unsent) == (0, None)
    acts.note(kari.store, kari.nurse, "p1", "nei", NOW)
    acts.note(kari.store, kari.nurse, "p2", "ja", NOW + MINUTE)
    assert (kari.store.status().unsent, kari.store.status().oldest_unsent) == (2, NOW)
    kari.transport = refuses(lambda request: refusal(422, "no") if b"nei" in request.content else None)

    kari.sync()

    status = kari.store.status()
    assert (status.pending, status.parked, status.unsent, status.oldest_unsent) == (0, 1, 1, NOW)


def picture(console: Any) -> tuple[object, ...]:
    """All that is shown of a patient."""
    view = console.store.patient("p1", NOW + HOUR)
    with console.store.read() as snapshot:
        items = sorted((one.item for one in snapshot.items_of("p1", 0)), key=lambda item: item.task)
    return items, view.timeline, view.readings, view.plan, view.limits


def doings(c: Any) -> dict[str, Callable[[], Any]]:
    """Every act on one patient, with what it needs."""
    s, n, at = c.store, c.nurse, NOW + HOUR
    red, yellow = c.task(), c.task("pulse-high")
    with s.read() as snapshot:
        pulse = next(one.id for one in snapshot.readings_of("p1") if one.code == "pulse")
        note = next(one.id for one in snapshot.entries_of("p1") if one.kind == "note")
    return {
        "take": lambda: acts.take(s, n, red, at),
        "takeover": lambda: acts.takeover(s, n, red, at),
        "shelve": lambda: acts.shelve(s, n, yellow, at + HOUR, "x", at, centre=Centre()),
        "complete": lambda: acts.complete(s, n, yellow, "no-action", at),
        "note": lambda: acts.note(s, n, "p1", "feil", at),
        "correct": lambda: acts.correct(s, n, note, "rettet", at),
        "contact": lambda: acts.contact(s, n, "p1", "phone", "reached", at, text="hei"),
        "no answer": lambda: acts.contact(s, n, "p1", "phone", "no-answer", at),
        "message": lambda: acts.message(s, n, "p1", "hei", at),
        "escalate": lambda: acts.escalate(s, n, "p1", "gp", at, text="vurder"),
        "reading": lambda: acts.reading(s, n, "p1", read_measured("spo2", "91"), at),
        "reading error": lambda: acts.reading_error(s, n, pulse, "feil finger", at),
        "pause": lambda: acts.pause(s, n, "p1", at, "sykehus", at),
    }


def test_withdrawing_takes_back_all_that_an_act_did(console: Make) -> None:
    kari = console()
    kari.sync()
    acts.note(kari.store, kari.nurse, "p1", "fra før", NOW)
    kari.sync()
    before = picture(kari)
    left = []
    for name, act in doings(kari).items():
        done = act()
        if picture(kari) == before:
            left.append(f"{name} shows nothing")
        acts.withdraw(kari.store, kari.nurse, done.op, NOW + HOUR)
        if picture(kari) != before:
            left.append(name)
    assert left == []
    assert kari.sync().pushed == 0

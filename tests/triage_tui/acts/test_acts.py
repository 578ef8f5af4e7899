"""What a nurse does: its effect, its outbox row and its line in the log, in one commit; nothing goes out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fhir_r4.outgoing import Outgoing
from local_store.store import Store
from local_store.transaction import Transaction
from local_store.views import Nurse
from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from work_items import Band, Centre, Item, ItemCode, ItemState

NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000
KARI, OLA = "Practitioner/demo-kari", "Practitioner/demo-ola"


def item_of(store: Store, task: str) -> Item:
    with store.read() as snapshot:
        return snapshot.item(task).item


def sent_by(store: Store, op: str) -> Outgoing:
    with store.read() as snapshot:
        return Outgoing.from_bytes(snapshot.op(op).op.body)


def outbox(store: Store) -> list[tuple[str, str]]:
    return [(row.op, row.act) for row in store.outbox()]


class TestTake:
    def test_takes_all_of_the_patients_open_items_as_one_op(
        self, store: Store, kari: Nurse, red: Item, yellow: Item, blue: Item
    ) -> None:
        done = acts.take(store, kari, yellow.task, NOW)

        assert set(done.tasks) == {red.task, yellow.task, blue.task}
        assert outbox(store) == [(done.op, "take")]
        assert (done.patient_name, done.birth_date) == ("Hansen, Nils", "1954-01-13")
        for task in done.tasks:
            item = item_of(store, task)
            assert (item.owner, item.owned_since, item.state) == (KARI, NOW, ItemState.IN_PROGRESS)
        changes = sent_by(store, done.op).changes
        seen = {change.task: (change.saw_band, change.saw_evidence) for change in changes}
        assert seen[red.task] == (Band.RED, ("urn:device|spo2-low",))

    def test_is_shown_as_unconfirmed_until_it_is_sent(self, store: Store, kari: Nurse, red: Item) -> None:
        done = acts.take(store, kari, red.task, NOW)
        assert store.queue(NOW, Centre()).entries[0].owner_unconfirmed
        with store.write() as tx:
            tx.set_op_state(done.op, "sent")
        assert not store.queue(NOW, Centre()).entries[0].owner_unconfirmed

    def test_of_a_colleagues_item_names_her_and_takeover(
        self, store: Store, kari: Nurse, ola: Nurse, red: Item
    ) -> None:
        acts.take(store, ola, red.task, NOW)

        with pytest.raises(ActRefused) as refused:
            acts.take(store, kari, red.task, NOW)

        assert refused.value.message_id == sentences.HELD
        assert refused.value.facts == {"owner": "Ola Hansen"}
        assert "takeover" in str(refused.value)
        assert len(outbox(store)) == 1

    def test_leaves_a_colleague_what_she_holds(
        self, store: Store, kari: Nurse, ola: Nurse, red: Item, yellow: Item
    ) -> None:
        with store.write() as tx:
            tx.put_item(replace(yellow, owner=OLA, owned_since=NOW, state=ItemState.IN_PROGRESS))

        done = acts.take(store, kari, red.task, NOW)

        assert done.tasks == (red.task,)
        assert item_of(store, yellow.task).owner == OLA

    def test_twice_is_refused(self, store: Store, kari: Nurse, red: Item) -> None:
        acts.take(store, kari, red.task, NOW)
        with pytest.raises(ActRefused, match="already"):
            acts.take(store, kari, red.task, NOW)

    def test_of_an_unknown_or_closed_item_is_refused(self, store: Store, kari: Nurse, blue: Item) -> None:
        with pytest.raises(ActRefused, match="no work item"):
            acts.take(store, kari, "nonsense", NOW)
        acts.complete(store, kari, blue.task, "no-action", NOW)
        with pytest.raises(ActRefused, match="closed already"):
            acts.take(store, kari, blue.task, NOW)

    def test_brings_back_an_item_of_her_own_that_is_shelved(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        with store.write() as tx:
            shelved = replace(
                yellow, owner=KARI, state=ItemState.ON_HOLD, shelved_until=NOW + HOUR, shelved_because="x"
            )
            tx.put_item(shelved)

        acts.take(store, kari, yellow.task, NOW)

        item = item_of(store, yellow.task)
        assert item.state is ItemState.IN_PROGRESS and item.shelved_until is None


class TestTakeoverAndRelease:
    def test_takeover_takes_all_from_whoever_holds_them(
        self, store: Store, kari: Nurse, ola: Nurse, red: Item, yellow: Item
    ) -> None:
        acts.take(store, ola, red.task, NOW)

        done = acts.takeover(store, kari, red.task, NOW + MINUTE)

        assert set(done.tasks) == {red.task, yellow.task}
        assert {item_of(store, task).owner for task in done.tasks} == {KARI}
        assert {change.saw_owner for change in sent_by(store, done.op).changes} == {OLA}

    def test_release_gives_back_all_that_are_hers(
        self, store: Store, kari: Nurse, red: Item, yellow: Item
    ) -> None:
        acts.take(store, kari, red.task, NOW)

        done = acts.release(store, kari, yellow.task, NOW + MINUTE)

        assert set(done.tasks) == {red.task, yellow.task}
        item = item_of(store, red.task)
        assert item.owner is None and item.state is ItemState.REQUESTED and item.touched

    def test_release_of_what_is_not_hers_is_refused(
        self, store: Store, kari: Nurse, ola: Nurse, red: Item
    ) -> None:
        with pytest.raises(ActRefused, match="Nobody"):
            acts.release(store, kari, red.task, NOW)
        acts.take(store, ola, red.task, NOW)
        with pytest.raises(ActRefused, match="Ola Hansen"):
            acts.release(store, kari, red.task, NOW)


class TestNote:
    def test_is_about_all_open_items_unless_one_is_named(
        self, store: Store, kari: Nurse, red: Item, yellow: Item
    ) -> None:
        both = acts.note(store, kari, "p1", "Ringte", NOW)
        one = acts.note(store, kari, "p1", "Ringte igjen", NOW, about=[red.task])

        def about(op: str) -> set[str]:
            raw = sent_by(store, op).creates[0]
            return {entry["reference"] for entry in raw["about"]}

        assert about(both.op) == {f"Task/{red.task}", f"Task/{yellow.task}"}
        assert about(one.op) == {f"Task/{red.task}"}
        view = store.patient("p1", NOW)
        line = next(entry for entry in view.timeline if entry.id == one.op)
        assert (line.text, line.author, line.sent) == ("Ringte igjen", "Kari Nordmann", False)

    def test_about_another_patients_item_is_refused(self, store: Store, kari: Nurse, red: Item) -> None:
        with pytest.raises(ActRefused) as refused:
            acts.note(store, kari, "p2", "Feil", NOW, about=[red.task])
        assert refused.value.message_id == sentences.NOT_HERS

    def test_without_text_or_patient_is_refused(self, store: Store, kari: Nurse) -> None:
        with pytest.raises(ActRefused, match="no text"):
            acts.note(store, kari, "p1", "  \n", NOW)
        with pytest.raises(ActRefused, match="no patient"):
            acts.note(store, kari, "p9", "Hei", NOW)
        assert not outbox(store)


class TestContact:
    @pytest.mark.parametrize(("rule", "minutes"), [("red", 15), ("yellow", 120), ("blue", 120)])
    def test_no_answer_comes_back(
        self, store: Store, kari: Nurse, rule: str, minutes: int, request: pytest.FixtureRequest
    ) -> None:
        item: Item = request.getfixturevalue(rule)

        done = acts.contact(store, kari, "p1", "phone", "no-answer", NOW, about=[item.task])

        planned = item_of(store, done.tasks[0])
        assert (planned.code, planned.band) == (ItemCode.FOLLOW_UP, max(Band.YELLOW, item.band))
        assert planned.hidden_until == planned.raised == planned.respond_by == NOW + minutes * MINUTE
        assert item_of(store, item.task).state is ItemState.REQUESTED
        assert [raw["resourceType"] for raw in sent_by(store, done.op).creates] == ["Communication", "Task"]

    def test_that_reached_somebody_plans_nothing_unless_asked(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        plain = acts.contact(store, kari, "p1", "video", "reached", NOW)
        planned = acts.contact(store, kari, "p1", "phone", "reached", NOW, follow_up=NOW + HOUR)

        assert plain.tasks == ()
        assert item_of(store, planned.tasks[0]).hidden_until == NOW + HOUR
        with pytest.raises(ActRefused, match="past"):
            acts.contact(store, kari, "p1", "phone", "reached", NOW, follow_up=NOW)

    def test_planned_without_any_open_item_is_yellow(self, store: Store, kari: Nurse) -> None:
        done = acts.contact(store, kari, "p2", "phone", "reached", NOW, follow_up=NOW + HOUR)
        nothing = acts.contact(store, kari, "p2", "phone", "no-answer", NOW, about=())

        assert item_of(store, done.tasks[0]).band is Band.YELLOW
        assert len(nothing.tasks) == 1  # about the follow-up, which is open

    def test_is_on_the_timeline_with_its_result(self, store: Store, kari: Nurse, red: Item) -> None:
        done = acts.contact(store, kari, "p1", "phone", "no-answer", NOW, text="Ikke svar")

        line = next(one for one in store.patient("p1", NOW).timeline if one.id == done.op)
        assert (line.medium, line.reached, line.about) == ("phone", False, (red.task,))
        assert store.queue(NOW, Centre()).entries[0].last_contact.id == done.op

    def test_acts_on_its_follow_up_wait_for_it(self, store: Store, kari: Nurse, yellow: Item) -> None:
        made = acts.contact(store, kari, "p1", "phone", "no-answer", NOW)

        done = acts.complete(store, kari, made.tasks[0], "not-reached", NOW + MINUTE)

        with store.read() as snapshot:
            assert snapshot.op(done.op).op.depends_on == (made.op,)
            assert [one.op.op for one in snapshot.next_ops(10, NOW)] == [made.op]


class TestComplete:
    def test_red_needs_a_contact_that_reached_somebody(self, store: Store, kari: Nurse, red: Item) -> None:
        with pytest.raises(ActRefused, match="before somebody was reached"):
            acts.complete(store, kari, red.task, "contacted", NOW)
        acts.contact(store, kari, "p1", "phone", "no-answer", NOW)
        with pytest.raises(ActRefused, match="before somebody was reached"):
            acts.complete(store, kari, red.task, "contacted", NOW)
        reached = acts.contact(store, kari, "p1", "phone", "reached", NOW)

        done = acts.complete(store, kari, red.task, "contacted", NOW)

        item = item_of(store, red.task)
        assert (item.state, item.outcome, item.closed_at) == (ItemState.COMPLETED, "contacted", NOW)
        with store.read() as snapshot:
            assert reached.op in snapshot.op(done.op).op.depends_on

    def test_contact_before_it_was_raised_does_not_count(self, store: Store, kari: Nurse, red: Item) -> None:
        acts.contact(store, kari, "p1", "phone", "reached", red.raised - 1, about=[red.task])
        with pytest.raises(ActRefused):
            acts.complete(store, kari, red.task, "contacted", NOW)

    def test_a_note_with_it_is_enough_for_a_false_alarm(self, store: Store, kari: Nurse, red: Item) -> None:
        with pytest.raises(ActRefused, match="Write the note with it"):
            acts.complete(store, kari, red.task, "false-alarm", NOW)

        done = acts.complete(store, kari, red.task, "false-alarm", NOW, note="Klypa satt løst")

        assert [act for _, act in outbox(store)] == ["note", "complete"]
        assert done.ops[-1] == done.op
        with store.read() as snapshot:
            assert snapshot.op(done.op).op.depends_on == done.ops[:1]

    def test_refused_completion_saves_no_note_either(self, store: Store, kari: Nurse, red: Item) -> None:
        with pytest.raises(ActRefused):
            acts.complete(store, kari, red.task, "contacted", NOW, note="Snart")
        assert not outbox(store)
        assert all(entry.kind == "alert" for entry in store.patient("p1", NOW).timeline)

    @pytest.mark.parametrize("outcome", ["not-reached", "no-action"])
    def test_red_never_ends_so(self, store: Store, kari: Nurse, red: Item, outcome: str) -> None:
        acts.contact(store, kari, "p1", "phone", "reached", NOW)
        with pytest.raises(ActRefused, match="can't end so"):
            acts.complete(store, kari, red.task, outcome, NOW)

    @pytest.mark.parametrize("outcome", ["self-resolved", "nonsense"])
    def test_outcomes_that_are_not_hers_are_refused(
        self, store: Store, kari: Nurse, yellow: Item, outcome: str
    ) -> None:
        with pytest.raises(ActRefused):
            acts.complete(store, kari, yellow.task, outcome, NOW)

    def test_unowned_item_is_taken_in_the_same_op(self, store: Store, kari: Nurse, yellow: Item) -> None:
        done = acts.complete(store, kari, yellow.task, "advice-given", NOW)

        assert outbox(store) == [(done.op, "complete")]
        item = item_of(store, yellow.task)
        assert (item.owner, item.owned_since) == (KARI, NOW)

    def test_colleagues_item_is_refused_and_names_takeover(
        self, store: Store, kari: Nurse, ola: Nurse, yellow: Item
    ) -> None:
        acts.take(store, ola, yellow.task, NOW)
        with pytest.raises(ActRefused, match="takeover"):
            acts.complete(store, kari, yellow.task, "advice-given", NOW)


class TestEveryAct:
    def test_writes_one_line_of_the_access_log(self, store: Store, kari: Nurse, red: Item) -> None:
        acts.take(store, kari, red.task, NOW)

        with store.read() as snapshot:
            (line,) = snapshot.access_lines()
        assert (line.who, line.patients, line.what, line.basis) == (
            "kari",
            ("p1",),
            "take",
            "tjenstlig behov",
        )

    def test_is_all_or_nothing(
        self, store: Store, kari: Nurse, red: Item, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Any, **__: Any) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(Transaction, "log_access", full)
        with pytest.raises(OSError, match="disk full"):
            acts.contact(store, kari, "p1", "phone", "no-answer", NOW)

        assert not outbox(store)
        assert len(store.queue(NOW, Centre()).entries[0].row.items) == 1
        assert all(entry.kind == "alert" for entry in store.patient("p1", NOW).timeline)

    def test_publishes_an_alert_that_only_this_console_found(
        self, store: Store, kari: Nurse, local_red: Item
    ) -> None:
        done = acts.take(store, kari, local_red.task, NOW)

        outgoing = sent_by(store, done.op)
        issue, task = outgoing.creates
        assert (issue["resourceType"], task["resourceType"]) == ("DetectedIssue", "Task")
        assert local_red.episode.id in json.dumps(issue["identifier"])
        assert local_red.episode.id in json.dumps(task["focus"])
        assert task["status"] == "requested"
        assert item_of(store, local_red.task).local

    def test_refusals_can_be_said_in_another_language(self) -> None:
        refused = ActRefused(sentences.CLOSED, outcome="contacted")
        assert refused.message_id in sentences.PATTERNS
        assert str(refused) == refused.message_id.format(**refused.facts)

"""What the server doesn't have can be taken back, tried again and corrected; what rests on it is named."""

from __future__ import annotations

import pytest

from fhir_r4.outgoing import Outgoing
from local_store.errors import AmbiguousOp, NoSuchOp
from local_store.store import Store
from local_store.views import Nurse
from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from triage_tui.sync import answers
from work_items import Item, ItemState

NOW = 1_772_526_660_000
MINUTE = 60_000


def state(store: Store, op: str) -> str:
    with store.read() as snapshot:
        found = snapshot.op(op)
    assert found is not None
    return found.state


def settle(store: Store, op: str, state: str, answer: str | None = None) -> None:
    with store.write() as tx:
        tx.set_op_state(op, state, answer)  # type: ignore[arg-type]


def item_of(store: Store, task: str) -> Item | None:
    with store.read() as snapshot:
        found = snapshot.item(task)
    return found.item if found else None


def notes(store: Store) -> list[str]:
    with store.read() as snapshot:
        return [entry.text for entry in snapshot.entries_of("p1")]


class TestWithdraw:
    def test_takes_back_the_effect_on_the_item(self, store: Store, kari: Nurse, yellow: Item) -> None:
        done = acts.take(store, kari, yellow.task, NOW)

        acts.withdraw(store, kari, done.op, NOW)

        item = item_of(store, yellow.task)
        assert item is not None and (item.state, item.owner) == (ItemState.REQUESTED, None)
        assert state(store, done.op) == "withdrawn" and store.outbox() == []
        assert store.status().pending == 0

    def test_leaves_what_else_the_nurse_did_to_the_item(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        acts.take(store, kari, yellow.task, NOW)
        done = acts.complete(store, kari, yellow.task, "no-action", NOW)

        acts.withdraw(store, kari, done.op, NOW)

        item = item_of(store, yellow.task)
        assert item is not None
        assert (item.state, item.owner) == (ItemState.IN_PROGRESS, kari.reference)

    def test_takes_a_note_off_the_timeline(self, store: Store, kari: Nurse, yellow: Item) -> None:
        acts.note(store, kari, "p1", "blir", NOW)
        gone = acts.note(store, kari, "p1", "feil pasient", NOW)

        acts.withdraw(store, kari, gone.op[:8], NOW, reason="feil pasient")

        assert notes(store) == ["blir"]
        with store.read() as snapshot:
            line = snapshot.access_lines("p1")[-1]
        assert (line.what, line.reason) == ("withdraw", "feil pasient")

    def test_takes_a_contacts_follow_up_away(self, store: Store, kari: Nurse, yellow: Item) -> None:
        done = acts.contact(store, kari, "p1", "phone", "no-answer", NOW)
        assert item_of(store, done.tasks[0]) is not None

        acts.withdraw(store, kari, done.op, NOW)

        assert item_of(store, done.tasks[0]) is None

    def test_names_and_withdraws_what_rests_on_it(self, store: Store, kari: Nurse, red: Item) -> None:
        reached = acts.contact(store, kari, "p1", "phone", "reached", NOW)
        closed = acts.complete(store, kari, red.task, "contacted", NOW + MINUTE)

        done = acts.withdraw(store, kari, reached.op, NOW + MINUTE)

        assert done.also == (("complete", NOW + MINUTE),)
        assert state(store, closed.op) == "withdrawn"
        item = item_of(store, red.task)
        assert item is not None and item.state is ItemState.REQUESTED

    def test_lets_a_note_about_it_go_on_alone(self, store: Store, kari: Nurse, local_red: Item) -> None:
        taken = acts.take(store, kari, local_red.task, NOW)
        told = acts.note(store, kari, "p2", "ringer", NOW)

        acts.withdraw(store, kari, taken.op, NOW)

        with store.read() as snapshot:
            assert [one.op.op for one in snapshot.next_ops(9, NOW)] == [told.op]
        item = item_of(store, local_red.task)
        assert item is not None and item.local and item.owner is None and item.episode == local_red.episode

    def test_of_what_was_sent_or_is_somebody_elses_is_refused(
        self, store: Store, kari: Nurse, ola: Nurse, yellow: Item
    ) -> None:
        done = acts.take(store, kari, yellow.task, NOW)
        with pytest.raises(ActRefused) as refused:
            acts.withdraw(store, ola, done.op, NOW)
        assert refused.value.message_id == sentences.NO_SUCH_ACT
        settle(store, done.op, "sent")
        with pytest.raises(ActRefused, match="server has it already"):
            acts.withdraw(store, kari, done.op, NOW)

    def test_of_an_unknown_or_ambiguous_number_is_refused(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        with pytest.raises(NoSuchOp):
            acts.withdraw(store, kari, "nonsense", NOW)
        for _ in range(17):
            acts.note(store, kari, "p1", "x", NOW)
        begins = [row.op[0] for row in store.outbox()]
        twice = next(letter for letter in begins if begins.count(letter) > 1)
        with pytest.raises(AmbiguousOp):
            acts.withdraw(store, kari, twice, NOW)


class TestUndo:
    def test_takes_back_the_last_act_only(self, store: Store, kari: Nurse, yellow: Item) -> None:
        acts.take(store, kari, yellow.task, NOW)
        acts.note(store, kari, "p1", "feil", NOW)

        acts.undo(store, kari, "p1", NOW)

        assert [row.act for row in store.outbox()] == ["take"] and notes(store) == []

    def test_of_nothing_says_so(self, store: Store, kari: Nurse, yellow: Item) -> None:
        with pytest.raises(ActRefused, match="nothing can be undone"):
            acts.undo(store, kari, "p1", NOW)


class TestRetryAndMend:
    def test_what_was_refused_waits_again_and_shows_its_effect(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        done = acts.take(store, kari, yellow.task, NOW)
        settle(store, done.op, "parked", str(answers.Answer(answers.GONE)))

        acts.retry(store, kari, done.op, NOW)

        assert state(store, done.op) == "pending"
        item = item_of(store, yellow.task)
        assert item is not None and item.owner == kari.reference

    def test_another_text_is_shown_and_sent(self, store: Store, kari: Nurse, yellow: Item) -> None:
        done = acts.note(store, kari, "p1", "for lang", NOW)
        settle(store, done.op, "parked", "The server refused it: too long")

        acts.mend(store, kari, done.op, "kort", NOW)

        assert notes(store) == ["kort"] and state(store, done.op) == "pending"
        with store.read() as snapshot:
            stored = snapshot.op(done.op)
        assert stored is not None
        assert Outgoing.from_bytes(stored.op.body).creates[0]["payload"] == [{"contentString": "kort"}]

    def test_of_what_waits_or_has_no_text_is_refused(self, store: Store, kari: Nurse, yellow: Item) -> None:
        note = acts.note(store, kari, "p1", "underveis", NOW)
        with pytest.raises(ActRefused, match="needs no help"):
            acts.mend(store, kari, note.op, "annet", NOW)
        taken = acts.take(store, kari, yellow.task, NOW)
        settle(store, taken.op, "parked", "no")
        with pytest.raises(ActRefused, match="no text"):
            acts.mend(store, kari, taken.op, "annet", NOW)

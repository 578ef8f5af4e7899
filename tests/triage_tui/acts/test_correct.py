"""A correction is a new entry in place of the old one, which stays to be read."""

from __future__ import annotations

import pytest

from fhir_r4.communications import entry_of
from fhir_r4.outgoing import Outgoing
from local_store.store import Store
from local_store.touches import touches_of
from local_store.views import Nurse
from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from triage_tui.wording.timeline import corrected_in
from work_items import Centre, Item, no_answers

NOW = 1_772_526_660_000
MINUTE = 60_000


def sent_by(store: Store, op: str) -> Outgoing:
    with store.read() as snapshot:
        return Outgoing.from_bytes(snapshot.op(op).op.body)


def test_keeps_everything_but_the_text_and_names_what_it_corrects(
    store: Store, kari: Nurse, red: Item
) -> None:
    first = acts.contact(store, kari, "p1", "video", "reached", NOW, text="mer tungpust", about=[red.task])
    done = acts.correct(store, kari, first.op, "mindre tungpust", NOW + MINUTE)

    [raw] = sent_by(store, done.op).creates
    entry = entry_of({**raw, "id": "c1"})
    assert (entry.corrects, entry.text, entry.medium) == (first.op, "mindre tungpust", "video")
    assert (entry.reached, entry.about) == (True, (red.task,))
    view = store.patient("p1", NOW + MINUTE)
    gone = corrected_in(view.timeline)
    told = [(one.text, one.id in gone) for one in view.timeline if one.kind == "contact"]
    assert told == [("mindre tungpust", False), ("mer tungpust", True)]
    with store.read() as snapshot:
        assert snapshot.op(done.op).op.depends_on == (first.op,)


def test_of_a_contact_is_no_second_contact(store: Store, kari: Nurse, red: Item) -> None:
    first = acts.contact(store, kari, "p1", "phone", "no-answer", NOW, about=[red.task])
    acts.correct(store, kari, first.op, "Prøvde mobilen", NOW + MINUTE)

    view = store.patient("p1", NOW + MINUTE)
    assert no_answers(red, touches_of(view.timeline)) == 1
    last = store.queue(NOW + MINUTE, Centre()).entries[0].last_contact
    assert (last.at, last.text) == (NOW, "Prøvde mobilen")


def test_only_ones_own_and_only_the_newest(store: Store, kari: Nurse, ola: Nurse, red: Item) -> None:
    first = acts.note(store, kari, "p1", "Ringte", NOW)
    with pytest.raises(ActRefused) as refused:
        acts.correct(store, ola, first.op, "Ringte ikke", NOW)
    assert refused.value.message_id == sentences.ANOTHERS
    second = acts.correct(store, kari, first.op, "Ringte to ganger", NOW)
    with pytest.raises(ActRefused) as refused:
        acts.correct(store, kari, first.op, "Ringte tre ganger", NOW)
    assert refused.value.facts == {"op": second.op}
    acts.correct(store, kari, second.op, "Ringte tre ganger", NOW)


def test_without_text_or_of_what_is_no_writing_is_refused(store: Store, kari: Nurse, red: Item) -> None:
    taken = acts.take(store, kari, red.task, NOW)
    with pytest.raises(ActRefused, match="no note"):
        acts.correct(store, kari, taken.op, "x", NOW)
    noted = acts.note(store, kari, "p1", "Ringte", NOW)
    with pytest.raises(ActRefused, match="no text"):
        acts.correct(store, kari, noted.op, " ", NOW)

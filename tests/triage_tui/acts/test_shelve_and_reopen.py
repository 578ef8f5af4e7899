"""Putting off and reopening: by the rules, here and in what is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fhir_r4.outgoing import Outgoing
from local_store.store import Store
from local_store.views import Nurse
from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from work_items import Band, Centre, Item, ItemCode, ItemState, order_rows, task_uuid

NOW = 1_772_526_660_000  # Tuesday 3 March 2026, 09:31 in Oslo
MINUTE, HOUR = 60_000, 3_600_000
CLOSES_TODAY, CLOSES_TOMORROW = NOW + 6 * HOUR - MINUTE, NOW + 30 * HOUR - MINUTE
KARI = "Practitioner/demo-kari"


def shelve(
    store: Store, nurse: Nurse, item: Item, until: int, reason: str = "venter på svar"
) -> acts.ActDone:
    return acts.shelve(store, nurse, item.task, until, reason, NOW, centre=Centre())


def item_of(store: Store, task: str) -> Item:
    with store.read() as snapshot:
        found = snapshot.item(task)
    assert found is not None
    return found.item


def listed(store: Store, at: int) -> set[str]:
    with store.read() as snapshot:
        items = [stored.item for stored in snapshot.items_of("p1")]
    return {item.task for row in order_rows(items, {}, at) for item in row.items}


class TestShelve:
    def test_takes_an_unowned_item_in_the_same_op_and_hides_it_until_then(
        self, store: Store, kari: Nurse, yellow: Item
    ) -> None:
        done = shelve(store, kari, yellow, CLOSES_TOMORROW)

        item = item_of(store, yellow.task)
        assert (item.state, item.owner, item.shelved_until) == (ItemState.ON_HOLD, KARI, CLOSES_TOMORROW)
        assert [(row.op, row.act) for row in store.outbox()] == [(done.op, "shelve")]
        assert listed(store, CLOSES_TOMORROW - 1) == set()
        assert listed(store, CLOSES_TOMORROW) == {yellow.task}

    def test_carries_what_the_nurse_saw(self, store: Store, kari: Nurse, yellow: Item) -> None:
        done = shelve(store, kari, yellow, CLOSES_TOMORROW)

        with store.read() as snapshot:
            stored = snapshot.op(done.op)
        assert stored is not None
        (change,) = Outgoing.from_bytes(stored.op.body).changes
        assert (change.saw_band, change.saw_level, change.reason) == (
            Band.YELLOW,
            yellow.level,
            "venter på svar",
        )

    @pytest.mark.parametrize(
        ("until", "message"),
        [
            (NOW, sentences.BY_REASON["until-is-past"]),
            (CLOSES_TOMORROW + 1, sentences.BY_REASON["until-is-too-late"]),
        ],
    )
    def test_is_refused_beyond_the_next_opening_day_and_in_the_past(
        self, store: Store, kari: Nurse, yellow: Item, until: int, message: str
    ) -> None:
        with pytest.raises(ActRefused) as refused:
            shelve(store, kari, yellow, until)

        assert refused.value.message_id == message
        assert store.outbox() == []

    def test_of_red_needs_somebody_reached_and_ends_today(self, store: Store, kari: Nurse, red: Item) -> None:
        with pytest.raises(ActRefused, match="Ring, or escalate"):
            shelve(store, kari, red, CLOSES_TODAY)
        reached = acts.contact(store, kari, "p1", "phone", "reached", NOW)
        with pytest.raises(ActRefused, match="too long"):
            shelve(store, kari, red, CLOSES_TODAY + 1)

        done = shelve(store, kari, red, CLOSES_TODAY)

        with store.read() as snapshot:
            assert [one.op.op for one in snapshot.dependants(reached.op)] == [done.op]

    def test_needs_a_reason_and_names_takeover_for_a_colleagues(
        self, store: Store, kari: Nurse, ola: Nurse, yellow: Item
    ) -> None:
        with pytest.raises(ActRefused, match="no reason"):
            shelve(store, kari, yellow, CLOSES_TODAY, "  ")
        acts.take(store, ola, yellow.task, NOW)
        with pytest.raises(ActRefused, match="takeover"):
            shelve(store, kari, yellow, CLOSES_TODAY)

    def test_a_new_item_as_bad_brings_it_back(self, store: Store, kari: Nurse, yellow: Item) -> None:
        shelve(store, kari, yellow, CLOSES_TODAY)
        new = Item(
            task=task_uuid("new", 1),
            patient="p1",
            code=ItemCode.TECHNICAL,
            what="new",
            band=Band.YELLOW,
            raised=NOW + MINUTE,
            respond_by=NOW + HOUR,
        )
        with store.write() as tx:
            tx.put_item(new)

        assert listed(store, NOW + MINUTE) == {yellow.task, new.task}


class TestReopen:
    def test_makes_a_new_item_that_is_part_of_the_old(self, store: Store, kari: Nurse, yellow: Item) -> None:
        acts.complete(store, kari, yellow.task, "no-action", NOW)

        done = acts.reopen(store, kari, yellow.task, NOW + MINUTE)

        assert done.op == task_uuid(yellow.what, 2)
        new = item_of(store, done.op)
        assert (new.state, new.owner, new.band) == (ItemState.REQUESTED, None, Band.YELLOW)
        assert (new.follows, new.earlier_outcome) == (yellow.task, "no-action")
        assert (new.raised, new.respond_by) == (yellow.raised, yellow.respond_by)
        assert item_of(store, yellow.task).state is ItemState.COMPLETED
        with store.read() as snapshot:
            stored = snapshot.op(done.op)
        assert stored is not None
        (raw,) = Outgoing.from_bytes(stored.op.body).creates
        assert yellow.task in str(raw["partOf"]) and raw["status"] == "requested"

    def test_waits_for_the_completion_that_is_unsent(self, store: Store, kari: Nurse, yellow: Item) -> None:
        closed = acts.complete(store, kari, yellow.task, "no-action", NOW)
        again = acts.reopen(store, kari, yellow.task, NOW)

        (row,) = [act for act in store.unsent(NOW).acts if act.op == again.op]
        assert [other.op for other in row.waits_for] == [closed.op]

    def test_what_was_said_about_the_old_counts_for_the_new(
        self, store: Store, kari: Nurse, red: Item
    ) -> None:
        acts.contact(store, kari, "p1", "phone", "reached", NOW)
        acts.complete(store, kari, red.task, "contacted", NOW)
        again = acts.reopen(store, kari, red.task, NOW + MINUTE)

        acts.complete(store, kari, again.op, "advice-given", NOW + MINUTE)

        assert item_of(store, again.op).outcome == "advice-given"

    def test_of_open_or_cancelled_work_is_refused(self, store: Store, kari: Nurse, yellow: Item) -> None:
        with pytest.raises(ActRefused, match="Only what was completed"):
            acts.reopen(store, kari, yellow.task, NOW)
        with store.write() as tx:
            tx.put_item(replace(yellow, state=ItemState.CANCELLED, closed_at=NOW))
        with pytest.raises(ActRefused, match="Only what was completed"):
            acts.reopen(store, kari, yellow.task, NOW)

    def test_twice_is_refused(self, store: Store, kari: Nurse, yellow: Item) -> None:
        acts.complete(store, kari, yellow.task, "no-action", NOW)
        acts.reopen(store, kari, yellow.task, NOW)
        with pytest.raises(ActRefused, match="open already"):
            acts.reopen(store, kari, yellow.task, NOW)

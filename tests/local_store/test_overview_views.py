"""The whole centre at once: everybody, what is put off, what a stretch of time held."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from local_store.store import Store
from local_store.views import TimelineEntry
from work_items import Centre, ItemState

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CENTRE = Centre()
KARI = "Practitioner/kari"


class TestPatients:
    def test_everybody_is_listed_with_how_often_she_measures(
        self, store: Store, make: SimpleNamespace
    ) -> None:
        with store.write() as tx:
            tx.put_person(make.person("p1", "Hansen, Nils"))
            tx.put_person(make.person("p2", "Eira, Máret"))
            tx.put_plan(make.plan("p1"))
            # twice on one day, once three days ago, once beyond the two weeks, once in the time to come
            ago = (HOUR, 2 * HOUR, 3 * DAY, 15 * DAY, -HOUR)
            tx.put_readings([make.reading(n, at=make.now - back) for n, back in enumerate(ago)])
            tx.refresh(["p1", "p2"], make.now)
        eira, hansen = store.patients(make.now).lines
        assert (eira.person.name, eira.measured_days, eira.last_reading) == ("Eira, Máret", 0, None)
        assert eira.plan is not None and eira.plan.problem
        assert (hansen.person.name, hansen.measured_days) == ("Hansen, Nils", 2)
        assert hansen.plan is not None and hansen.plan.problem is None and hansen.pause(make.now) is None


class TestQueue:
    def test_what_is_put_off_has_a_row_of_its_own(self, store: Store, make: SimpleNamespace) -> None:
        until = make.now + HOUR
        held = {"state": ItemState.ON_HOLD, "owner": KARI, "shelved_until": until, "shelved_at": make.now}
        item = make.item(make.episode(), **held)
        with store.write() as tx:
            tx.put_person(make.person())
            tx.put_practitioner(KARI, "kari", "Kari Nordmann")
            tx.put_item(item)
        view = store.queue(make.now, CENTRE)
        (entry,) = view.put_off
        assert view.entries == () and view.shelved == 1
        assert (entry.put_off, entry.row.rank, entry.owner_login) == (True, 0, "kari")
        later = store.queue(until, CENTRE)
        assert later.put_off == () and [one.put_off for one in later.entries] == [False]

    def test_a_red_one_that_nothing_was_done_about_for_half_an_hour(
        self, store: Store, make: SimpleNamespace
    ) -> None:
        taken = {"state": ItemState.IN_PROGRESS, "owner": KARI, "owned_since": make.now - 30 * MINUTE}
        item = make.item(make.episode(), **taken)
        with store.write() as tx:
            tx.put_person(make.person())
            tx.put_item(item)
        assert [entry.idle for entry in store.queue(make.now, CENTRE).entries] == [True]
        assert [entry.idle for entry in store.queue(make.now - 1, CENTRE).entries] == [False]
        note = TimelineEntry("n1", "note", make.now - MINUTE, "Kari", "ringer snart", about=(item.task,))
        with store.write() as tx:
            tx.put_entry("p1", note, None)
        assert [entry.idle for entry in store.queue(make.now, CENTRE).entries] == [False]


def test_a_stretch_holds_what_was_raised_closed_and_written_in_it(
    store: Store, make: SimpleNamespace
) -> None:
    now = make.now
    early, late = (make.item(make.episode(onset=now - back)) for back in (3 * HOUR, HOUR))
    closed = replace(early, state=ItemState.COMPLETED, outcome="contacted", closed_at=now - 90 * MINUTE)
    lines = [TimelineEntry(f"n{back}", "note", now - back, "Kari", "x") for back in (HOUR, 4 * HOUR)]
    with store.write() as tx:
        tx.put_person(make.person())
        for item in (closed, late):
            tx.put_item(item)
        for entry in lines:
            tx.put_entry("p1", entry, None)
    view = store.shift(now - 2 * HOUR, now, now, CENTRE)
    assert view.raised == [late] and view.closed == [closed]
    assert view.entries == {"p1": [lines[0]]}

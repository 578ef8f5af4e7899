"""With whom a contact was, and how often nobody has answered."""

from __future__ import annotations

from fhir_r4.communications import entry_of
from fhir_r4.outgoing import Outgoing
from local_store.store import Store
from local_store.views import Nurse
from triage_tui import acts
from work_items import Item

NOW = 1_772_526_660_000
MINUTE = 60_000


def test_says_how_many_times_in_a_row_nobody_answered(
    store: Store, kari: Nurse, red: Item, yellow: Item
) -> None:
    tries = [
        acts.contact(store, kari, "p1", "phone", result, NOW + i * MINUTE, about=[red.task]).unanswered
        for i, result in enumerate(("no-answer", "no-answer", "reached", "no-answer"))
    ]
    assert tries == [1, 2, 0, 1]


def test_says_with_whom_it_was(store: Store, kari: Nurse, red: Item) -> None:
    done = acts.contact(store, kari, "p1", "phone", "reached", NOW, whom="next-of-kin", text="Datteren")
    with store.read() as snapshot:
        [raw] = Outgoing.from_bytes(snapshot.op(done.op).op.body).creates
    entry = entry_of({**raw, "id": "c1"})
    assert (entry.category, entry.whom) == ("contact", "next-of-kin")
    assert store.patient("p1", NOW).timeline[0].whom == "next-of-kin"

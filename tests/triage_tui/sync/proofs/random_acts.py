"""Something that a nurse may do, drawn at random."""

from __future__ import annotations

import random
from collections.abc import Sequence

from local_store.store import Store
from local_store.views import Nurse
from triage_tui import acts


def random_act(store: Store, nurse: Nurse, patients: Sequence[str], at: int, rng: random.Random) -> list[str]:
    """Do one thing to one of these patients; the ops that it came to, none where the rules say no."""
    patient = rng.choice(patients)
    with store.read() as snapshot:
        items = [stored.item for stored in snapshot.items_of(patient)]
    items.sort(key=lambda one: (one.code, one.rule or "", one.raised))
    act = rng.choice(("note", "note", "reached", "no-answer", "take", "takeover", "release", "complete"))
    try:
        if act == "note":
            return list(acts.note(store, nurse, patient, f"Tungpust {rng.random()}", at).ops)
        if act in ("reached", "no-answer"):
            result = "reached" if act == "reached" else "no-answer"
            return list(acts.contact(store, nurse, patient, "phone", result, at).ops)
        if not items:
            return []
        task = rng.choice(items).task
        if act == "complete":
            return list(acts.complete(store, nurse, task, "contacted", at, note="Bedre nå").ops)
        change = {"take": acts.take, "takeover": acts.takeover, "release": acts.release}[act]
        return list(change(store, nurse, task, at).ops)
    except acts.ActRefused:
        return []

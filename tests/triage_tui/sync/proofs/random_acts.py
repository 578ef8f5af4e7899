"""What a nurse may do to a patient, by name and number, so that it can be drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from local_store.store import Store
from local_store.views import Nurse
from threshold_engine.instants import HOUR
from triage_tui import acts
from triage_tui.acts.measured import read_measured


@dataclass(frozen=True)
class Doing:
    """One thing done; `pick` says to which of what there is."""

    store: Store
    nurse: Nurse
    patient: str
    at: int
    pick: int

    @property
    def task(self) -> str:
        """Of an open item of hers."""
        with self.store.read() as snapshot:
            items = [stored.item for stored in snapshot.items_of(self.patient)]
        items.sort(key=lambda one: (one.code, one.rule or "", one.raised))
        return self._picked([one.task for one in items])

    @property
    def line(self) -> str:
        """Of her timeline."""
        with self.store.read() as snapshot:
            return self._picked([one.id for one in snapshot.entries_of(self.patient)])

    @property
    def reading(self) -> str:
        """Of what was measured."""
        with self.store.read() as snapshot:
            return self._picked(sorted(one.id for one in snapshot.readings_of(self.patient)))

    def _picked(self, found: Sequence[str]) -> str:
        return found[self.pick % len(found)] if found else "none"


_ACTS: Final[dict[str, Callable[[Doing], acts.ActDone | None]]] = {
    "take": lambda d: acts.take(d.store, d.nurse, d.task, d.at),
    "takeover": lambda d: acts.takeover(d.store, d.nurse, d.task, d.at),
    "release": lambda d: acts.release(d.store, d.nurse, d.task, d.at),
    "complete": lambda d: acts.complete(d.store, d.nurse, d.task, "contacted", d.at),
    "complete with a note": lambda d: acts.complete(
        d.store, d.nurse, d.task, "contacted", d.at, note="Avtalt ny måling"
    ),
    "note": lambda d: acts.note(d.store, d.nurse, d.patient, f"Tungpust {d.pick}", d.at),
    "reached": lambda d: acts.contact(d.store, d.nurse, d.patient, "phone", "reached", d.at),
    "no answer": lambda d: acts.contact(d.store, d.nurse, d.patient, "phone", "no-answer", d.at),
    "correct": lambda d: acts.correct(d.store, d.nurse, d.line, f"Rettet {d.pick}", d.at),
    "message": lambda d: acts.message(d.store, d.nurse, d.patient, f"Hei {d.pick}", d.at),
    "open": lambda d: acts.open_messages(d.store, d.nurse, d.patient, d.at),
    "escalate": lambda d: acts.escalate(d.store, d.nurse, d.patient, "gp", d.at, text="ISBAR"),
    "pause": lambda d: acts.pause(d.store, d.nurse, d.patient, d.at, "sykehus", d.at, until=d.at + HOUR),
    "resume": lambda d: acts.resume(d.store, d.nurse, d.patient, d.at),
    "reading": lambda d: acts.reading(
        d.store, d.nurse, d.patient, read_measured("spo2", str(88 + d.pick)), d.at
    ),
    "wrong reading": lambda d: acts.reading_error(d.store, d.nurse, d.reading, "feil person", d.at),
}
ACTS: Final = tuple(_ACTS)
_TRIES: Final = 8


def one_act(store: Store, nurse: Nurse, patient: str, act: str, at: int, pick: int) -> list[str]:
    """Do one thing; the ops that it came to, none where the rules say no."""
    try:
        done = _ACTS[act](Doing(store, nurse, patient, at, pick))
    except acts.ActRefused:
        return []
    return [] if done is None else list(done.ops)


def random_act(store: Store, nurse: Nurse, patients: Sequence[str], at: int, rng: random.Random) -> list[str]:
    """Do something to one of these patients that the rules allow, if some tries find it."""
    for _ in range(_TRIES):
        ops = one_act(store, nurse, rng.choice(patients), rng.choice(ACTS), at, rng.randrange(8))
        if ops:
            return ops
    return []

"""Judging whom something has changed for, or whose time has come; nobody else."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fhir_r4.carried_judge import CarriedJudge
from fhir_r4.faults import told
from local_store import Store
from local_store.errors import StoreError
from local_store.records import SyncMarks
from local_store.transaction import Transaction
from threshold_engine.instants import MINUTE
from threshold_engine.model import Instant
from triage_tui.sync.local_judging.at_hand import at_hand
from triage_tui.sync.local_judging.findings import Findings, find
from triage_tui.sync.local_judging.showing import show
from work_items import Centre

_log = logging.getLogger(__name__)

CLOCK_OFF_MS: Final = 10 * MINUTE
"""Beyond this offset from the server's clock nothing found here may clear or hide an alert."""
_AT_A_TIME: Final = 10
_AGAIN_MS: Final = MINUTE
"""When to try again where the judge itself failed on a patient."""
_READINGS_CARRIED: Final = 40_000
"""Readings that the carried judgings may hold together: some 30 MB."""

Shown = Callable[[int], None]
"""Told after each transaction how many patients have been judged."""


@dataclass(frozen=True, slots=True)
class JudgedHere:
    """What a round of judging came to."""

    patients: int = 0
    changed: int = 0
    """Patients of whom something is shown otherwise than before."""


class LocalJudge:
    """This console's judge; keep it while the process lives, so that judgings are carried on.

    One thread at a time. What it remembers is checked against the cache each time, so that it doesn't matter
    which process wrote; what nobody has needed longest is forgotten first.
    """

    def __init__(self, centre: Centre | None = None, readings_carried: int = _READINGS_CARRIED) -> None:
        self._centre = centre or Centre()
        self._carried: OrderedDict[str, tuple[CarriedJudge, int]] = OrderedDict()
        self._held, self._most = 0, readings_carried
        self._differing = 0

    def judge(
        self,
        store: Store,
        machine_now: Instant,
        stop: Callable[[], bool] = lambda: False,
        shown: Shown = lambda _done: None,
    ) -> JudgedHere:
        """Judge whoever is to be judged by now, some patients at a time, each in one transaction with what is
        shown of her.

        `machine_now`: this machine's clock; the offset from the server's that was last measured comes on top.
        Nothing is judged before everything has been fetched once: of half a history nothing can be said.
        Raises StoreError.
        """
        judged = changed = 0
        while not stop():
            with store.read() as snapshot:
                marks = snapshot.marks()
                now = machine_now + (marks.skew_ms or 0)
                if marks.readings_since is None or not snapshot.to_judge(now, 1):
                    break
            with store.write() as tx:
                some = tx.to_judge(now, _AT_A_TIME)
                changed += sum(self._one(tx, patient, now, marks) for patient in some)
            judged += len(some)
            shown(judged)
        return JudgedHere(judged, changed)

    def next_due(self, store: Store) -> Instant | None:
        """When somebody is to be judged though nothing comes, by this machine's clock; none if nobody is."""
        with store.read() as snapshot:
            marks, due = snapshot.marks(), snapshot.next_judging()
        return None if due is None or marks.readings_since is None else due - (marks.skew_ms or 0)

    def log_disagreements(self, count: int) -> None:
        """Say in the log, without a word of whom it is about, whether console and server disagree."""
        if count != self._differing:
            self._differing = count
            _log.warning("console and server disagree about %d alerts though everything is fetched", count)

    def _one(self, tx: Transaction, patient: str, now: Instant, marks: SyncMarks) -> bool:
        only_worse = abs(marks.skew_ms or 0) > CLOCK_OFF_MS
        only_time = not tx.is_changed(patient)
        try:
            found = self._find(tx, patient, now, marks, only_worse=only_worse)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one patient's odd data must not hold up the others
            _log.warning("this console's judge failed on a patient: %s", told(error))
            tx.set_judged(patient, due=now + _AGAIN_MS, waits=None, differing=(), now=now)
            return False
        changed = show(tx, patient, found, only_worse=only_worse)
        if changed or only_time:
            tx.refresh([patient], now)
        tx.set_judged(patient, due=found.due, waits=found.waits, differing=found.differing, now=now)
        return changed

    def _find(
        self, tx: Transaction, patient: str, now: Instant, marks: SyncMarks, *, only_worse: bool
    ) -> Findings:
        carried = self._take(patient)
        hand = at_hand(tx, patient, now, marks.readings_since or 0)
        found = find(hand, carried, now, self._centre, marks.fetched_until, only_worse=only_worse)
        self._keep(patient, carried, len(hand.evidence.observed))
        return found

    def _take(self, patient: str) -> CarriedJudge:
        carried, readings = self._carried.pop(patient, (CarriedJudge(), 0))
        self._held -= readings
        return carried

    def _keep(self, patient: str, carried: CarriedJudge, readings: int) -> None:
        self._carried[patient] = carried, readings
        self._held += readings
        while self._held > self._most:
            _, (_, gone) = self._carried.popitem(last=False)
            self._held -= gone


def judge_locally(store: Store, machine_now: Instant) -> JudgedHere:
    """Judge whoever is to be judged by now, once: after an act, or before a command shows something."""
    return LocalJudge().judge(store, machine_now)

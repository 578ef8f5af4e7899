"""Sending what nurses did: in the order of each patient's acts, one process at a time.

Source: "Push" in docs/fhir.md. What the server refuses is parked and shown; the rest goes on. Nothing here is
done twice: creates are conditional, changes know when they have been applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, ServerFailed, TooLarge
from local_store import Store
from local_store.records import OutboxOp, StoredOp
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.shown_again import show_act_again
from triage_tui.sync.intake import Intake
from triage_tui.sync.lease import Lease
from triage_tui.sync.own_settings import DIRTY, add_to_set
from triage_tui.sync.send import Outcome, Parked, Sender, Sent
from triage_tui.sync.state import Stage

_EVER: Final = 2**62
"""Later than any op's next try: when to try again is decided by round, not by op."""
_AT_ONCE: Final = 100
_TAKES: Final = ("take", "takeover")
_BREAKDOWNS_AT_MOST: Final = 3
"""Ops that may break the server down (5xx) before a push stops asking it."""

Progress = Callable[[Stage], None]


@dataclass(slots=True)
class Pushed:
    """What a push came to."""

    sent: int = 0
    leased: bool = True
    """False: another process is pushing; nothing was done here."""
    trouble: FhirError | None = None
    """What stopped it, or broke down on the way: what is left stays pending."""


def push(
    store: Store,
    client: FhirClient,
    lease: Lease,
    now: Callable[[], Instant],
    progress: Progress = lambda _stage: None,
    stop: Callable[[], bool] = lambda: False,
    patients: frozenset[str] | None = None,
) -> Pushed:
    """Send what waits, of some patients only where so asked. `stop` is asked before each op.

    Never raises FhirError: what the server did to it stands in `trouble`. Raises StoreError.
    """
    pushed = Pushed()
    if not lease.take():
        pushed.leased = False
        return pushed
    try:
        _Push(store, client, lease, now, pushed, patients).run(progress, stop)
    except FhirError as error:
        pushed.trouble = error
    finally:
        lease.release()
    return pushed


def _settle_older_takes(tx: Transaction, op: OutboxOp) -> None:
    """A take that clashed with a colleague's is settled once the nurse holds the Task all the same."""
    if op.act not in _TAKES:
        return
    for task in op.tasks:
        for older in tx.ops_on_task(task):
            if older.state == "conflict" and older.op.act in _TAKES and set(older.op.tasks) <= set(op.tasks):
                tx.set_op_state(older.op.op, "withdrawn")


class _Push:
    def __init__(
        self,
        store: Store,
        client: FhirClient,
        lease: Lease,
        now: Callable[[], Instant],
        pushed: Pushed,
        patients: frozenset[str] | None,
    ) -> None:
        self._store, self._lease, self._now = store, lease, now
        self._sender = Sender(store, client, now)
        self._pushed, self._patients = pushed, patients
        self._held: set[str] = set()
        """Patients, and ops without one, that wait for the next push."""

    def run(self, progress: Progress, stop: Callable[[], bool]) -> None:
        """Send op by op; which one is next is asked anew each time, since sending one may free another."""
        while not stop():
            stored = self._next()
            if stored is None or not self._lease.take():
                return
            progress(Stage("pushing", None, self._pushed.sent))
            try:
                self._settle(stored, self._sender.send(stored.op))
            except (ServerFailed, TooLarge) as error:
                self._hold(stored, error)

    def _next(self) -> StoredOp | None:
        with self._store.read() as snapshot:
            waiting = snapshot.next_ops(_AT_ONCE + len(self._held), _EVER)
        for stored in waiting:
            patient = stored.op.patient
            if (patient or stored.op.op) in self._held:
                continue
            if self._patients is None or patient in self._patients:
                return stored
        return None

    def _hold(self, stored: StoredOp, error: FhirError) -> None:
        """The server broke down over this op: its patient waits, the others go on."""
        with self._store.write() as tx:
            tx.set_op_state(stored.op.op, "pending", str(error))
        self._held.add(stored.op.patient or stored.op.op)
        self._pushed.trouble = error
        if len(self._held) >= _BREAKDOWNS_AT_MOST:
            raise error

    def _settle(self, stored: StoredOp, outcome: Outcome) -> None:
        """Keep how the op fared and what the server has now, in one transaction.

        The op leaves the queue first, so that it isn't laid over the server's answer. One that the nurse has
        withdrawn while it was under way stays so, unless the server took it all the same.
        """
        op = stored.op
        with self._store.write() as tx:
            current = tx.op(op.op)
            withdrawn = current is not None and current.state == "withdrawn"
            match outcome:
                case Sent():
                    tx.set_op_state(op.op, "sent")
                    _settle_older_takes(tx, op)
                    tx.forget_readings(f"outbox/{op.op}")
                    self._pushed.sent += 1
                case _ if withdrawn:
                    pass
                case Parked(answer):
                    tx.set_op_state(op.op, "parked", str(answer))
                case _:
                    tx.set_op_state(op.op, "conflict", str(outcome.answer))
            intake = Intake(tx, self._now())
            for raw in outcome.answers:
                intake.take(raw)
            intake.finish()
            if not isinstance(outcome, Sent):
                show_act_again(tx, op)
            dirty = intake.dirty | ({op.patient} if op.patient else set())
            add_to_set(tx, DIRTY, dirty)

"""Taking back what the server doesn't have yet: what waits, was refused, or is in conflict."""

from __future__ import annotations

from dataclasses import replace

from local_store import Store
from local_store.records import StoredOp
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.unsent import found_unsent, let_go, resting_on


def withdraw(store: Store, actor: Nurse, op: str, now: Instant, *, reason: str = "") -> ActDone:
    """Withdraw an act, its effect here, and the acts that can't be done without it.

    Notes and contacts that name the same work stay. The reason is kept in the access log. Where the server
    had taken it all the same, its answer having been lost, it comes back with the next sync.

    Raises:
        ActRefused: It is another nurse's, was sent, or is withdrawn already.
        NoSuchOp, AmbiguousOp: The op isn't there, or isn't the only one.
    """
    with store.write() as tx:
        stored = found_unsent(tx, op, actor)
        return taken_back(tx, actor, stored, now, free_text(reason).strip())


def undo(store: Store, actor: Nurse, patient: str, now: Instant) -> ActDone:
    """Withdraw what the nurse did last with a patient, as long as it is unsent. Raises ActRefused."""
    with store.write() as tx:
        stored = tx.last_unsent(patient, actor.login)
        if stored is None:
            raise ActRefused(sentences.NOTHING_TO_UNDO)
        return taken_back(tx, actor, stored, now)


def taken_back(
    tx: Transaction, actor: Nurse, stored: StoredOp, now: Instant, reason: str = "", act: str = "withdraw"
) -> ActDone:
    """Let go of an act and what rests on it, log it, and name what fell."""
    also = resting_on(tx, stored)
    let_go(tx, [stored, *also], reason or None)
    writer = ActWriter(tx, actor, stored.op.patient or "", now)
    done = writer.done(act, stored.op.op, tasks=stored.op.tasks, reason=reason or None)
    what = (stored.op.act, stored.op.at)
    return replace(done, withdrawn=what, also=tuple((one.op.act, one.op.at) for one in also))

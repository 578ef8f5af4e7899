"""Settling what two nurses did at once: keep mine, done to what the item is now, or keep theirs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fhir_r4.raw import Raw
from fhir_r4.task_change import TaskChange
from local_store import Store
from local_store.records import StoredItem, StoredOp
from local_store.touches import touches_of
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused, of_refusal
from triage_tui.acts.reopen import opened_anew
from triage_tui.acts.unsent import found_unsent, outgoing_of, wait_for_grounds
from triage_tui.acts.withdraw import taken_back
from work_items import Centre, ItemState, Outcome, may_complete, may_shelve


def keep_theirs(store: Store, actor: Nurse, op: str, now: Instant) -> ActDone:
    """Drop the change that is in conflict: the item stays as the colleague, or the patient, has made it.

    Notes and contacts are resources of their own, and stay.

    Raises:
        ActRefused: It is another nurse's, or in no conflict.
        NoSuchOp, AmbiguousOp: The op isn't there, or isn't the only one.
    """
    with store.write() as tx:
        return taken_back(tx, actor, _in_conflict(tx, op, actor), now, act="keep-theirs")


def keep_mine(store: Store, actor: Nurse, op: str, now: Instant, *, centre: Centre) -> ActDone:
    """Do the act again to what the item is now: she has seen who has it and how bad it is.

    What a colleague holds is taken over; what somebody has closed is reopened, as a new Task, and the act
    done to that. It is the same op, and waits to be sent again.

    Raises:
        ActRefused: It is another nurse's, in no conflict, or the rules don't allow it to the item as it is.
        NoSuchOp, AmbiguousOp: The op isn't there, or isn't the only one.
    """
    with store.write() as tx:
        stored = _in_conflict(tx, op, actor)
        writer = ActWriter(tx, actor, stored.op.patient or "", now)
        mine = _Mine(tx, writer, centre)
        before = outgoing_of(stored)
        mine.insist(before.changes)
        outgoing = replace(before, creates=(*before.creates, *mine.creates), changes=tuple(mine.changes))
        tasks = tuple(change.task for change in mine.changes)
        wait_for_grounds(tx, stored)
        tx.rewrite_op(stored.op.op, outgoing.to_bytes(), tasks=tasks)
        return writer.done("keep-mine", stored.op.op, tasks=tasks)


@dataclass(slots=True)
class _Mine:
    """The changes of an act, done anew."""

    tx: Transaction
    writer: ActWriter
    centre: Centre
    changes: list[TaskChange] = field(default_factory=list)
    creates: list[Raw] = field(default_factory=list)

    def insist(self, changes: tuple[TaskChange, ...]) -> None:
        """Of several items those that are open; where all are closed, the one named first is reopened."""
        found = [(change, self.tx.item(change.task)) for change in changes]
        here = [(change, stored) for change, stored in found if stored is not None]
        if not here:
            raise ActRefused(sentences.NO_SUCH_ITEM, task=changes[0].task if changes else "")
        still_open = [(change, stored) for change, stored in here if stored.item.state.is_open]
        if not still_open:
            change, stored = here[0]
            still_open = [(change, self._reopened(stored))]
        for change, stored in still_open:
            self._check(change, stored)
            self.changes.append(
                self.writer.change(
                    stored,
                    change.act,
                    change.outcome,
                    until=change.shelved_until,
                    reason=change.reason,
                    settled=True,
                )
            )

    def _reopened(self, stored: StoredItem) -> StoredItem:
        if stored.item.state is not ItemState.COMPLETED:
            raise ActRefused(sentences.UNDONE_MEANWHILE)
        item, raw = opened_anew(self.tx, stored, self.writer.now)
        self.tx.put_item(item, focus=stored.focus)
        self.creates.append(raw)
        return StoredItem(item, None, None, stored.focus)

    def _check(self, change: TaskChange, stored: StoredItem) -> None:
        """The rules, by the item as it is now."""
        item, now = stored.item, self.writer.now
        touches = touches_of(self.tx.entries_of(item.patient))
        refusal = None
        if change.act == "complete":
            refusal = may_complete(item, Outcome(change.outcome or ""), touches, now)
        elif change.act == "shelve" and change.shelved_until is not None:
            refusal = may_shelve(item, change.shelved_until, touches, now, self.centre)
        if refusal is not None:
            raise of_refusal(refusal, shelving=change.act == "shelve")


def _in_conflict(tx: Transaction, op: str, actor: Nurse) -> StoredOp:
    stored = tx.find_op(op)
    if stored.state != "conflict":
        raise ActRefused(sentences.NO_CONFLICT)
    return found_unsent(tx, op, actor)

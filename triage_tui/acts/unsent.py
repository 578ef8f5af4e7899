"""Acts that the server doesn't have: found, let go of with what rests on them, put back into the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, text_at, uuid_of
from local_store.records import StoredOp
from local_store.transaction import Transaction
from local_store.views import Nurse
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import grounds
from triage_tui.acts.refused import ActRefused
from triage_tui.shown_again import show_act_again

_LINES: Final = ("Communication", "ServiceRequest")
"""What stands on the timeline: never in conflict with anything, so nothing else can take it away."""


def found_unsent(tx: Transaction, op: str, actor: Nurse) -> StoredOp:
    """An act of this nurse's that waits, is refused or in conflict. Raises ActRefused, NoSuchOp."""
    stored = tx.find_op(op)
    if stored.op.author != actor.login:
        raise ActRefused(sentences.NO_SUCH_ACT, op=op)
    if stored.state == "sent":
        raise ActRefused(sentences.SENT_ALREADY)
    if stored.state == "withdrawn":
        raise ActRefused(sentences.WITHDRAWN_ALREADY)
    return stored


def resting_on(tx: Transaction, stored: StoredOp) -> list[StoredOp]:
    """The unsent acts that can't be done without this one, oldest first; itself is not among them.

    Notes, contacts and whatever else is only created can go without: they name what they are about by its
    UUID.
    """
    found: dict[str, StoredOp] = {}
    waiting = [stored]
    while waiting:
        for one in tx.dependants(waiting.pop().op.op):
            if one.op.op not in found and _needs_it(one):
                found[one.op.op] = one
                waiting.append(one)
    return sorted(found.values(), key=lambda one: one.seq)


def wait_for_grounds(tx: Transaction, stored: StoredOp) -> None:
    """Behind the contacts and notes made since on which it rests now, where it closes or shelves red.

    It stands earlier in the outbox than they, and would else be sent first.
    """
    waiting = {one.op.op for one in tx.dependants(stored.op.op)}
    for change in outgoing_of(stored).changes:
        item = tx.item(change.task)
        if item is not None and change.act in ("complete", "shelve"):
            for needs in grounds(tx, item, tx.entries_of(item.item.patient)):
                if needs not in waiting:
                    tx.add_dependency(stored.op.op, needs)


def let_go(tx: Transaction, gone: Iterable[StoredOp], reason: str | None) -> None:
    """Withdraw these acts and take back what they did here; what the server has of them stays."""
    gone = list(gone)
    for stored in gone:
        tx.set_op_state(stored.op.op, "withdrawn", reason)
        for other in tx.dependants(stored.op.op):
            tx.drop_dependency(other.op.op, stored.op.op)
    for stored in reversed(gone):
        for raw in outgoing_of(stored).creates:
            _take_back(tx, stored, raw)
    for stored in gone:
        show_act_again(tx, stored.op)


def outgoing_of(stored: StoredOp) -> Outgoing:
    """What an act sends; nothing where it can't be read any more."""
    try:
        return Outgoing.from_bytes(stored.op.body)
    except ValueError:
        return Outgoing()


def _needs_it(stored: StoredOp) -> bool:
    outgoing = outgoing_of(stored)
    return bool(outgoing.changes or outgoing.amendments) or any(raw.get("partOf") for raw in outgoing.creates)


def _take_back(tx: Transaction, stored: StoredOp, raw: Raw) -> None:
    kind, uuid = text_at(raw, "resourceType") or "", uuid_of(raw)
    if uuid is None or tx.resource_by_identifier(uuid, kind) is not None:
        return
    if kind in _LINES:
        tx.drop_entry(uuid)
    elif kind == "Task" and uuid in stored.op.tasks and not _is_local(tx, uuid):
        tx.drop_item(uuid)
    elif kind == "Observation":
        tx.forget_readings(f"outbox/{stored.op.op}")


def _is_local(tx: Transaction, task: str) -> bool:
    """Whether it is an alert that this console has found, which an act only published."""
    found = tx.item(task)
    return found is not None and found.item.local

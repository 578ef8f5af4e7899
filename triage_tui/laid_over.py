"""Work items as the nurse left them: her acts that wait to be sent, laid over what the server has.

The sync lays them over what it fetches, and the acts when one is withdrawn, tried again or settled.
"""

from __future__ import annotations

from dataclasses import replace

from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, decode, reference_of, uuid_of
from fhir_r4.references import relative
from fhir_r4.task_change import apply, conflict_with
from fhir_r4.tasks import is_work_item, item_of, task_of
from local_store.records import Kept
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from work_items.model import Item, ItemState


def overlaid(snapshot: Snapshot, raw: Raw) -> Raw:
    """A Task with the acts that wait laid over it.

    An act that would be a conflict is left out: what is shown then is the truth, and the push will say so.
    """
    task = uuid_of(raw) or reference_of(raw)
    for body in snapshot.pending_changes(task):
        for change in Outgoing.from_bytes(body).changes:
            if change.task == task and conflict_with(raw, change) is None:
                raw = apply(raw, change)
    return raw


def kept_task(snapshot: Snapshot, task: str) -> Kept | None:
    """The Task of an item as the server last gave it: by its UUID, or its reference where it has none."""
    if task.startswith("Task/"):
        return snapshot.resource("Task", task.removeprefix("Task/"))
    return snapshot.resource_by_identifier(task, "Task")


def put_task(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a Task: as an item where it is ours, else only as it came. Raises BadElement."""
    if is_work_item(raw):
        tx.put_item(item_of(overlaid(tx, raw)), kept, relative(raw, "focus"))
    else:
        tx.put_raw(kept)


def show_again(tx: Transaction, task: str) -> None:
    """Work out anew how an item stands, after an op has left the queue or come back into it."""
    kept = kept_task(tx, task)
    if kept is not None:
        put_task(tx, decode(kept.raw), kept)
        return
    stored = tx.item(task)
    if stored is not None:
        item = stored.item
        planned_at = None if item.hidden_until is None else min(item.raised, item.hidden_until)
        raw = overlaid(tx, task_of(_untouched(item), planned_at=planned_at))
        tx.put_item(replace(item_of(raw, item.episode, item.kind), local=item.local))


def _untouched(item: Item) -> Item:
    """An item that the server doesn't have yet as it was before anybody did anything to it."""
    return replace(
        item,
        state=ItemState.REQUESTED,
        owner=None,
        owned_since=None,
        touched=item.follows is not None and not item.local,
        shelved_until=None,
        shelved_because=None,
        shelved_at=None,
        shelved_band=None,
        outcome=None,
        closed_at=None,
    )

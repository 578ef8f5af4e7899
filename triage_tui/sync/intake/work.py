"""Task → work item with what waits to be sent laid over it; DetectedIssue → episode."""

from __future__ import annotations

from fhir_r4.issues import episode_of, is_ours
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, decode, reference_of, uuid_of
from fhir_r4.references import relative
from fhir_r4.task_change import apply, conflict_with
from fhir_r4.tasks import focus_issue, is_work_item, item_of, state_of
from local_store.records import Kept
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction


def take_task(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a Task: as an item where it is ours, else only as it came. Raises BadElement."""
    if not is_work_item(raw):
        tx.put_raw(kept)
        return
    tx.put_item(item_of(overlaid(tx, raw)), kept, relative(raw, "focus"))


def take_issue(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a DetectedIssue: as an episode where it carries one. Raises BadElement."""
    episode = episode_of(raw) if is_ours(raw) else None
    if episode is None:
        tx.put_raw(kept)
    else:
        tx.put_episode(episode, kept)


def missing_issue(snapshot: Snapshot, raw: Raw) -> set[str]:
    """Logical id of the DetectedIssue that an open Task is about, where the cache lacks it."""
    logical_id = focus_issue(raw)[1]
    if logical_id is None or not state_of(raw).is_open:
        return set()
    return set() if snapshot.known_version("DetectedIssue", logical_id) else {logical_id}


def overlaid(snapshot: Snapshot, raw: Raw) -> Raw:
    """A Task as the nurse left it: her acts that wait to be sent, laid over what the server has.

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


def show_again(tx: Transaction, task: str) -> None:
    """Work out anew how an item stands, from the server's Task and what still waits to be sent.

    After an op has left the queue without being done: parked, in conflict or withdrawn.
    """
    kept = kept_task(tx, task)
    if kept is not None:
        take_task(tx, decode(kept.raw), kept)

"""Reopening a completed item: a new Task that is part of the old."""

from __future__ import annotations

from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, child, decode
from fhir_r4.references import to_uuid
from fhir_r4.tasks import task_of
from local_store import Store
from local_store.records import StoredItem
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused, of_refusal
from triage_tui.laid_over import kept_task
from work_items import Item, may_reopen, reopened

_EVER: Instant = -(2**62)


def reopen(store: Store, actor: Nurse, task: str, now: Instant) -> ActDone:
    """Go on with an item that was completed: anybody may take the new one. Its op is the new Task's UUID.

    Raises:
        ActRefused: No such item, it wasn't completed, or work about the same is open already.
    """
    with store.write() as tx:
        stored = tx.item(task)
        if stored is None:
            raise ActRefused(sentences.NO_SUCH_ITEM, task=task)
        refusal = may_reopen(stored.item)
        if refusal is not None:
            raise of_refusal(refusal)
        if any(other.item.state.is_open for other in _of_the_same(tx, stored.item)):
            raise ActRefused(sentences.OPEN_ALREADY)
        writer = ActWriter(tx, actor, stored.item.patient, now)
        item, raw = opened_anew(tx, stored, now)
        closing = [one.op.op for one in tx.ops_on_task(task)]
        writer.queue("reopen", item.task, Outgoing(creates=(raw,)), depends_on=closing, created=[item.task])
        tx.put_item(item, focus=stored.focus)
        return writer.done("reopen", item.task, tasks=[item.task])


def opened_anew(tx: Transaction, stored: StoredItem, now: Instant) -> tuple[Item, Raw]:
    """The item that follows a completed one, and the Task to create for it."""
    old = stored.item
    n = max(one.item.n for one in [stored, *_of_the_same(tx, old)]) + 1
    item = reopened(old, n)
    while tx.item(item.task) is not None or tx.op(item.task) is not None:
        n += 1
        item = reopened(old, n)
    planned_at = None if item.hidden_until is None else min(item.raised, now)
    return item, task_of(item, focus=_focus(tx, stored), planned_at=planned_at, modified=now)


def _of_the_same(tx: Transaction, item: Item) -> list[StoredItem]:
    """All items of the same cause that the cache knows, closed ones too."""
    found = tx.items_of(item.patient, closed_since=_EVER)
    return [one for one in found if (one.item.code, one.item.what) == (item.code, item.what)]


def _focus(tx: Transaction, stored: StoredItem) -> Raw | None:
    kept = kept_task(tx, stored.item.task)
    if kept is not None:
        return child(decode(kept.raw), "focus") or None
    episode = stored.item.episode
    if episode is None:
        return None
    known = tx.episode(episode.id)
    return to_uuid("DetectedIssue", episode.id, known.reference if known else None)

"""Taking a patient: all of her open items, so that everybody sees who has her."""

from __future__ import annotations

from fhir_r4.outgoing import Outgoing
from fhir_r4.task_change import Act
from local_store import Store
from local_store.records import StoredItem
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, found_item, new_op, refuse_if_held
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused
from work_items import ItemState, taken_together


def take(store: Store, actor: Nurse, task: str, now: Instant) -> ActDone:
    """Take this item and all the patient's others that nobody holds, as one op.

    What a colleague holds of her stays the colleague's. An item of her own that the nurse has shelved comes
    back, if it is the one named.

    Raises:
        ActRefused: No such open item, somebody else has it (use takeover), or it is hers already.
    """
    with store.write() as tx:
        named = found_item(tx, task)
        refuse_if_held(tx, named.item, actor)
        wanted = [stored for stored in together(tx, named) if stored.item.owner is None]
        if named.item.owner is not None and named.item.state is ItemState.ON_HOLD:
            wanted.insert(0, named)
        if not wanted:
            raise ActRefused(sentences.YOURS)
        return change_all(tx, actor, "take", wanted, now)


def together(tx: Transaction, named: StoredItem) -> list[StoredItem]:
    """The item named first, then the patient's other open items; trackers of escalations are left out."""
    found = {stored.item.task: stored for stored in tx.items_of(named.item.patient)}
    others = taken_together(stored.item for stored in found.values())
    return [named, *(found[item.task] for item in others if item.task != named.item.task)]


def change_all(tx: Transaction, actor: Nurse, act: Act, items: list[StoredItem], now: Instant) -> ActDone:
    """One act on several items of one patient, as one op."""
    writer = ActWriter(tx, actor, items[0].item.patient, now)
    op = new_op()
    changes = tuple(writer.change(stored, act) for stored in items)
    writer.queue(act, op, Outgoing(changes=changes), about=items)
    return writer.done(act, op, tasks=[change.task for change in changes])

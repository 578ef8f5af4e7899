"""Taking a patient over from a colleague."""

from __future__ import annotations

from local_store import Store
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import found_item
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.take import change_all, together


def takeover(store: Store, actor: Nurse, task: str, now: Instant) -> ActDone:
    """Take all the patient's open items, from whoever holds them, as one op.

    Raises:
        ActRefused: No such open item, or all are hers already.
    """
    with store.write() as tx:
        named = found_item(tx, task)
        wanted = [stored for stored in together(tx, named) if stored.item.owner != actor.reference]
        if not wanted:
            raise ActRefused(sentences.YOURS)
        return change_all(tx, actor, "takeover", wanted, now)

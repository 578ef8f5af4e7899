"""Giving a patient back, for anybody to take."""

from __future__ import annotations

from local_store import Store
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import found_item, refuse_if_held
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.take import change_all, together


def release(store: Store, actor: Nurse, task: str, now: Instant) -> ActDone:
    """Give back all the patient's open items that are the nurse's, as one op.

    Raises:
        ActRefused: No such open item, somebody else has it, or nobody has.
    """
    with store.write() as tx:
        named = found_item(tx, task)
        refuse_if_held(tx, named.item, actor)
        if named.item.owner is None:
            raise ActRefused(sentences.NOBODYS)
        mine = [stored for stored in together(tx, named) if stored.item.owner == actor.reference]
        return change_all(tx, actor, "release", mine, now)

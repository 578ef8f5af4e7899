"""Putting a work item off until an instant, by the rules of shelving."""

from __future__ import annotations

from fhir_r4.outgoing import Outgoing
from local_store import Store
from local_store.touches import touches_of
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine import format_instant
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, found_item, grounds, new_op, refuse_if_held
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused, of_refusal
from work_items import Centre, may_shelve


def shelve(
    store: Store, actor: Nurse, task: str, until: Instant, reason: str, now: Instant, *, centre: Centre
) -> ActDone:
    """Put an item off; one that nobody holds is taken in the same op. `reason`: a code or words.

    It is the nurse's own again at `until`, or as soon as something gets worse (work_items.shelving).

    Raises:
        ActRefused: No such open item, no reason, somebody else has it (use takeover), or the rules say no.
    """
    words = reason_of(reason)
    with store.write() as tx:
        return shelve_in(tx, actor, task, until, words, now, centre)


def reason_of(text: str) -> str:
    """A reason that can be sent. Raises ActRefused where there is none."""
    words = free_text(text).strip()
    if not words:
        raise ActRefused(sentences.NO_REASON)
    return words


def shelve_in(
    tx: Transaction, actor: Nurse, task: str, until: Instant, words: str, now: Instant, centre: Centre
) -> ActDone:
    """The same inside a transaction, which others may be part of. Raises ActRefused."""
    stored = found_item(tx, task)
    refuse_if_held(tx, stored.item, actor)
    entries = tx.entries_of(stored.item.patient)
    refusal = may_shelve(stored.item, until, touches_of(entries), now, centre)
    if refusal is not None:
        raise of_refusal(refusal, shelving=True)
    writer = ActWriter(tx, actor, stored.item.patient, now)
    op = new_op()
    change = writer.change(stored, "shelve", until=until, reason=words)
    writer.queue(
        "shelve",
        op,
        Outgoing(changes=(change,)),
        about=[stored],
        depends_on=grounds(tx, stored, entries),
        summary={"until": format_instant(until), "reason": words},
    )
    return writer.done("shelve", op, tasks=[task])

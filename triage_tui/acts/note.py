"""Writing a note about a patient."""

from __future__ import annotations

from collections.abc import Sequence

from fhir_r4 import communications
from fhir_r4.outgoing import Outgoing
from local_store import Store
from local_store.records import StoredItem
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, items_about, named, new_op
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused


def note(
    store: Store, actor: Nurse, patient: str, text: str, now: Instant, *, about: Sequence[str] = ()
) -> ActDone:
    """Write a note about some of the patient's items: UUIDs of their Tasks, or none for all open ones.

    Raises:
        ActRefused: No text, no such patient, or an item that isn't hers.
    """
    with store.write() as tx:
        items = items_about(tx, patient, about)
        writer = ActWriter(tx, actor, patient, now)
        op = put_note(writer, text, items)
        return writer.done("note", op)


def put_note(writer: ActWriter, text: str, items: Sequence[StoredItem]) -> str:
    """Put the note on the timeline and into the outbox; its op. Raises ActRefused where there is no text."""
    text = free_text(text)
    if not text.strip():
        raise ActRefused(sentences.NO_TEXT)
    op = new_op()
    raw = communications.note(
        op,
        patient=writer.patient,
        author=writer.actor.reference,
        at=writer.now,
        text=text,
        about=named(items),
    )
    entry = TimelineEntry(
        id=op,
        kind="note",
        at=writer.now,
        author=writer.actor.name,
        text=text,
        about=tuple(stored.item.task for stored in items),
        sent=False,
    )
    writer.queue("note", op, Outgoing(creates=(raw,)), about=items)
    writer.tx.put_entry(writer.patient, entry)
    return op

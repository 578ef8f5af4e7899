"""Correcting what one wrote: a new entry in place of the old, which stays to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from fhir_r4 import communications
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, decode
from fhir_r4.references import relative
from local_store import Store
from local_store.records import StoredItem
from local_store.transaction import Transaction
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, named, new_op
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused

_WRITTEN = ("note", "contact", "message")


def correct(store: Store, actor: Nurse, corrected: str, text: str, now: Instant) -> ActDone:
    """Put a text in place of that of a note, contact or message of one's own. `corrected`: its op.

    Everything else is as it was: what it is about, by what medium, whether somebody was reached.

    Raises:
        ActRefused: No text, nothing with that op, somebody else's, or one that was corrected already.
    """
    text = free_text(text)
    if not text.strip():
        raise ActRefused(sentences.NO_TEXT)
    with store.write() as tx:
        patient, entry = _found(tx, corrected, actor)
        items = [stored for task in entry.about if (stored := tx.item(task)) is not None]
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        raw = communications.correcting(_written(writer, op, entry, text, items), corrected)
        first = [corrected] if tx.op(corrected) is not None else []
        writer.queue("correct", op, Outgoing(creates=(raw,)), about=items, depends_on=first)
        new = replace(entry, id=op, at=now, author=actor.name, text=text, sent=False, corrects=corrected)
        tx.put_entry(patient, new)
        return writer.done("correct", op)


def _found(tx: Transaction, corrected: str, actor: Nurse) -> tuple[str, TimelineEntry]:
    """The entry and its patient, where it may be corrected."""
    found = tx.entry(corrected)
    if found is None or found[1].kind not in _WRITTEN:
        raise ActRefused(sentences.NOT_WRITTEN, op=corrected)
    patient, entry = found
    if not _is_hers(tx, corrected, actor):
        raise ActRefused(sentences.ANOTHERS, author=entry.author or "?")
    newer = next((one.id for one in tx.entries_of(patient) if one.corrects == corrected), None)
    if newer is not None:
        raise ActRefused(sentences.CORRECTED_ALREADY, op=newer)
    return patient, entry


def _is_hers(tx: Transaction, corrected: str, actor: Nurse) -> bool:
    """Whether the nurse wrote it herself: by its sender, or as long as it is unsent by its op."""
    kept = tx.resource_by_identifier(corrected, "Communication")
    if kept is not None:
        return relative(decode(kept.raw), "sender") == actor.reference
    waiting = tx.op(corrected)
    return waiting is not None and waiting.op.author == actor.login


def _written(writer: ActWriter, op: str, entry: TimelineEntry, text: str, items: Sequence[StoredItem]) -> Raw:
    about = named(items)
    patient, author, at = writer.patient, writer.actor.reference, writer.now
    if entry.kind == "note":
        return communications.note(op, patient=patient, author=author, at=at, text=text, about=about)
    if entry.kind == "message":
        by: Literal["app", "sms"] = "sms" if entry.medium == "sms" else "app"
        return communications.message(
            op, patient=patient, author=author, at=at, text=text, about=about, medium=by
        )
    raw = communications.contact(
        op,
        patient=patient,
        author=author,
        at=at,
        by="video" if entry.medium == "video" else "phone",
        reached=bool(entry.reached),
        text=text,
        about=about,
    )
    whom = next((one for one in communications.WHOM if one == entry.whom), None)
    return raw if whom is None else communications.spoken_with(raw, whom)

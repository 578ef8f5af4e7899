"""Trying again what the server refused, as it is or with its text corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, members, uuid_of
from local_store import Store
from local_store.records import StoredOp
from local_store.transaction import Transaction
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.unsent import found_unsent, outgoing_of, wait_for_grounds
from triage_tui.shown_again import show_act_again


def retry(store: Store, actor: Nurse, op: str, now: Instant) -> ActDone:
    """Let an act that was refused or in conflict be sent again; one that waits is sent at once.

    Whether it is in conflict, and the rules for red, are looked at anew when it is sent.

    Raises:
        ActRefused: It is another nurse's, was sent, or is withdrawn.
        NoSuchOp, AmbiguousOp: The op isn't there, or isn't the only one.
    """
    with store.write() as tx:
        stored = found_unsent(tx, op, actor)
        tx.retry_op(stored.op.op)
        wait_for_grounds(tx, stored)
        return _again(tx, actor, stored, now, "retry")


def mend(store: Store, actor: Nurse, op: str, text: str, now: Instant) -> ActDone:
    """Correct the text of an act that was refused (a note, a contact, a reason), and let it be sent again.

    Raises:
        ActRefused: No text, nothing in it that has one, or it wasn't refused: what waits may be on its way.
        NoSuchOp, AmbiguousOp: The op isn't there, or isn't the only one.
    """
    text = free_text(text)
    if not text.strip():
        raise ActRefused(sentences.NO_TEXT)
    with store.write() as tx:
        stored = found_unsent(tx, op, actor)
        if stored.state == "pending":
            raise ActRefused(sentences.NOT_REFUSED)
        outgoing = outgoing_of(stored)
        mended = with_text(outgoing, stored.op.op, text)
        if mended == outgoing:
            raise ActRefused(sentences.NO_TEXT_TO_MEND)
        summary = dict(stored.op.summary)
        if "reason" in summary:
            summary["reason"] = text.strip()
        tx.rewrite_op(stored.op.op, mended.to_bytes(), stored.op.base, summary=summary)
        found = tx.entry(stored.op.op)
        if found is not None:
            patient, entry = found
            tx.put_entry(patient, replace(entry, text=text))
        return _again(tx, actor, stored, now, "mend")


def with_text(outgoing: Outgoing, op: str, text: str) -> Outgoing:
    """The same writes with another text: that of the resource made by the act, or the reason of shelving."""
    creates = tuple(_worded(raw, text) if uuid_of(raw) == op else raw for raw in outgoing.creates)
    changes = tuple(
        replace(change, reason=text.strip()) if change.reason else change for change in outgoing.changes
    )
    return replace(outgoing, creates=creates, changes=changes)


def _worded(raw: Raw, text: str) -> Raw:
    if raw.get("resourceType") == "Communication":
        return {**raw, "payload": [{"contentString": text}]}
    if raw.get("resourceType") == "ServiceRequest":
        first: Mapping[str, object] = next(iter(members(raw.get("note"))), {})
        return {**raw, "note": [{**first, "text": text}]}
    return raw


def _again(tx: Transaction, actor: Nurse, stored: StoredOp, now: Instant, act: str) -> ActDone:
    show_act_again(tx, stored.op)
    return ActWriter(tx, actor, stored.op.patient or "", now).done(act, stored.op.op, tasks=stored.op.tasks)

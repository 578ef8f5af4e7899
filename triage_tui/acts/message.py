"""Writing to a patient, and having opened what she wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from fhir_r4 import communications, systems
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
from work_items import Band, ItemCode, ItemState, Outcome

By: TypeAlias = Literal["app", "sms"]


def message(
    store: Store,
    actor: Nurse,
    patient: str,
    text: str,
    now: Instant,
    *,
    about: Sequence[str] = (),
    by: By = "app",
) -> ActDone:
    """Write to a patient about some of her items: UUIDs of their Tasks, or none for all open ones.

    Her messages among them are answered by it, and so done with: the judge closes their Tasks.

    Raises:
        ActRefused: No text, no such patient, or an item that isn't hers.
    """
    text = free_text(text)
    if not text.strip():
        raise ActRefused(sentences.NO_TEXT)
    with store.write() as tx:
        items = items_about(tx, patient, about)
        answered = [stored for stored in items if _is_open_message(stored)]
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        raw = communications.message(
            op,
            patient=patient,
            author=actor.reference,
            at=now,
            text=text,
            medium=by,
            about=named(items),
            in_response_to=_last(answered),
        )
        tasks = [stored.item.task for stored in answered]
        writer.queue("message", op, Outgoing(creates=(raw,)), about=items, summary={"by": by}, created=tasks)
        tx.put_entry(
            patient,
            TimelineEntry(
                id=op,
                kind="message",
                at=now,
                author=actor.name,
                text=text,
                medium=by,
                about=tuple(stored.item.task for stored in items),
                sent=False,
            ),
        )
        for stored in answered:
            done = {"state": ItemState.COMPLETED, "outcome": Outcome.CONTACTED.value, "closed_at": now}
            tx.put_item(replace(stored.item, **done))  # type: ignore[arg-type]
        return writer.done("message", op, tasks=tasks)


def open_messages(store: Store, actor: Nurse, patient: str, now: Instant) -> ActDone | None:
    """Say that a nurse has opened the patient's messages: no longer yellow, but blue until answered.

    None where there is none that nobody has opened: nothing is saved then.

    Raises:
        ActRefused: No such patient.
    """
    with store.write() as tx:
        items = [stored for stored in items_about(tx, patient, ()) if _is_unopened(stored)]
        if not items:
            return None
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        changes = tuple(writer.change(stored, "open") for stored in items)
        for stored in items:
            # What the judge will say of it, who alone sets a Task's priority.
            tx.put_item(replace(stored.item, touched=True, band=Band.BLUE))
        writer.queue("open", op, Outgoing(changes=changes), about=items)
        return writer.done("open", op, tasks=[change.task for change in changes])


def _is_open_message(stored: StoredItem) -> bool:
    return stored.item.code is ItemCode.MESSAGE and stored.item.state.is_open


def _is_unopened(stored: StoredItem) -> bool:
    return _is_open_message(stored) and not stored.item.touched and stored.item.band is not Band.BLUE


def _last(answered: Iterable[StoredItem]) -> str | None:
    """The UUID of the message that came last, where it has one."""
    whats = [
        stored.item.what
        for stored in sorted(answered, key=lambda stored: stored.item.raised)
        if stored.item.what.startswith(systems.UUID_PREFIX)
    ]
    return whats[-1].removeprefix(systems.UUID_PREFIX) if whats else None

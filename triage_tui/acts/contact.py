"""Having spoken with a patient, or tried to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from fhir_r4 import communications
from fhir_r4.outgoing import Outgoing
from fhir_r4.references import to_uuid
from fhir_r4.systems import UUID_PREFIX
from fhir_r4.tasks import task_of
from local_store import Store
from local_store.records import StoredItem
from local_store.touches import touches_of
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, items_about, named, new_op
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused
from work_items import Band, Item, ItemCode, no_answers, other_task_uuid, plan_follow_up, try_again_at

By: TypeAlias = Literal["phone", "video"]
Result: TypeAlias = Literal["reached", "no-answer"]


def contact(  # noqa: PLR0913 - what is said of a contact
    store: Store,
    actor: Nurse,
    patient: str,
    by: By,
    result: Result,
    now: Instant,
    *,
    text: str = "",
    about: Sequence[str] = (),
    follow_up: Instant | None = None,
    whom: communications.Whom | None = None,
) -> ActDone:
    """Note a contact about some of the patient's items: UUIDs of their Tasks, or none for all open ones.

    Nobody answered: the item stays as it is, and a follow-up comes back after 15 min (red) or 2 h; at
    `follow_up`, if that is given, which makes one after a contact that reached somebody too. `whom`: with
    whom, where not with her alone. What comes back says how many times in a row nobody answered.

    Raises:
        ActRefused: No such patient, an item that isn't hers, or a time to come back that is past.
    """
    if follow_up is not None and follow_up <= now:
        raise ActRefused(sentences.PAST)
    text = free_text(text)
    with store.write() as tx:
        items = items_about(tx, patient, about)
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        reached = result == "reached"
        raw = communications.contact(
            op,
            patient=patient,
            author=actor.reference,
            at=now,
            by=by,
            reached=reached,
            text=text,
            about=named(items),
        )
        raw = raw if whom is None else communications.spoken_with(raw, whom)
        planned = _planned(writer, op, items, follow_up, reached=reached)
        creates = [raw]
        if planned is not None:
            creates.append(task_of(planned, focus=to_uuid("Communication", op), planned_at=now, modified=now))
        tasks = [planned.task] if planned else []
        writer.queue(
            "contact",
            op,
            Outgoing(creates=tuple(creates)),
            about=items,
            summary={"by": by, "result": result},
            created=tasks,
        )
        entry = _entry(writer, op, by, text, items, reached=reached)
        tx.put_entry(patient, replace(entry, whom=whom))
        if planned is not None:
            tx.put_item(planned)
        done = writer.done("contact", op, tasks=tasks)
        touches = touches_of(tx.entries_of(patient))
        tries = (no_answers(stored.item, touches) for stored in items)
        return replace(done, unanswered=max(tries, default=0))


def _planned(
    writer: ActWriter, op: str, items: Sequence[StoredItem], at: Instant | None, *, reached: bool
) -> Item | None:
    """The follow-up of a contact, if there is to be one."""
    about = [stored.item for stored in items if stored.item.state.is_open]
    if at is None and (reached or not about):
        return None
    what = f"{UUID_PREFIX}{op}"
    if about:
        due = try_again_at(max(item.band for item in about), writer.now) if at is None else at
        return plan_follow_up(about, what, due)
    due = writer.now if at is None else at
    return Item(
        task=other_task_uuid(ItemCode.FOLLOW_UP, what, 1),
        patient=writer.patient,
        code=ItemCode.FOLLOW_UP,
        what=what,
        band=Band.YELLOW,
        raised=due,
        respond_by=due,
        hidden_until=due,
    )


def _entry(
    writer: ActWriter, op: str, by: By, text: str, items: Sequence[StoredItem], *, reached: bool
) -> TimelineEntry:
    return TimelineEntry(
        id=op,
        kind="contact",
        at=writer.now,
        author=writer.actor.name,
        text=text,
        medium=by,
        reached=reached,
        about=tuple(stored.item.task for stored in items),
        sent=False,
    )

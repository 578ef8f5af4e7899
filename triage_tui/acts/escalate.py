"""Lifting a patient to somebody else: the GP, who answers later, or whoever was rung and said what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from fhir_r4 import systems
from fhir_r4.outgoing import Outgoing
from fhir_r4.patients import person_of
from fhir_r4.raw import Raw, decode
from fhir_r4.references import to_uuid
from fhir_r4.service_requests import HELPERS, Helper, NewEscalation, escalation
from fhir_r4.tasks import task_of
from local_store import Store
from local_store.records import StoredItem
from local_store.transaction import Transaction
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, items_about, new_op
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.isbar import isbar_draft
from triage_tui.acts.refused import ActRefused
from work_items import Band, Centre, Escalation, Item, ItemCode, ItemState, other_task_uuid
from work_items.escalations import answer_due

DAYS: Final = 30
"""Readings of so many days stand behind the draft."""


def escalate(
    store: Store,
    actor: Nurse,
    patient: str,
    helper: str,
    now: Instant,
    *,
    text: str = "",
    about: Sequence[str] = (),
    centre: str = "",
) -> ActDone:
    """Escalate some of the patient's items: UUIDs of their Tasks, or none for all open ones.

    `text`: the ISBAR report, or what was said and agreed; without it the draft (`draft_for`) goes as it is.
    `centre`: the centre's name, for the draft. The Task that tracks it is the op's second resource.

    Raises:
        ActRefused: No such patient or helper, or an item that isn't hers.
    """
    to = _helper(helper)
    text = free_text(text).strip() or draft_for(store, actor, patient, to, now, about=about, centre=centre)
    with store.write() as tx:
        items = items_about(tx, patient, about)
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        band = max((stored.item.band for stored in items), default=Band.YELLOW)
        new = NewEscalation(
            patient=patient,
            requester=actor.reference,
            at=now,
            helper=to,
            band=band,
            text=text,
            performer=_gp(tx, patient) if to == "gp" else None,
            evidence=_evidence(tx, patient, items),
            episodes=[stored.item.episode.id for stored in items if stored.item.episode is not None],
            tasks=[stored.item.task for stored in items],
        )
        tracker = _tracker(op, new)
        creates = (escalation(op, new), _tracking_task(op, tracker, to, now))
        writer.queue(
            "escalate",
            op,
            Outgoing(creates=creates),
            about=items,
            summary={"to": to},
            created=[tracker.task],
        )
        tx.put_item(tracker)
        tx.put_entry(patient, _entry(writer, op, new))
        return writer.done("escalate", op, tasks=[tracker.task])


def draft_for(
    store: Store,
    actor: Nurse,
    patient: str,
    helper: str,
    now: Instant,
    *,
    about: Sequence[str] = (),
    centre: str = "",
) -> str:
    """The ISBAR draft about a patient as the cache knows her.

    Raises:
        ActRefused: No such patient or helper.
    """
    view = store.patient(patient, now, DAYS)
    if view is None:
        raise ActRefused(sentences.NO_SUCH_PATIENT, patient=patient)
    return isbar_draft(view, actor, centre, _helper(helper), now, about)


def _helper(text: str) -> Helper:
    found = next((helper for helper in HELPERS if helper == text), None)
    if found is None:
        raise ActRefused(sentences.NO_HELPER, helper=text, helpers=", ".join(HELPERS))
    return found


def _gp(tx: Transaction, patient: str) -> str | None:
    """Reference of the patient's GP, where her Patient names one."""
    kept = tx.resource("Patient", patient)
    return person_of(decode(kept.raw)).gp if kept else None


def _evidence(tx: Transaction, patient: str, items: Iterable[StoredItem]) -> list[str]:
    """The resources of the readings that her alerts rest on; those not yet sent are left out."""
    ids = {
        change.reading
        for stored in items
        if stored.item.episode is not None
        for change in stored.item.episode.changes
    }
    if not ids:
        return []
    found = [one.known_as for one in tx.stored_readings(patient) if one.reading.id in ids]
    return [one for one in dict.fromkeys(found) if not one.startswith("outbox/")]


def _tracker(op: str, new: NewEscalation) -> Item:
    """What follows the escalation: hers until it is answered; over at once where it was spoken."""
    what = f"{systems.UUID_PREFIX}{op}"
    waits = new.helper == "gp"
    due = answer_due(Escalation(what, new.band, new.at), Centre()) if waits else new.at
    return Item(
        task=other_task_uuid(ItemCode.ESCALATION, what, 1),
        patient=new.patient,
        code=ItemCode.ESCALATION,
        what=what,
        band=new.band,
        state=ItemState.IN_PROGRESS if waits else ItemState.COMPLETED,
        raised=new.at,
        respond_by=due,
        owner=new.requester,
        owned_since=new.at,
        touched=True,
        closed_at=None if waits else new.at,
    )


def _tracking_task(op: str, tracker: Item, helper: Helper, now: Instant) -> Raw:
    raw = task_of(tracker, focus=to_uuid("ServiceRequest", op), modified=now)
    if helper != "gp":
        return raw
    return {**raw, "businessStatus": {"coding": [{"system": systems.ESCALATION_STATE, "code": "sent"}]}}


def _entry(writer: ActWriter, op: str, new: NewEscalation) -> TimelineEntry:
    return TimelineEntry(
        id=op,
        kind="escalation",
        at=writer.now,
        author=writer.actor.name,
        text=new.text,
        about=tuple(new.tasks),
        sent=False,
        whom=new.helper,
    )

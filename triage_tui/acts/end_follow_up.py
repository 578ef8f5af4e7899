"""Ending a patient's follow-up: her plan is completed, and a note on the timeline says why."""

from __future__ import annotations

from dataclasses import replace

from fhir_r4 import communications
from fhir_r4.amendment import Amendment
from fhir_r4.outgoing import Outgoing
from local_store import Store
from local_store.views import Nurse, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, new_op, patient_known
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused
from triage_tui.wording import _


def end_follow_up(store: Store, actor: Nurse, patient: str, reason: str, now: Instant) -> ActDone:
    """Complete the patient's plan. What is open of her work stays for a nurse to close.

    Raises:
        ActRefused: No reason, no such patient, or no plan in force.
    """
    reason = free_text(reason).strip()
    if not reason:
        raise ActRefused(sentences.NO_REASON)
    with store.write() as tx:
        patient_known(tx, patient)
        record = tx.plan_record(patient)
        if record is None:
            raise ActRefused(sentences.NO_PLAN_TO_END)
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        text = _("Follow-up ended: {reason}").format(reason=reason)
        note = communications.note(op, patient=patient, author=actor.reference, at=now, text=text)
        amendment = Amendment(kind="end", target=record.reference, by=actor.reference, at=now, reason=reason)
        writer.queue("end", op, Outgoing(creates=(note,), amendments=(amendment,)))
        tx.put_plan(replace(record, active=False))
        tx.put_entry(
            patient, TimelineEntry(id=op, kind="note", at=now, author=actor.name, text=text, sent=False)
        )
        return writer.done("end", op)

"""Pausing a patient's plan, for a stay in hospital and the like, and resuming it: stops `missing` only."""

from __future__ import annotations

from dataclasses import replace

from fhir_r4.amendment import Amendment
from fhir_r4.errors import BadPlan
from fhir_r4.outgoing import Outgoing
from fhir_r4.plan_pauses import paused, read_plan_json, resumed
from fhir_r4.raw import Raw, encode
from local_store import Store
from local_store.records import PlanRecord
from local_store.transaction import Transaction
from local_store.views import Nurse, Pause
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, new_op, patient_known
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused


def pause(
    store: Store,
    actor: Nurse,
    patient: str,
    start: Instant,
    reason: str,
    now: Instant,
    *,
    until: Instant | None = None,
) -> ActDone:
    """Pause from `start` (past or to come) until `until`, or until somebody resumes.

    Raises:
        ActRefused: No reason, no such patient, no plan in force, an end before the beginning, or a pause that
            covers it already.
    """
    reason = free_text(reason).strip()
    if not reason:
        raise ActRefused(sentences.NO_REASON)
    if until is not None and until <= start:
        raise ActRefused(sentences.ENDS_BEFORE)
    with store.write() as tx:
        record, written = _plan(tx, patient)
        if _covered(tx, patient, start, until):
            raise ActRefused(sentences.PAUSED_ALREADY)
        writer = ActWriter(tx, actor, patient, now)
        amendment = Amendment(
            kind="pause",
            target=record.reference,
            by=actor.reference,
            at=now,
            reason=reason,
            start=start,
            end=until,
        )
        told = Pause(start, until, reason, actor.name, now)
        after = replace(record, pauses=(*record.pauses, told))
        return _save(writer, amendment, after, paused(written, start, until))


def resume(store: Store, actor: Nurse, patient: str, now: Instant) -> ActDone:
    """End the pause that is going on; where none is, call off those that are planned.

    Raises:
        ActRefused: No such patient, no plan in force, or nothing to end.
    """
    with store.write() as tx:
        record, written = _plan(tx, patient)
        after = resumed(written, now)
        if after == written:
            raise ActRefused(sentences.NOT_PAUSED)
        writer = ActWriter(tx, actor, patient, now)
        amendment = Amendment(kind="resume", target=record.reference, by=actor.reference, at=now)
        pauses = tuple(_ended(one, actor, now) for one in record.pauses)
        return _save(writer, amendment, replace(record, pauses=pauses), after)


def _plan(tx: Transaction, patient: str) -> tuple[PlanRecord, Raw]:
    """The plan in force as it stands here: what waits to be sent is in it already."""
    patient_known(tx, patient)
    record, engine = tx.plan_record(patient), tx.engine_plan(patient)
    if record is None or engine is None:
        raise ActRefused(sentences.NO_PLAN_TO_PAUSE)
    try:
        return record, read_plan_json(engine.decode(), record.reference)
    except BadPlan:
        raise ActRefused(sentences.NO_PLAN_TO_PAUSE) from None


def _covered(tx: Transaction, patient: str, start: Instant, until: Instant | None) -> bool:
    """Whether one of the plan's pauses goes on all the time."""
    plan = tx.plan(patient)
    return any(
        one.start <= start and (one.end is None or (until is not None and until <= one.end))
        for one in (plan.pauses if plan else ())
    )


def _ended(told: Pause, actor: Nurse, now: Instant) -> Pause:
    over = told.ended is not None or (told.end is not None and told.end <= now)
    return told if over else replace(told, ended=now, ended_by=actor.name)


def _save(writer: ActWriter, amendment: Amendment, record: PlanRecord, written: Raw) -> ActDone:
    op = new_op()
    writer.queue(amendment.kind, op, Outgoing(amendments=(amendment,)))
    writer.tx.put_plan(replace(record, engine_plan=encode(written)))
    return writer.done(amendment.kind, op)

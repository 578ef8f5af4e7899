"""When a patient is to be judged again though nothing new has come."""

from __future__ import annotations

from collections.abc import Iterator

from fhir_r4.compartment import Compartment, Evidence, evidence_of
from fhir_r4.observations import AHEAD
from fhir_r4.work_at_hand import known_of, work_of
from threshold_engine import Instant, PatientJudge, judge_patient, parse_instant
from work_items import Centre, ItemCode, Mark, PatientWork
from work_items.escalations import answer_due
from work_items.raising import closed_by_nurse, quiet_end


def next_due(compartment: Compartment, now: Instant, centre: Centre | None = None) -> Instant | None:
    """The earliest instant after `now` at which judging may find something else; none if it can't.

    A timer of the engine, a reading dated ahead, the end of a quiet time, an answer that becomes overdue.
    """
    evidence = evidence_of(compartment, now)
    document = evidence.choice.document
    judgement = judge_patient(document.plan, evidence.readings, now) if document else None
    work = work_of(compartment, evidence, known_of(compartment), None, now)
    return due_of(evidence, judgement, work, now, centre or Centre())


def due_of(
    evidence: Evidence, judgement: PatientJudge | None, work: PatientWork, now: Instant, centre: Centre
) -> Instant | None:
    """As `next_due`, of what has been read and judged already."""
    timer = judgement.due() if judgement else None
    dues = [timer, *_measured(evidence), *_worked(work, centre)]
    return min((due for due in dues if due is not None and due > now), default=None)


def _measured(evidence: Evidence) -> Iterator[Instant]:
    for unusable in evidence.unusable:
        try:
            yield parse_instant(unusable.text) - AHEAD
        except ValueError:
            continue  # no time to come will make it usable


def _worked(work: PatientWork, centre: Centre) -> Iterator[Instant]:
    for item in work.items:
        waits = item.code is ItemCode.MISSING or Mark.NO_VALID_PLAN in item.marks
        if waits and closed_by_nurse(item):
            yield quiet_end(item, centre)
    for escalation in work.escalations:
        if escalation.open and not escalation.answers:
            yield answer_due(escalation, centre)

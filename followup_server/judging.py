"""Judging patients over the store: the engine's findings become DetectedIssues and Tasks.

A patient is read, judged and written in one transaction that holds the write lock from its beginning, so that
nothing can change between what was judged and what is written. Judging twice writes nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, select

from fhir_r4.compartment import Compartment
from fhir_r4.judge import Create, Update, Write, judge_compartment, next_due, with_literal
from fhir_r4.raw import Raw, reference_of
from followup_server import schema
from followup_server.due import set_due
from followup_server.faults import log_fault
from followup_server.problems import SeveralMatches
from followup_server.raw_json import decode
from followup_server.store import ResourceStore
from followup_server.stored import Written
from followup_server.writes import JUDGED_TYPES, WriteSession
from threshold_engine.model import Instant
from work_items import Centre

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many patients of how many are judged."""

_AT_A_TIME: Final = 20
_AGAIN_MS: Final = 60_000
"""When to try again after the judge itself failed."""

_ROW = schema.resource.c
_OLD = schema.history.c


def judge_all(
    store: ResourceStore, now: Instant, centre: Centre | None = None, progress: Progress | None = None
) -> int:
    """Judge every patient as of `now` (milliseconds UTC); gives the number of resources written."""
    wanted = select(_ROW.id).where(_ROW.type == "Patient", _ROW.deleted.is_(False)).order_by(_ROW.id)
    with store.reading() as connection:
        patients = list(connection.execute(wanted).scalars())
    return judge_patients(store, patients, now, centre, progress)


def judge_patients(
    store: ResourceStore,
    patients: Iterable[str],
    now: Instant,
    centre: Centre | None = None,
    progress: Progress | None = None,
) -> int:
    """Judge these patients (logical ids) as of `now`, and note when each is due next.

    Gives the number of resources written. A patient whom the judge fails on is logged and due again in a
    minute; the others are judged. Unknown patients are passed over.
    """
    hours = centre or Centre()
    written = 0
    done = 0
    wanted = sorted(set(patients))
    for some in _batches(wanted):
        with store.write(marks_due=False) as session:
            forms = _questionnaires(session.connection)
            for patient in some:
                written += _judge(session, patient, forms, now, hours)
        done += len(some)
        if progress is not None:
            progress(done, len(wanted))
    return written


def _judge(session: WriteSession, patient: str, forms: Sequence[Raw], now: Instant, centre: Centre) -> int:
    connection = session.connection
    try:
        with connection.begin_nested():
            resources = _resources(connection, patient)
            if f"Patient/{patient}" not in resources:
                set_due(connection, {patient: None})
                return 0
            earlier = _earlier_plans(connection, resources)

            def compartment() -> Compartment:
                return Compartment.of(patient, resources.values(), earlier_plans=earlier, forms=forms)

            written = _apply(session, judge_compartment(compartment(), now, centre))
            resources.update({one.stored.reference: one.stored.raw for one in written})
            set_due(connection, {patient: next_due(compartment(), now, centre)})
    except Exception:  # noqa: BLE001
        # one patient's odd data must not keep the others from being judged, nor the write from its answer
        log_fault(_log, "the judge failed on a patient")
        set_due(connection, {patient: now + _AGAIN_MS})
        return 0
    return sum(one.changed for one in written)


def _apply(session: WriteSession, writes: Sequence[Write]) -> list[Written]:
    """Write the findings in their order; what refers to an earlier one refers to it by its id too."""
    done: list[Written] = []
    references: dict[str, str] = {}
    for finding in writes:
        write = with_literal(finding, references)
        if isinstance(write, Update):
            if_match = None if write.if_match is None else f'W/"{write.if_match}"'
            done.append(session.update(str(write.raw["id"]), write.raw, if_match=if_match))
            continue
        written = _create(session, write)
        if written is not None:
            references[write.preferred_id] = written.stored.reference
            done.append(written)
    return done


def _create(session: WriteSession, write: Create) -> Written | None:
    """Create by the identifier where there is none; None where there are two already."""
    type_name = str(write.raw["resourceType"])
    try:
        found = session.match(type_name, f"identifier={write.identifier}")
    except SeveralMatches:
        return None
    if found is not None:
        return Written(found, created=False, changed=False)
    return session.create(write.raw, logical=session.free_id(type_name, write.preferred_id))


def _resources(connection: Connection, patient: str) -> dict[str, Raw]:
    """What the judge goes by, by reference, oldest change first."""
    wanted = select(_ROW.body).where(
        _ROW.patient == patient, _ROW.type.in_(sorted(JUDGED_TYPES)), _ROW.deleted.is_(False)
    )
    found = [decode(bytes(body)) for body in connection.execute(wanted.order_by(_ROW.updated)).scalars()]
    return {reference_of(raw): raw for raw in found}


def _earlier_plans(connection: Connection, resources: dict[str, Raw]) -> list[Raw]:
    plans = [str(raw["id"]) for raw in resources.values() if raw["resourceType"] == "CarePlan"]
    if not plans:
        return []
    wanted = select(_OLD.body).where(_OLD.type == "CarePlan", _OLD.id.in_(plans), _OLD.body.is_not(None))
    return [decode(bytes(body)) for body in connection.execute(wanted.order_by(_OLD.updated)).scalars()]


def _questionnaires(connection: Connection) -> list[Raw]:
    wanted = select(_ROW.body).where(_ROW.type == "Questionnaire", _ROW.deleted.is_(False))
    return [decode(bytes(body)) for body in connection.execute(wanted).scalars()]


def _batches(patients: Sequence[str]) -> Iterator[Sequence[str]]:
    return (patients[at : at + _AT_A_TIME] for at in range(0, len(patients), _AT_A_TIME))

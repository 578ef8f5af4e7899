"""Judging patients over the store: the engine's findings become DetectedIssues and Tasks.

A patient is judged by one at a time, in one transaction with what is found. Where others may write meanwhile
(PostgreSQL), she is read and judged without holding them up; before anything is written all of that is
locked, and who has been changed since is judged once more. Judging twice writes nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from fhir_r4 import systems
from fhir_r4.judge import Create, Update, Write, judge, put_in_order
from fhir_r4.judge_failure import writes_of_failure
from followup_server.faults import log_fault
from followup_server.judging.compartments import Compartments, Forms
from followup_server.judging.kept_patients import KeptPatient
from followup_server.judging.patient_state import PatientState, states_of
from followup_server.problems import SeveralMatches
from followup_server.storage import schema
from followup_server.storage.store import ResourceStore
from followup_server.storage.stored import Written
from followup_server.writing.writes import WriteSession
from threshold_engine.model import Instant
from work_items import Centre, ItemCode

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many patients of how many are judged."""

_AT_A_TIME: Final = 25
_AGAIN_MS: Final = 60_000
"""When to try again after the judge itself failed."""

_ROW = schema.resource.c


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
    *,
    if_due: bool = False,
) -> int:
    """Judge these patients (logical ids) as of `now`, and note when each is due next.

    `if_due`: only those who are due by now; who isn't has been judged by somebody else meanwhile. Gives the
    number of resources written. Where the judge itself fails on a patient, that is logged and told by a work
    item, and tried again in a minute; the others are judged. Unknown patients are passed over.
    """
    judging = _Judging(store.compartments, now, centre or Centre(), if_due)
    written = 0
    done = 0
    wanted = sorted(set(patients))
    for some in _batches(wanted):
        with store.judging(some) as session:
            written += judging.judge(session, some)
        done += len(some)
        if progress is not None:
            progress(done, len(wanted))
    return written


@dataclass(frozen=True, slots=True)
class _Finding:
    """What judging a patient came to."""

    writes: Sequence[Write]
    due: Instant | None


@dataclass(frozen=True, slots=True)
class _Judging:
    """Judges patients as of one instant."""

    compartments: Compartments
    now: Instant
    centre: Centre
    if_due: bool

    def judge(self, session: WriteSession, patients: Sequence[str]) -> int:
        """Judge patients whom nobody else judges meanwhile, write the findings, note when they are due."""
        states = states_of(session.connection, patients)
        if self.if_due:
            states = {patient: state for patient, state in states.items() if _is_due(state, self.now)}
        forms = self.compartments.forms(session.connection)
        gathered = self.compartments.gather(session.connection, states)
        findings = {patient: self._find(session, patient, gathered, forms) for patient in states}
        writing = [patient for patient, found in findings.items() if found.writes]
        if writing:
            session.lock()
            current = states_of(session.connection, writing)
            changed = {one: now for one, now in current.items() if now.changed != states[one].changed}
            for patient in changed.keys() & gathered.keys():
                self.compartments.put_back(patient, gathered[patient])
            gathered |= self.compartments.gather(session.connection, changed)
            findings |= {patient: self._find(session, patient, gathered, forms) for patient in changed}
            states |= current
        written = 0
        for patient, found in findings.items():
            wrote, due = self._write(session, patient, found)
            session.settle(patient, states[patient].changed, due)
            written += wrote
        self.compartments.keep(session.connection, gathered)
        return written

    def _find(
        self, session: WriteSession, patient: str, gathered: dict[str, KeptPatient], forms: Forms
    ) -> _Finding:
        try:
            kept = gathered[patient]
            ready = self.compartments.ready(session.connection, patient, kept, forms, self.now)
            if ready is None:
                return _Finding((), None)
            judged = judge(ready.compartment, self.now, self.centre, ready.seen)
            return _Finding(judged.writes, judged.next_due())
        except DBAPIError:
            raise
        except Exception:  # noqa: BLE001
            # one patient's odd data must not keep the others from being judged, nor the write from its answer
            log_fault(_log, "the judge failed on a patient")
            del gathered[patient]  # half judged
            return _Finding(self._failure(session, patient), self.now + _AGAIN_MS)

    def _failure(self, session: WriteSession, patient: str) -> Sequence[Write]:
        """A work item that tells a nurse."""
        about = [("patient", f"Patient/{patient}"), ("code", f"{systems.WORK}|{ItemCode.TECHNICAL.value}")]
        tasks = [stored.raw for stored in session.search("Task", [*about, ("_count", "1000")]).matches]
        return writes_of_failure(patient, tasks, self.now, self.centre)

    def _write(self, session: WriteSession, patient: str, found: _Finding) -> tuple[int, Instant | None]:
        """Write a finding; gives the number of resources written, and when the patient is due next."""
        try:
            with session.part():
                return sum(one.changed for one in _apply(session, found.writes)), found.due
        except DBAPIError:
            raise
        except Exception:  # noqa: BLE001 - as above
            log_fault(_log, "what the judge found of a patient can't be written")
            return 0, self.now + _AGAIN_MS


def _is_due(state: PatientState, now: Instant) -> bool:
    return state.due is not None and state.due <= now


def _apply(session: WriteSession, writes: Sequence[Write]) -> list[Written]:
    """Write the findings in their order."""
    done: list[Written] = []

    def put(write: Write) -> str | None:
        if isinstance(write, Update):
            if_match = None if write.if_match is None else f'W/"{write.if_match}"'
            written: Written | None = session.update(str(write.raw["id"]), write.raw, if_match=if_match)
        else:
            written = _create(session, write)
        if written is None:
            return None
        done.append(written)
        return written.stored.reference

    put_in_order(writes, put)
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


def _batches(patients: Sequence[str]) -> Iterator[Sequence[str]]:
    return (patients[at : at + _AT_A_TIME] for at in range(0, len(patients), _AT_A_TIME))

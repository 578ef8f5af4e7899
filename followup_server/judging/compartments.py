"""Patients kept ready for the judge, so that a new reading doesn't make it read all anew.

What is kept is checked against `patient_state` each time it is used: newer resources are read and added, and
where something has left the patient or come to her otherwise all is read again. So it doesn't matter which
process wrote. What nobody has used longest goes from memory when there is too much; what was seen of her
readings is in the database too (`kept_states`).
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from fhir_r4.compartment import Compartment, choice_of, evidence_of
from fhir_r4.plan_choice import PlanChoice
from fhir_r4.raw import Raw
from fhir_r4.seen_readings import SeenReadings, judged_anew
from fhir_r4.seen_state import resumed, written
from followup_server.judging import kept_states, patient_rows, reading_identity
from followup_server.judging.kept_patients import KeptPatient
from followup_server.judging.patient_state import PatientState
from followup_server.moments import EARLIEST, Micros
from followup_server.raw_json import decode
from followup_server.storage import schema
from followup_server.writing.changes import News
from threshold_engine import Instant, StateError
from threshold_engine.errors import StateOutdated

_log = logging.getLogger(__name__)

LARGEST: Final = 40 * 1024 * 1024
"""Bytes that all kept patients may take together in memory, as estimated."""
SAVED_AFTER: Final = 16
"""Resources with readings after which what was seen is written down again: so many are read at most where a
patient isn't in memory."""

MOST_READINGS: Final = 100
"""At hand of one patient; beyond, those that can't matter any more are let go."""
_ROW = schema.resource.c


class Forms(NamedTuple):
    """All Questionnaires."""

    stamp: Micros
    """Of the last change of any of them."""
    resources: Sequence[Raw]
    """The same object until one of them changes."""


class Ready(NamedTuple):
    """A patient ready to be judged."""

    compartment: Compartment
    """Without her readings."""
    seen: SeenReadings
    """Her readings, judged."""


class Compartments:
    """The patients that were judged last. Threads may share it, each for patients of its own."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._kept: OrderedDict[str, KeptPatient] = OrderedDict()
        self._size = 0
        self._forms = Forms(EARLIEST, ())
        self._lock = threading.Lock()

    def gather(self, connection: Connection, states: Mapping[str, PatientState]) -> dict[str, KeptPatient]:
        """What is kept of these patients, brought up to date with as few queries as for one.

        `states` were read before, in a transaction in which nobody else judges these patients. Each has to
        be handed to `ready` then, or is forgotten.
        """
        gathered = {patient: self._current(patient, state) for patient, state in states.items()}
        cold = [patient for patient, kept in gathered.items() if not kept.raws]
        for patient, (stamp, state) in kept_states.read(connection, cold).items():
            if stamp >= states[patient].moved:
                gathered[patient].state, gathered[patient].stamp = state, stamp
        begin = {patient: (kept.stamp, states[patient].changed) for patient, kept in gathered.items()}
        for patient, raw in patient_rows.others(connection, cold):
            gathered[patient].add([raw])
        unread = {
            one: span for one, span in begin.items() if one not in cold or gathered[one].state is not None
        }
        for patient, raw in patient_rows.newer(connection, unread):
            gathered[patient].add([raw])
        for patient, kept in gathered.items():
            kept.stamp = max(kept.stamp, states[patient].changed)
        abridged = {patient: kept.fresh for patient, kept in gathered.items() if kept.is_abridged}
        odd = {patient for patient, fresh in abridged.items() if any(map(reading_identity.is_odd, fresh))}
        for patient in odd | reading_identity.shared(connection, abridged):
            gathered[patient].forget_readings()
        return gathered

    def ready(
        self, connection: Connection, patient: str, kept: KeptPatient, forms: Forms, now: Instant
    ) -> Ready | None:
        """A gathered patient, her readings judged up to `now`; None where there is no such Patient."""
        if f"Patient/{patient}" not in kept.raws:
            return None
        compartment = _compartment(connection, patient, kept, forms)
        evidence = evidence_of(compartment.with_readings(kept.fresh), now)
        seen = _resumed(evidence.choice, kept)
        if seen is not None and seen.go_on(evidence, now, forms.stamp):
            kept.unsaved += len(kept.fresh)
            kept.odd = kept.odd or any(map(reading_identity.is_odd, kept.fresh))
        else:
            readings = patient_rows.readings(connection, patient, kept.stamp)
            seen = judged_anew(evidence_of(compartment.with_readings(readings), now), now, forms.stamp)
            kept.unsaved = SAVED_AFTER
            kept.odd = any(map(reading_identity.is_odd, readings))
            kept.is_new = True
        kept.seen, kept.state, kept.fresh = seen, None, []
        return Ready(compartment, seen)

    def keep(self, connection: Connection, judged: Mapping[str, KeptPatient]) -> None:
        """Keep patients who have been judged, in memory and, now and then, in the database."""
        rows: list[tuple[str, Micros, bytes]] = []
        for patient, kept in judged.items():
            if kept.seen is not None and kept.unsaved >= SAVED_AFTER and not kept.odd:
                state = written(kept.seen)
                rows.append((patient, kept.stamp, state))
                if not kept.is_new and len(kept.seen.facts.references) > MOST_READINGS:
                    kept.seen, kept.state = None, state
                kept.unsaved, kept.is_new = 0, False
            self.put_back(patient, kept)
        kept_states.put(connection, rows)

    def put_back(self, patient: str, kept: KeptPatient) -> None:
        """Keep a patient in memory; whoever was used longest ago goes where there is too much."""
        with self._lock:
            self._kept[patient] = kept
            self._size += kept.size
            while self._size > self._largest:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size

    def tell(self, news: Mapping[str, News]) -> None:
        """Take in what a transaction of this process has committed, so that it needn't be read."""
        for patient, told in news.items():
            kept = self._take(patient)
            if kept is None:
                continue
            if kept.stamp == told.before:
                kept.add(told.resources)
                kept.stamp = told.stamp
            self.put_back(patient, kept)

    def forms(self, connection: Connection) -> Forms:
        """All Questionnaires as they are now."""
        newest = select(func.max(_ROW.updated)).where(_ROW.type == "Questionnaire")
        stamp = connection.execute(newest).scalar_one_or_none() or EARLIEST
        if stamp != self._forms.stamp:
            wanted = select(_ROW.body).where(_ROW.type == "Questionnaire", _ROW.deleted.is_(False))
            resources = [decode(bytes(body)) for body in connection.execute(wanted).scalars()]
            self._forms = Forms(stamp, resources)
        return self._forms

    def _current(self, patient: str, state: PatientState) -> KeptPatient:
        """What memory has of a patient, or nothing where that is of no use."""
        kept = self._take(patient)
        return KeptPatient() if kept is None or kept.stamp < state.moved else kept

    def _take(self, patient: str) -> KeptPatient | None:
        with self._lock:
            kept = self._kept.pop(patient, None)
            if kept is not None:
                self._size -= kept.size
            return kept


def _compartment(connection: Connection, patient: str, kept: KeptPatient, forms: Forms) -> Compartment:
    """Her resources without the readings; earlier versions of her plans only where they are needed."""
    compartment = kept.compartment(patient, forms.resources)
    if kept.earlier is None and compartment.care_plans and not choice_of(compartment).valid:
        kept.look_back(patient_rows.earlier_plans(connection, compartment.care_plans))
        compartment = kept.compartment(patient, forms.resources)
    return compartment


def _resumed(choice: PlanChoice, kept: KeptPatient) -> SeenReadings | None:
    if kept.state is None:
        return kept.seen
    try:
        return resumed(kept.state, choice)
    except StateOutdated:
        return None
    except StateError as error:
        _log.warning("what was kept of a patient's judging %s", error)
        return None

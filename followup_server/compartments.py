"""Patients' compartments kept ready for the judge, so that a new reading doesn't make it read all anew.

What is kept is checked against `patient_state` each time it is used: newer resources are read and added, and
where something has left the patient or come to her otherwise all is read again. So it doesn't matter which
process wrote. What nobody has used longest goes first when there is too much.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, func, select

from fhir_r4.carried_judge import CarriedJudge
from fhir_r4.compartment import JUDGED_TYPES, Compartment, settled_readings
from fhir_r4.observations import Observed
from fhir_r4.raw import Raw, reference_of
from followup_server import schema
from followup_server.changes import News
from followup_server.moments import EARLIEST, Micros
from followup_server.patient_state import PatientState
from followup_server.raw_json import decode

LARGEST: Final = 40 * 1024 * 1024
"""Bytes that all kept compartments may take together, as estimated."""

_RAW_BYTES: Final = 6_000
_READING_BYTES: Final = 750
_ROW = schema.resource.c
_OLD = schema.history.c


@dataclass(slots=True)
class _Kept:
    """One patient's compartment, as of a stamp."""

    stamp: Micros
    raws: dict[str, Raw] = field(default_factory=dict)
    """By reference, in the order of their last change."""
    readings: dict[str, tuple[Observed, ...]] = field(default_factory=dict)
    """Of Observations that are read once and for all."""
    earlier: Sequence[Raw] = ()
    carried: CarriedJudge = field(default_factory=CarriedJudge)
    compartment: Compartment | None = None
    """As it was last made; none where other resources than settled readings have come since."""

    def add(self, raw: Raw) -> None:
        """Take in a new resource, or a new version of one."""
        reference = reference_of(raw)
        was_raw = self.raws.pop(reference, None) is not None
        self.readings.pop(reference, None)
        readings = settled_readings(raw)
        if readings:
            self.readings[readings[0].reference] = readings  # the same string, kept once
        elif readings is not None:
            self.readings[reference] = readings
        else:
            self.raws[reference] = raw
        if was_raw or readings is None:
            self.compartment = None

    @property
    def size(self) -> int:
        return len(self.raws) * _RAW_BYTES + len(self.readings) * _READING_BYTES


class Compartments:
    """The compartments that were judged last. Threads may share it, each for patients of its own."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._forms: tuple[Micros, Sequence[Raw]] = (EARLIEST, ())
        self._lock = threading.Lock()

    def read(
        self, connection: Connection, patient: str, state: PatientState, forms: Sequence[Raw]
    ) -> Compartment | None:
        """A patient's compartment; None where there is no such Patient.

        `state` was read before, in a transaction in which nobody else judges her. `forms`: `questionnaires`.
        """
        kept = self._take(patient)
        if kept is None or kept.stamp < state.moved:
            kept = _Kept(EARLIEST)
        if kept.stamp < state.changed:
            _bring_up(connection, patient, kept)
            kept.stamp = state.changed
        if f"Patient/{patient}" not in kept.raws:
            return None
        self._put(patient, kept)
        if kept.compartment is None or kept.compartment.forms is not forms:
            kept.compartment = Compartment.of(
                patient,
                kept.raws.values(),
                earlier_plans=kept.earlier,
                forms=forms,
                carried=kept.carried,
            )
        settled = [reading for readings in kept.readings.values() for reading in readings]
        return kept.compartment.with_settled(settled)

    def tell(self, news: Mapping[str, News]) -> None:
        """Take in what a transaction of this process has committed, so that it needn't be read."""
        for patient, written in news.items():
            kept = self._take(patient)
            if kept is None:
                continue
            if kept.stamp == written.before and not _has_plan(written.resources):
                for raw in written.resources:
                    kept.add(raw)
                kept.stamp = written.stamp
            self._put(patient, kept)

    def _take(self, patient: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.pop(patient, None)
            if kept is not None:
                self._size -= kept.size
            return kept

    def _put(self, patient: str, kept: _Kept) -> None:
        with self._lock:
            self._kept[patient] = kept
            self._size += kept.size
            while self._size > self._largest:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size

    def questionnaires(self, connection: Connection) -> Sequence[Raw]:
        """All Questionnaires: the same object until one of them changes."""
        newest = select(func.max(_ROW.updated)).where(_ROW.type == "Questionnaire")
        stamp = connection.execute(newest).scalar_one_or_none() or EARLIEST
        if stamp > self._forms[0]:
            wanted = select(_ROW.body).where(_ROW.type == "Questionnaire", _ROW.deleted.is_(False))
            forms = [decode(bytes(body)) for body in connection.execute(wanted).scalars()]
            self._forms = (stamp, forms)
        return self._forms[1]


def _bring_up(connection: Connection, patient: str, kept: _Kept) -> None:
    """Add what has been written since."""
    wanted = select(_ROW.body).where(
        _ROW.patient == patient,
        _ROW.updated > kept.stamp,
        _ROW.type.in_(sorted(JUDGED_TYPES)),
        _ROW.deleted.is_(False),
    )
    plans_changed = False
    for body in connection.execute(wanted.order_by(_ROW.updated)).scalars():
        raw = decode(bytes(body))
        kept.add(raw)
        plans_changed = plans_changed or raw["resourceType"] == "CarePlan"
    if plans_changed:
        kept.earlier = _earlier_plans(connection, kept.raws)


def _has_plan(resources: Iterable[Raw]) -> bool:
    return any(raw["resourceType"] == "CarePlan" for raw in resources)


def _earlier_plans(connection: Connection, resources: dict[str, Raw]) -> list[Raw]:
    plans = [str(raw["id"]) for raw in resources.values() if raw["resourceType"] == "CarePlan"]
    wanted = select(_OLD.body).where(_OLD.type == "CarePlan", _OLD.id.in_(plans), _OLD.body.is_not(None))
    return [decode(bytes(body)) for body in connection.execute(wanted.order_by(_OLD.updated)).scalars()]

"""Patients' resources that the judge goes by, read from the database: only those that are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from fhir_r4.compartment import JUDGED_TYPES
from fhir_r4.raw import Raw
from followup_server.judging.kept_patients import OTHER_TYPES, READING_TYPES
from followup_server.moments import Micros
from followup_server.raw_json import decode
from followup_server.storage import schema

_ROW = schema.resource.c
_OLD = schema.history.c
_MANY: Final = 100
_TYPES: Final = tuple(sorted(JUDGED_TYPES))
_NEWER: Final = """
SELECT patient, body FROM resource WHERE ({spans}) AND NOT deleted AND type IN ({types}) ORDER BY updated
"""
"""As text, since making it up anew for each number of patients costs more than running it."""


def others(connection: Connection, patients: Collection[str]) -> Iterator[tuple[str, Raw]]:
    """All that these patients have but readings: patient and resource, the one changed last at the end."""
    wanted = _wanted(OTHER_TYPES)
    for some in _some(sorted(patients)):
        yield from _read(connection, wanted.where(_ROW.patient.in_(some)))


def newer(connection: Connection, spans: Mapping[str, tuple[Micros, Micros]]) -> Iterator[tuple[str, Raw]]:
    """What was written after the first stamp, up to the second, of each patient; in the order of writing."""
    sign = "%s" if connection.dialect.name == "postgresql" else "?"
    of_one = f"(patient = {sign} AND updated > {sign} AND updated <= {sign})"
    for some in _some(sorted(one for one, (after, until) in spans.items() if after < until)):
        wanted = _NEWER.format(types=", ".join([sign] * len(_TYPES)), spans=" OR ".join([of_one] * len(some)))
        values = [value for one in some for value in (one, *spans[one])]
        for patient, body in connection.exec_driver_sql(wanted, (*values, *_TYPES)):
            yield str(patient), decode(bytes(body))


def readings(connection: Connection, patient: str, until: Micros) -> list[Raw]:
    """All resources with readings of a patient up to a stamp, in the order of their last change."""
    wanted = _wanted(READING_TYPES).where(_ROW.patient == patient, _ROW.updated <= until)
    return [raw for _, raw in _read(connection, wanted)]


def earlier_plans(connection: Connection, plans: Iterable[Raw]) -> list[Raw]:
    """Earlier versions of these CarePlans, the oldest first."""
    ids = [str(raw["id"]) for raw in plans]
    wanted = select(_OLD.body).where(_OLD.type == "CarePlan", _OLD.id.in_(ids), _OLD.body.is_not(None))
    return [decode(bytes(body)) for body in connection.execute(wanted.order_by(_OLD.updated)).scalars()]


def _wanted(types: Collection[str]) -> Select[Any]:
    return (
        select(_ROW.patient, _ROW.body)
        .where(_ROW.type.in_(sorted(types)), _ROW.deleted.is_(False))
        .order_by(_ROW.updated)
    )


def _read(connection: Connection, wanted: Select[Any]) -> Iterator[tuple[str, Raw]]:
    for patient, body in connection.execute(wanted):
        yield str(patient), decode(bytes(body))


def _some(patients: list[str]) -> Iterator[list[str]]:
    return (patients[at : at + _MANY] for at in range(0, len(patients), _MANY))

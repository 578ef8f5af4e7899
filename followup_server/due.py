"""When each patient has to be judged next: kept in the database, so that it survives a restart.

A write puts 0 for the patients that it touches, in its own transaction; the judge replaces it by the engine's
next instant in the transaction of its findings. So what was written and never judged is judged after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from followup_server import schema
from threshold_engine.model import Instant

_DUE = schema.patient_due.c
_MANY = 400


def set_due(connection: Connection, due: Mapping[str, Instant | None]) -> None:
    """Say when each patient has to be judged next (0: at once; None: not before something changes)."""
    patients = list(due)
    for at in range(0, len(patients), _MANY):
        connection.execute(delete(schema.patient_due).where(_DUE.patient.in_(patients[at : at + _MANY])))
    rows = [{"patient": patient, "due": at} for patient, at in due.items() if at is not None]
    if rows:
        connection.execute(insert(schema.patient_due), rows)


def overdue(connection: Connection, now: Instant, limit: int) -> list[str]:
    """Patients to be judged by now, the longest overdue first."""
    wanted = select(_DUE.patient).where(_DUE.due <= now).order_by(_DUE.due, _DUE.patient).limit(limit)
    return list(connection.execute(wanted).scalars())


def earliest(connection: Connection) -> Instant | None:
    """When the next patient is due; none where nobody is."""
    return connection.execute(select(func.min(_DUE.due))).scalar_one_or_none()

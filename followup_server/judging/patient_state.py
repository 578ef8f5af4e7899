"""What the database keeps of each patient for the judge: when she is due, and when she was last changed.

A write makes the patients that it touches due at once (0), in its own transaction; who has judged them puts
the engine's next instant there. So what was written and never judged is judged after a crash, and what
another process has judged meanwhile isn't judged twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from followup_server.moments import Micros
from followup_server.storage import schema
from threshold_engine.model import Instant

_STATE = schema.patient_state.c
_MANY: Final = 400

_CHANGE: Final = (
    "INSERT INTO patient_state (patient, due, changed, moved) VALUES ({0}, {0}, {0}, {0})"
    " ON CONFLICT (patient) DO UPDATE SET changed = excluded.changed,"
    " due = CASE WHEN excluded.due IS NULL OR patient_state.due < excluded.due"
    " THEN patient_state.due ELSE excluded.due END,"
    " moved = CASE WHEN excluded.moved > 0 THEN excluded.moved ELSE patient_state.moved END"
)
_SETTLE = (
    update(schema.patient_state)
    .where(_STATE.patient == bindparam("whose"), _STATE.changed == bindparam("seen"))
    .values(due=bindparam("at"))
)


class PatientState(NamedTuple):
    """A patient's row."""

    due: Instant | None
    """When to judge her: 0 at once, None not before something changes."""
    changed: Micros
    """The stamp of the last transaction that changed something the judge goes by."""
    moved: Micros
    """The stamp of the last one in which something left her or came to her without being new."""


NEVER: Final = PatientState(None, 0, 0)
"""Of a patient of whom nothing has been written."""


def note_changes(
    connection: Connection,
    patients: Iterable[str],
    stamp: Micros,
    *,
    moved: Collection[str],
    due: Instant | None,
) -> None:
    """Say that patients have changed in the transaction that ends with `stamp`.

    `due`: when to judge them at the latest; none: not because of that.
    """
    rows = [(patient, due, stamp, stamp if patient in moved else 0) for patient in sorted(patients)]
    if rows:
        sign = "%s" if connection.dialect.name == "postgresql" else "?"
        connection.exec_driver_sql(_CHANGE.format(sign), rows)


def states_of(connection: Connection, patients: Collection[str]) -> dict[str, PatientState]:
    """The rows of these patients, as of now."""
    wanted = sorted(patients)
    found: dict[str, PatientState] = dict.fromkeys(wanted, NEVER)
    for at in range(0, len(wanted), _MANY):
        some = _STATE.patient.in_(wanted[at : at + _MANY])
        rows = connection.execute(
            select(_STATE.patient, _STATE.due, _STATE.changed, _STATE.moved).where(some)
        )
        found |= {patient: PatientState(due, changed, moved) for patient, due, changed, moved in rows}
    return found


def settle(connection: Connection, due: Mapping[str, tuple[Micros, Instant | None]]) -> None:
    """Say when judged patients are due next: the `changed` at which they were judged, and the instant.

    Who has been changed since stays due at once.
    """
    rows = [{"whose": patient, "seen": seen, "at": at} for patient, (seen, at) in sorted(due.items())]
    if rows:
        connection.execute(_SETTLE, rows)


def make_due(connection: Connection, patients: Collection[str]) -> None:
    """Say that these patients are to be judged at once."""
    rows = [{"whose": patient} for patient in sorted(patients)]
    if rows:
        at_once = update(schema.patient_state).where(_STATE.patient == bindparam("whose")).values(due=0)
        connection.execute(at_once, rows)


def overdue(connection: Connection, now: Instant, limit: int) -> list[str]:
    """Patients to be judged by now, the longest overdue first."""
    wanted = select(_STATE.patient).where(_STATE.due <= now).order_by(_STATE.due, _STATE.patient).limit(limit)
    return list(connection.execute(wanted).scalars())


def earliest(connection: Connection) -> Instant | None:
    """When the next patient is due; none where nobody is."""
    return connection.execute(select(func.min(_STATE.due))).scalar_one_or_none()

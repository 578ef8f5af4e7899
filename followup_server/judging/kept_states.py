"""What the judge has seen of each patient's readings, kept in the database: bytes that nobody searches.

A row says up to which stamp it is true. Whoever reads it adds what is newer; whether it can still be used is
for the reader to see (`fhir_r4.seen_state`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, select

from followup_server.moments import Micros
from followup_server.storage import schema
from followup_server.storage.rows import put_rows

_KEPT = schema.judged_state.c
_MANY: Final = 400


def read(connection: Connection, patients: Sequence[str]) -> dict[str, tuple[Micros, bytes]]:
    """The stamp and the bytes of those of these patients of whom something is kept."""
    found: dict[str, tuple[Micros, bytes]] = {}
    for at in range(0, len(patients), _MANY):
        wanted = select(_KEPT.patient, _KEPT.stamp, _KEPT.state)
        rows = connection.execute(wanted.where(_KEPT.patient.in_(patients[at : at + _MANY])))
        found |= {patient: (stamp, bytes(state)) for patient, stamp, state in rows}
    return found


def put(connection: Connection, rows: Iterable[tuple[str, Micros, bytes]]) -> None:
    """Keep these: patient, stamp, bytes."""
    put_rows(connection, schema.judged_state, sorted(rows))

"""After a load: whose the resources are that name their patient by an identifier only.

Read a window at a time from what the load has written, so that memory doesn't grow with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from followup_server.raw_json import decode
from followup_server.search.indexing import Indexed, index
from followup_server.storage import schema

_WINDOW: Final = 500
_ROW = schema.resource.c
_REFERENCE = schema.reference.c


def new_patients(connection: Connection, first: int) -> Iterator[tuple[str, Indexed]]:
    """The Patients with a row id of `first` or more: logical id and search values."""
    wanted = select(_ROW.rid, _ROW.id, _ROW.body).where(_ROW.type == "Patient", _ROW.deleted.is_(False))
    for row in _windows(connection, wanted, first, _ROW.rid):
        yield row.id, index(decode(bytes(row.body)))


def without_patient(connection: Connection, first: int) -> Iterator[tuple[int, str, Indexed]]:
    """Resources with a row id of `first` or more that wait for a patient: row id, type, search values."""
    wanted = (
        select(_REFERENCE.rid, _ROW.type, _ROW.body)
        .join(schema.resource, _ROW.rid == _REFERENCE.rid)
        .where(_REFERENCE.param == "patient", _REFERENCE.value.is_not(None))
        .where(_ROW.patient.is_(None), _ROW.deleted.is_(False))
    )
    for row in _windows(connection, wanted, first, _REFERENCE.rid):
        yield row.rid, row.type, index(decode(bytes(row.body)))


def _windows(
    connection: Connection, wanted: Select[Any], first: int, by: ColumnElement[int]
) -> Iterator[Row[Any]]:
    """The rows in the order of `by`, their first column."""
    last = first - 1
    while rows := connection.execute(wanted.where(by > last).order_by(by).limit(_WINDOW)).all():
        yield from rows
        last = rows[-1][0]

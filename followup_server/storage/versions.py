"""Earlier versions together with the current ones: vread and history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, desc, select, union_all

from followup_server.moments import Micros
from followup_server.storage import schema
from followup_server.storage.stored import Stored, stored_of

_NOW = schema.resource.c
_OLD = schema.history.c


def one_version(connection: Connection, type_name: str, logical: str, version: int) -> Stored | None:
    """A version of a resource, or none."""
    row = connection.execute(
        _both(
            [_NOW.type == type_name, _NOW.id == logical, _NOW.version == version],
            [_OLD.type == type_name, _OLD.id == logical, _OLD.version == version],
        )
    ).first()
    return None if row is None else stored_of(row)


def history(
    connection: Connection,
    type_name: str | None,
    logical: str | None,
    *,
    since: Micros,
    before: Micros | None,
    count: int,
) -> list[Stored]:
    """Versions of a resource, of a type's (`logical` none) or of all (both none), newest first.

    At most `count`, of those stamped in [since, before).
    """
    current, old = [_NOW.updated >= since], [_OLD.updated >= since]
    for conditions, columns in ((current, _NOW), (old, _OLD)):
        if type_name is not None:
            conditions.append(columns.type == type_name)
        if logical is not None:
            conditions.append(columns.id == logical)
        if before is not None:
            conditions.append(columns.updated < before)
    wanted = _both(current, old).order_by(desc("updated")).limit(count)
    return [stored_of(row) for row in connection.execute(wanted)]


def _both(current: list[ColumnElement[bool]], old: list[ColumnElement[bool]]) -> CompoundSelect[Any]:
    return union_all(
        select(_NOW.type, _NOW.id, _NOW.version, _NOW.updated, _NOW.body).where(*current),
        select(_OLD.type, _OLD.id, _OLD.version, _OLD.updated, _OLD.body).where(*old),
    )

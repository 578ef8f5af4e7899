"""Resources kept as they came: to be patched, to be shown, and so as not to be fetched twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from local_store.context import Context
from local_store.packing import squeeze, unsqueeze
from local_store.readings import reading_versions
from local_store.records import Kept
from local_store.tables import Resource
from local_store.upsert import put

_COLUMNS: Final = """SELECT r.type, r.id, r.version, r.last_updated, r.raw, p.id, r.identifier
    FROM resource r LEFT JOIN patient p ON p.n = r.patient"""


def put_resource(context: Context, kept: Kept) -> None:
    """Keep a resource, in place of its earlier version."""
    put(
        context.connection,
        Resource(
            type=kept.type,
            id=kept.id,
            version=kept.version,
            last_updated=kept.last_updated,
            patient=None if kept.patient is None else context.patients.make(kept.patient),
            identifier=kept.identifier,
            raw=squeeze(kept.raw),
        ),
    )


def read_resource(context: Context, kind: str, logical_id: str) -> Kept | None:
    """A resource by type and logical id."""
    row = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE r.type = ? AND r.id = ?", (kind, logical_id)
    ).one_or_none()
    return None if row is None else _kept(row)


def resource_by_identifier(context: Context, uuid: str, kind: str | None = None) -> Kept | None:
    """A resource by the UUID of its identifier; of two that a server made by mistake the smaller id."""
    row = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE r.identifier = ? AND (? IS NULL OR r.type = ?) ORDER BY r.type, r.id LIMIT 1",
        (uuid, kind, kind),
    ).one_or_none()
    return None if row is None else _kept(row)


def resources_of(context: Context, patient: str, kind: str) -> list[Kept]:
    """A patient's resources of one type, by logical id."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE r.patient = ? AND r.type = ? ORDER BY r.id",
        (context.patients.find(patient), kind),
    )
    return [_kept(row) for row in rows]


def resources_about(context: Context, patient: str, kinds: Sequence[str]) -> list[Kept]:
    """A patient's resources of several types in one query, by type and logical id."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " JOIN json_each(?) j ON j.value = r.type WHERE r.patient = ? ORDER BY r.type, r.id",
        (json.dumps(list(kinds)), context.patients.find(patient)),
    )
    return [_kept(row) for row in rows]


def resources_of_type(context: Context, kind: str) -> list[Kept]:
    """All resources of a type, by logical id: for types of which a centre has few (Questionnaire)."""
    rows = context.connection.exec_driver_sql(_COLUMNS + " WHERE r.type = ? ORDER BY r.id", (kind,))
    return [_kept(row) for row in rows]


def resource_ids(context: Context, kind: str) -> list[str]:
    """Logical ids of all kept resources of a type, for reconciling."""
    rows = context.connection.exec_driver_sql("SELECT id FROM resource WHERE type = ? ORDER BY id", (kind,))
    return [row[0] for row in rows]


def drop_resource(context: Context, kind: str, logical_id: str) -> None:
    """Take away a resource that the server no longer has."""
    context.connection.exec_driver_sql("DELETE FROM resource WHERE type = ? AND id = ?", (kind, logical_id))


def drop_resources(context: Context, kind: str, ids: Sequence[str]) -> None:
    """Take away those of a page that are kept as they came."""
    context.connection.exec_driver_sql(
        "DELETE FROM resource WHERE type = ? AND id IN (SELECT CAST(value AS TEXT) FROM json_each(?))",
        (kind, json.dumps(list(ids))),
    )


def known_versions(context: Context, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Logical id → versionId of those that the cache has, kept raw or as readings."""
    found = reading_versions(context, kind, ids)
    rows = context.connection.exec_driver_sql(
        """SELECT r.id, r.version FROM json_each(?) j
        CROSS JOIN resource r ON r.type = ? AND r.id = CAST(j.value AS TEXT)""",
        (json.dumps(list(ids)), kind),
    )
    return found | {row[0]: row[1] for row in rows}


def _kept(row: Sequence[Any]) -> Kept:
    kind, logical_id, version, last_updated, raw, patient, identifier = row
    return Kept(kind, logical_id, version, last_updated, unsqueeze(raw), patient, identifier)

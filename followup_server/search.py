"""Answering searches from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from followup_server import schema
from followup_server.search_conditions import Condition
from followup_server.search_order import after, write_cursor
from followup_server.search_request import Include, SearchRequest
from followup_server.stored import Stored

_ROW = schema.resource.c
_COLUMNS = (_ROW.type, _ROW.id, _ROW.version, _ROW.updated, _ROW.body)
_MANY = 400


@dataclass(frozen=True, slots=True)
class Page:
    """A page of search results."""

    matches: tuple[Stored, ...]
    included: tuple[Stored, ...]
    total: int | None
    """All matches, where it was asked for or is known anyway."""
    next_page: str | None
    """The `_page` of the next page; none where this is the last."""


def search(connection: Connection, request: SearchRequest) -> Page:
    """Answer one page of a search, within the connection's transaction."""
    live = and_(_ROW.type == request.type_name, _ROW.deleted.is_(False), *request.conditions)
    if request.only_count:
        return Page((), (), _total(connection, live), None)
    wanted = select(*_COLUMNS, _ROW.rid, *(key.expression for key in request.keys)).where(live)
    if request.after is not None:
        wanted = wanted.where(after(request.keys, request.after))
    order = [key.expression.desc() if key.descending else key.expression for key in request.keys]
    rows = connection.execute(wanted.order_by(*order).limit(request.count + 1)).all()
    more = len(rows) > request.count
    rows = rows[: request.count]
    next_page = write_cursor(tuple(rows[-1])[len(_COLUMNS) + 1 :]) if more else None
    total = None
    if request.with_total:
        total = _total(connection, live)
    elif not more and request.after is None:
        total = len(rows)
    matches = tuple(stored_of(row) for row in rows)
    return Page(matches, _included(connection, request, rows, matches), total, next_page)


def stored_of(row: Row[*tuple[Any, ...]]) -> Stored:
    """A row that begins with type, id, version, updated and body."""
    return Stored(row[0], row[1], row[2], row[3], None if row[4] is None else bytes(row[4]))


def _total(connection: Connection, condition: Condition) -> int:
    return connection.execute(select(func.count()).select_from(schema.resource).where(condition)).scalar_one()


def _included(
    connection: Connection, request: SearchRequest, rows: Sequence[Row[Any]], matches: Sequence[Stored]
) -> tuple[Stored, ...]:
    if not rows or not (request.includes or request.revincludes):
        return ()
    rids = [row[len(_COLUMNS)] for row in rows]
    seen = {stored.reference for stored in matches}
    found: list[Stored] = []
    for include in request.includes:
        targets = _targets(connection, include, rids) - seen
        found += _by_reference(connection, targets)
        seen |= {stored.reference for stored in found}
    for include in request.revincludes:
        for stored in _pointing(connection, include, [match.reference for match in matches]):
            if stored.reference not in seen:
                seen.add(stored.reference)
                found.append(stored)
    return tuple(found)


def _targets(connection: Connection, include: Include, rids: Sequence[int]) -> set[str]:
    """`Type/id` of what the resources with these row ids refer to by a parameter."""
    ref = schema.reference.c
    targets: set[str] = set()
    for some in _batches(rids):
        wanted: Select[Any] = select(ref.target).where(
            ref.rid.in_(some), ref.param == include.param.index_key
        )
        targets |= {target for (target,) in connection.execute(wanted) if target is not None}
        if include.param.place == "patient":
            wanted = select(_ROW.patient).where(_ROW.rid.in_(some), _ROW.patient.is_not(None))
            targets |= {f"Patient/{patient}" for (patient,) in connection.execute(wanted)}
    kinds = (include.target,) if include.target else ()
    if include.param.name == "patient":
        kinds = ("Patient",)
    return {target for target in targets if not kinds or target.partition("/")[0] in kinds}


def _by_reference(connection: Connection, references: Iterable[str]) -> list[Stored]:
    by_type: dict[str, list[str]] = {}
    for reference in sorted(references):
        type_name, _, logical = reference.partition("/")
        by_type.setdefault(type_name, []).append(logical)
    found: list[Stored] = []
    for type_name, ids in by_type.items():
        for some in _batches(ids):
            wanted = select(*_COLUMNS).where(
                _ROW.type == type_name, _ROW.id.in_(some), _ROW.deleted.is_(False)
            )
            found += [stored_of(row) for row in connection.execute(wanted.order_by(_ROW.updated))]
    return found


def _pointing(connection: Connection, include: Include, references: Sequence[str]) -> list[Stored]:
    """Resources of the include's type that refer to any of these."""
    ref = schema.reference.c
    found: list[Stored] = []
    for some in _batches(references):
        pointing: Condition = _ROW.rid.in_(
            select(ref.rid).where(ref.target.in_(some), ref.param == include.param.index_key)
        )
        if include.param.place == "patient":
            patients = [reference[8:] for reference in some if reference.startswith("Patient/")]
            pointing = or_(pointing, _ROW.patient.in_(patients))
        wanted = select(*_COLUMNS).where(_ROW.type == include.source, _ROW.deleted.is_(False), pointing)
        found += [stored_of(row) for row in connection.execute(wanted.order_by(_ROW.updated))]
    return found


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + _MANY] for at in range(0, len(values), _MANY))

"""Answering searches from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, column, desc, func, select, union_all

from followup_server.search.conditions import Condition
from followup_server.search.includes import Found, included
from followup_server.search.order import after, write_cursor
from followup_server.search.request import SearchRequest
from followup_server.storage import schema
from followup_server.storage.stored import Stored, stored_of

_ROW = schema.resource.c
_COLUMNS = (_ROW.type, _ROW.id, _ROW.version, _ROW.updated, _ROW.body, _ROW.rid)


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
    if request.only_count:
        return Page((), (), _total(connection, request), None)
    rows = connection.execute(_wanted(request)).all()
    more = len(rows) > request.count
    rows = rows[: request.count]
    next_page = write_cursor(tuple(rows[-1])[len(_COLUMNS) :]) if more else None
    total = None
    if request.with_total:
        total = _total(connection, request)
    elif not more and request.after is None:
        total = len(rows)
    matches = [Found(row[5], stored_of(row)) for row in rows]
    along = included(connection, matches, request.includes, request.revincludes)
    return Page(tuple(found.stored for found in matches), along, total, next_page)


def _wanted(request: SearchRequest) -> Select[Any]:
    """The rows of a page and one more, in order; behind the columns of each its keys."""
    each = [_wanted_of(request, type_name) for type_name in request.type_names]
    if len(each) == 1:
        return each[0]
    # each type by its own index and no further than the page goes, then the best of all
    together = union_all(*(select(one.subquery()) for one in each)).subquery()
    names: list[ColumnElement[Any]] = [column(f"key_{at}") for at in range(len(request.keys))]
    order = [desc(name) if key.descending else name for name, key in zip(names, request.keys, strict=True)]
    return select(together).order_by(*order).limit(request.count + 1)


def _wanted_of(request: SearchRequest, type_name: str) -> Select[Any]:
    keys = [key.expression.label(f"key_{at}") for at, key in enumerate(request.keys)]
    wanted = select(*_COLUMNS, *keys).where(_live(request, type_name))
    if request.after is not None:
        wanted = wanted.where(after(request.keys, request.after))
    order = [key.expression.desc() if key.descending else key.expression for key in request.keys]
    return wanted.order_by(*order).limit(request.count + 1)


def _live(request: SearchRequest, *type_names: str) -> Condition:
    of_type = _ROW.type == type_names[0] if len(type_names) == 1 else _ROW.type.in_(type_names)
    return and_(of_type, _ROW.deleted.is_(False), *request.conditions)


def _total(connection: Connection, request: SearchRequest) -> int:
    live = _live(request, *request.type_names)
    return connection.execute(select(func.count()).select_from(schema.resource).where(live)).scalar_one()

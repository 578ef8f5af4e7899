"""Pages of the feed, read from the tables.

A snapshot goes by (patient, first code, instant); it is no single state of the database, since it is read
over several requests: what changes meanwhile is among the changes after it, which go by the order of commits
from where the snapshot began. So a version may come twice, and none is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from fhir_r4.readings_feed import Entry, Gone, Odd, Page, Plain, entry_of
from fhir_r4.readings_feed.entries import LARGEST_PAGE, size_of
from followup_server.moments import Micros
from followup_server.problems import Gone as TooOld
from followup_server.raw_json import decode
from followup_server.readings_feed.cursor import FeedCursor, Filters, Key, write_cursor
from followup_server.search.conditions import Condition, conditions_of
from followup_server.storage import schema

KEPT: Final[Micros] = 90 * 86_400 * 1_000_000
"""How long before the last commit a cursor may be: what was deleted earlier needn't be known any more."""

_LARGEST_ODD: Final = 4 * 1024 * 1024
"""Bytes of resources sent as JSON after which a page is full."""
_MOST_PATIENTS: Final = 2_000
"""Looked at for a page, even where few of them have anything: each costs two queries."""
_MANY: Final = 1_000
_TYPE: Final = "Observation"
_ROW = schema.resource.c
_COLUMNS = (_ROW.rid, _ROW.id, _ROW.version, _ROW.updated, _ROW.patient, _ROW.body)


def last_commit(connection: Connection) -> Micros:
    """The stamp of the newest commit."""
    stamp: Micros = connection.execute(select(schema.commit_clock.c.last_updated)).scalar_one()
    return stamp


def page_of(
    connection: Connection,
    database: str,
    filters: Filters,
    cursor: FeedCursor | None,
    largest: int = LARGEST_PAGE,
    most_patients: int = _MOST_PATIENTS,
) -> Page:
    """A page from where `cursor` says (none: the first of a snapshot), with about `largest` readings at most.

    A snapshot's page is of `most_patients` at most, and may be empty though there is more.
    Raises Gone where the server can't go on from there, UnknownParameter for a date that is none.
    """
    newest = last_commit(connection)  # before anything else is read: what is committed later comes again
    if cursor is None:
        cursor = FeedCursor(database, newest, filters)
        return _snapshot(connection, cursor, None, largest, most_patients)
    if cursor.database != database or cursor.stamp > newest or newest - cursor.stamp > KEPT:
        raise TooOld("The server doesn't know any more what has changed since; fetch all readings anew.")
    if cursor.after is not None:
        return _snapshot(connection, cursor, cursor.after, largest, most_patients)
    return _changes(connection, cursor, newest, largest)


def _snapshot(
    connection: Connection, cursor: FeedCursor, after: Key | None, largest: int, most_patients: int
) -> Page:
    page = _Filling(largest)
    for n, patient in enumerate(_patients(connection, cursor.filters, "" if after is None else after[0])):
        if n == most_patients:
            return page.ended(write_cursor(replace(cursor, after=(patient, "", 0, -1))), more=True)
        for key, entry in _sorted(connection, patient, cursor.filters, after, page.room + 1):
            if page.is_full:
                return page.ended(write_cursor(replace(cursor, after=page.key)), more=True)
            page.add(entry, key)
    return page.ended(write_cursor(FeedCursor(cursor.database, cursor.stamp)), more=False)


def _patients(connection: Connection, filters: Filters, first: str) -> Iterator[str]:
    """The patients who have anything, from `first` on, by id; an empty one for what is of no patient."""
    if filters.patients is not None:
        yield from (patient for patient in filters.patients if patient >= first and filters.has(patient))
        return
    if not first and filters.part == 0:
        yield ""
    patient = connection.execute(select(func.min(_ROW.patient)).where(_ROW.patient >= first)).scalar()
    while patient is not None:
        if filters.has(patient):
            yield patient
        patient = connection.execute(select(func.min(_ROW.patient)).where(_ROW.patient > patient)).scalar()


def _sorted(
    connection: Connection, patient: str, filters: Filters, after: Key | None, most: int
) -> list[tuple[Key, Entry]]:
    """A patient's first Observations after that key, in the order of a snapshot: `most` in memory at once."""
    owner = _ROW.patient == patient if patient else _ROW.patient.is_(None)
    dated: Sequence[Condition] = ()
    if filters.date is not None:
        dated = conditions_of((_TYPE,), [("date", filters.date)], "")
    rows = _rows(connection, [owner, *dated, _ROW.deleted.is_(False)], _ROW.rid)
    entries = (_entry(row, with_id=filters.with_ids) for row in rows)
    keyed = ((_key(patient, entry), entry) for entry in entries)
    to_come = keyed if after is None else (pair for pair in keyed if pair[0] > after)
    return nsmallest(most, to_come, key=lambda pair: pair[0])


def _key(patient: str, entry: Entry) -> Key:
    if isinstance(entry, Plain):
        return patient, entry.parts[0].code, entry.effective, entry.handle
    return patient, "", 0, entry.handle


def _changes(connection: Connection, cursor: FeedCursor, newest: Micros, largest: int) -> Page:
    page = _Filling(largest)
    stamp = cursor.stamp
    for row in _rows(connection, [_ROW.updated > cursor.stamp], _ROW.updated):
        if page.is_full:
            return page.ended(write_cursor(replace(cursor, stamp=stamp)), more=True)
        page.add(_entry(row, with_id=True))  # whoever has learnt an id may have let go of the handle
        stamp = row.updated
    return page.ended(write_cursor(replace(cursor, stamp=max(newest, stamp))), more=False)


def _rows(
    connection: Connection, conditions: Iterable[ColumnElement[bool]], order: ColumnElement[Any]
) -> Iterator[Row[Any]]:
    wanted: Select[Any] = select(*_COLUMNS).where(_ROW.type == _TYPE, *conditions).order_by(order)
    yield from connection.execute(wanted, execution_options={"yield_per": _MANY})


def _entry(row: Row[Any], *, with_id: bool) -> Entry:
    if row.body is None:
        return Gone(row.rid, row.id if with_id else None)
    body = bytes(row.body)
    return entry_of(
        decode(body),
        body,
        handle=row.rid,
        version=row.version,
        updated=row.updated // 1000,
        with_id=with_id,
    )


class _Filling:
    """A page being filled."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._entries: list[Entry] = []
        self._size = 0
        self._odd = 0
        self.key: Key | None = None
        """Of the last entry."""

    @property
    def is_full(self) -> bool:
        """Whether another entry may be too much."""
        return self._size >= self._largest or self._odd >= _LARGEST_ODD

    @property
    def room(self) -> int:
        """Entries that there may still be room for."""
        return max(self._largest - self._size, 0)

    def add(self, entry: Entry, key: Key | None = None) -> None:
        """Put in an entry."""
        self._entries.append(entry)
        self._size += size_of(entry)
        self._odd += len(entry.raw) if isinstance(entry, Odd) else 0
        self.key = key

    def ended(self, following: str, *, more: bool) -> Page:
        """The page."""
        return Page(tuple(self._entries), following, more)

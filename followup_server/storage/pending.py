"""Rows that a transaction has made and not sent to the database yet, so that many go at once.

A transaction has parts, such as the requests of several clients. A part that fails is undone by itself: as
long as nothing of it has reached the database its rows are just dropped; what has to reach it lies in a
savepoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, NestedTransaction, Table

from followup_server.storage.rows import insert_rows, put_rows

Row = tuple[Any, ...]
Insertion = Callable[[Connection, Table, Sequence[Row]], None]


@dataclass(slots=True)
class _Part:
    begin: int
    """How many rows had been made before it, since the transaction began."""
    savepoint: NestedTransaction | None = None


class PendingRows:
    """The rows of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[tuple[Table, Insertion, Row]] = []
        self._sent = 0
        self._parts: list[_Part] = []
        self._keys: set[object] = set()

    def add(self, table: Table, row: Row) -> None:
        """Make a row, its values in the order of the table's columns."""
        self._rows.append((table, insert_rows, row))

    def put(self, table: Table, row: Row) -> None:
        """As `add`; takes the place of a row with its primary key."""
        self._rows.append((table, put_rows, row))

    def note(self, key: object) -> None:
        """Remember that a row found by this key waits."""
        self._keys.add(key)

    def has(self, key: object) -> bool:
        """Whether a row found by this key may be waiting."""
        return key in self._keys

    def send(self) -> None:
        """Put all rows into the database; to be called before what changes or looks for one of them."""
        self.guard()
        self._send_until(self._sent + len(self._rows))
        self._keys.clear()

    def guard(self) -> None:
        """To be called before anything else is written: opens the savepoints of the parts under way."""
        for part in self._parts:
            if part.savepoint is None:
                self._send_until(part.begin)
                part.savepoint = self._connection.begin_nested()

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction; an error undoes it and leaves the rest as it is."""
        part = _Part(self._sent + len(self._rows))
        self._parts.append(part)
        try:
            yield
        except BaseException:
            del self._rows[max(part.begin - self._sent, 0) :]
            self._parts.pop()
            if part.savepoint is not None:
                part.savepoint.rollback()
            raise
        self._parts.pop()
        if part.savepoint is not None:
            self._send_until(self._sent + len(self._rows))
            part.savepoint.commit()

    def _send_until(self, end: int) -> None:
        count = end - self._sent
        by_table: dict[tuple[Table, Insertion], list[Row]] = {}
        for table, insertion, row in self._rows[:count]:
            by_table.setdefault((table, insertion), []).append(row)
        del self._rows[:count]
        self._sent = end
        for (table, insertion), rows in by_table.items():
            insertion(self._connection, table, rows)

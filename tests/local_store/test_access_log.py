"""The access log: append-only, and every change of it is found."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from local_store.store import Store


def look(store: Store, *patients: str, what: str = "patient") -> None:
    with store.write() as tx:
        number = len(tx.access_lines()) + 1
        tx.log_access("kari", patients, what, "tjenstlig behov", at=1000 + number, op=f"op-{number}")


def force(store: Store, statement: str) -> None:
    """Change the log behind the triggers' back."""
    with store.write() as tx:
        tx.context.connection.exec_driver_sql("DROP TRIGGER IF EXISTS access_log_keeps_lines")
        tx.context.connection.exec_driver_sql("DROP TRIGGER IF EXISTS access_log_keeps_words")
        tx.context.connection.exec_driver_sql(statement)


@pytest.fixture
def logged(store: Store) -> Store:
    for patient in ("p1", "p2", "p1", "p3", "p1"):
        look(store, patient)
    return store


def broken_at(store: Store) -> int | None:
    with store.read() as snapshot:
        return snapshot.access_log_broken_at()


def test_lines_are_chained(logged: Store) -> None:
    with logged.read() as snapshot:
        lines = snapshot.access_lines()
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5]
    assert [line.previous for line in lines] == ["0" * 64, *(line.hash for line in lines[:-1])]
    assert broken_at(logged) is None


def test_lines_of_one_patient(logged: Store) -> None:
    look(logged, "p2", "p1", what="queue")
    with logged.read() as snapshot:
        lines = snapshot.access_lines("p2")
        assert [(line.seq, line.what, line.patients) for line in lines] == [
            (2, "patient", ("p2",)),
            (6, "queue", ("p2", "p1")),
        ]
        assert [line.seq for line in snapshot.access_lines("p1", after=3, limit=1)] == [5]


@pytest.mark.parametrize("statement", ["DELETE FROM access_log", "UPDATE access_log SET seq = seq + 10"])
def test_lines_can_be_neither_changed_nor_removed(logged: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), logged.write() as tx:
        tx.context.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE access_log SET content = replace(CAST(content AS TEXT), 'p3', 'p1') WHERE seq = 4", 4),
        ("UPDATE access_log SET content = replace(content, 'p2', 'p3') || '' WHERE seq = 2", 2),
        ("UPDATE access_log SET content = CAST(replace(content, 'p2', 'p3') AS BLOB) WHERE seq = 2", 2),
        ("DELETE FROM access_log WHERE seq = 2", 2),
        ("UPDATE access_log SET seq = 9 WHERE seq = 5", 5),
        ("DELETE FROM access_log WHERE seq = 5", 5),
        ("DELETE FROM access_log", 1),
        ("INSERT INTO access_log SELECT 6, content, hash, hash FROM access_log WHERE seq = 5", 6),
    ],
    ids=["edited", "made text", "made bytes", "removed", "moved", "tail cut", "emptied", "added"],
)
def test_tampering_is_found(logged: Store, statement: str, line: int) -> None:
    force(logged, statement)
    assert broken_at(logged) == line


def test_swapped_lines_are_found(logged: Store) -> None:
    force(
        logged,
        """UPDATE access_log SET content = (SELECT content FROM access_log o WHERE o.seq = 5 - access_log.seq)
        WHERE seq IN (2, 3)""",
    )
    assert broken_at(logged) == 2


def test_what_the_server_lacks_is_counted_apart(logged: Store, make: SimpleNamespace) -> None:
    assert logged.status().audit_pending == 5
    with logged.write() as tx:
        assert [line.op for line in tx.unsent_access(2)] == ["op-1", "op-2"]
        tx.access_sent(2)
        assert [line.seq for line in tx.unsent_access(10)] == [3, 4, 5]
        tx.access_sent(1)
        assert [line.seq for line in tx.unsent_access(10)] == [3, 4, 5]
    status = logged.status()
    assert (status.audit_pending, status.pending) == (3, 0)


def test_the_driver_is_not_plain_sqlite(store: Store) -> None:
    with store.engine.connect() as connection:
        assert not isinstance(connection.connection.driver_connection, sqlite3.Connection)

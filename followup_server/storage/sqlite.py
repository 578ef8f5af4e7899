"""SQLite: one file in WAL with full synchronisation, and one write lock.

SQLite comes from sqlcipher3 (without a key: the file is plain), because SQLite 3.7.0 to 3.51.2, which many
systems still ship, has a bug that can corrupt a database when its WAL is reset.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL

from followup_server.problems import DatabaseRefused
from followup_server.storage.database import NAME_ONE, Database

_SAFE: Final = (3, 51, 3)
_BUSY_MS: Final = 30_000
_LONGEST_SLEEP_S: Final = 0.11
_CONNECTIONS: Final = 10
_PRAGMAS: Final = (
    f"busy_timeout={_BUSY_MS}",
    "synchronous=FULL",
    "cache_size=-2000",  # KiB, of each connection: what the system's own page cache holds costs us nothing
    "temp_store=MEMORY",
)


class SqliteDatabase(Database):
    """A file. A transaction that writes holds the only write lock from its beginning."""

    def __init__(self, url: URL) -> None:
        if sqlite.sqlite_version_info < _SAFE:
            raise DatabaseRefused(
                f"SQLite {sqlite.sqlite_version} may corrupt databases.",
                "Install sqlcipher3 0.6.4 or later.",
            )
        path = Path(str(url.database))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise DatabaseRefused(f"{path} can't be opened: {error.strerror}.", NAME_ONE) from error
        engine = create_engine(
            url,
            module=sqlite,
            hide_parameters=True,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            connect_args={"timeout": _BUSY_MS / 1000},
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        super().__init__(engine)
        self._lock = threading.Lock()  # fair among threads, where SQLite's own waiting sleeps and tries again

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._lock, self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def making(self) -> Iterator[Connection]:
        with self.writing() as connection:
            yield connection

    def lock_patients(self, connection: Connection, patients: Collection[str]) -> None:
        """Nothing to do: whoever judges holds the write lock."""

    def let_others_write(self) -> None:
        """Wait for longer than SQLite ever sleeps between two tries to get the lock."""
        time.sleep(_LONGEST_SLEEP_S)


def _prepare(connection: sqlite.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: sqlite.Cursor) -> None:
    """Switch to WAL; where several processes open a new file at once, the busy timeout doesn't cover this."""
    deadline = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

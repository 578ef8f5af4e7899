"""Opening the database: SQLite by path or URL, in WAL with full synchronisation.

SQLite comes from sqlcipher3 (without a key: the file is plain), because SQLite 3.7.0 to 3.51.2, which many
systems still ship, has a bug that can corrupt a database when its WAL is reset.
"""

from __future__ import annotations

import time
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from followup_server.problems import DatabaseRefused

_SAFE_SQLITE = (3, 51, 3)
_BUSY_MS = 30_000
_NAME_A_FILE = "Name a file for SQLite with --database."


def database_url(database: str | Path) -> URL:
    """An SQLAlchemy URL from a URL or a path. Raises DatabaseRefused for what we can't use (yet)."""
    if isinstance(database, Path) or "://" not in database:
        return URL.create("sqlite", database=str(Path(database).expanduser()))
    try:
        url = make_url(database)
    except ArgumentError:
        raise DatabaseRefused(
            "That isn't a database URL.", "Name a file, or a URL like sqlite:////srv/fhir.db."
        ) from None
    if url.get_backend_name() == "postgresql" or url.drivername.startswith("postgres"):
        raise DatabaseRefused("PostgreSQL isn't supported yet.", _NAME_A_FILE)
    if url.get_backend_name() != "sqlite":
        raise DatabaseRefused(
            f"Databases of the kind {url.get_backend_name()} aren't supported.", _NAME_A_FILE
        )
    if url.database in (None, "", ":memory:"):
        raise DatabaseRefused("A database in memory can't be shared between threads.", _NAME_A_FILE)
    return URL.create("sqlite", database=url.database)


def open_engine(database: str | Path) -> Engine:
    """An engine whose connections begin nothing by themselves: see `begin_read` and `begin_write`."""
    url = database_url(database)
    if sqlite.sqlite_version_info < _SAFE_SQLITE:
        raise DatabaseRefused(
            f"SQLite {sqlite.sqlite_version} may corrupt databases.", "Install sqlcipher3 0.6.4 or later."
        )
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseRefused(f"{path} can't be opened: {error.strerror}.", _NAME_A_FILE) from error
    engine = create_engine(
        url, module=sqlite, hide_parameters=True, pool_size=10, max_overflow=20, connect_args={"timeout": 30}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "synchronous=FULL",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
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

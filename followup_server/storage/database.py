"""The databases that a store can lie in: what all have in common, and which one a name or URL means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from followup_server.problems import DatabaseRefused

_SQLITE = "sqlite"
_POSTGRESQL = "postgresql+psycopg"
NAME_ONE = "Name a file for SQLite, or a URL like postgresql+psycopg://host/name, with --database."


class Database(ABC):
    """An open database. Threads may share it, and several processes may open the same one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads: all read in it is of one state, and no writer waits for it."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes, committed to disk at its end and undone by an error.

        What gives out stamps still has to lock the row of `commit_clock`, where the database as a whole
        isn't locked anyway.
        """

    @abstractmethod
    def making(self) -> AbstractContextManager[Connection]:
        """A transaction that makes the tables, alone among all processes."""

    @abstractmethod
    def lock_patients(self, connection: Connection, patients: Collection[str]) -> None:
        """Keep others from judging these patients until the transaction ends; waits for who does."""

    @abstractmethod
    def let_others_write(self) -> None:
        """Let writers who wait go first."""

    @contextmanager
    def _transaction(self, **options: object) -> Iterator[Connection]:
        connecting = self.engine.connect().execution_options(**options)
        with connecting as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def database_url(database: str | Path) -> URL:
    """An SQLAlchemy URL from a URL or a path. Raises DatabaseRefused for what we can't use."""
    if isinstance(database, Path) or "://" not in database:
        return URL.create(_SQLITE, database=str(Path(database).expanduser()))
    try:
        url = make_url(database)
    except ArgumentError:
        raise DatabaseRefused("That isn't a database URL.", NAME_ONE) from None
    if url.drivername in ("postgres", "postgresql", _POSTGRESQL):
        return url.set(drivername=_POSTGRESQL)
    if url.drivername != _SQLITE:
        raise DatabaseRefused(f"Databases of the kind {url.drivername} aren't supported.", NAME_ONE)
    if url.database in (None, "", ":memory:"):
        raise DatabaseRefused("A database in memory can't be shared between threads.", NAME_ONE)
    return URL.create(_SQLITE, database=url.database)


def open_database(database: str | Path) -> Database:
    """Open what a path or URL names. Raises DatabaseRefused.

    Nothing is connected to yet: that the database answers shows when it is first used.
    """
    url = database_url(database)
    if url.drivername == _POSTGRESQL:
        from followup_server.storage.postgresql import PostgresqlDatabase  # noqa: PLC0415 - its driver is an extra

        return PostgresqlDatabase(url)
    from followup_server.storage.sqlite import SqliteDatabase  # noqa: PLC0415

    return SqliteDatabase(url)

"""PostgreSQL through psycopg 3: several server processes on one database.

Writers don't lock each other out here, except where they take the row of `commit_clock`, which gives out the
stamps: whoever has it keeps it until its commit can be seen. So stamps become visible in their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL

from followup_server.problems import DatabaseRefused
from followup_server.storage.database import Database

_CONNECTIONS: Final = 10
_SETTINGS: Final = (
    "synchronous_commit TO on",  # answered means on disk, whatever the database's default
    "lock_timeout TO '30s'",
    "idle_in_transaction_session_timeout TO '10min'",  # of a process that hangs, nobody waits for ever
)
_MAKING: Final = 0x7472_6961_6765  # "triage"
_LOCK_ONE = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_ALL = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


class PostgresqlDatabase(Database):
    """A database of a PostgreSQL server, reached by a URL of the scheme postgresql+psycopg."""

    def __init__(self, url: URL) -> None:
        try:
            engine = create_engine(url, hide_parameters=True, pool_size=_CONNECTIONS, pool_pre_ping=True)
        except ModuleNotFoundError:
            raise DatabaseRefused(
                "The driver of PostgreSQL isn't installed.",
                "Install it: pip install 'triage-tui[postgresql]'.",
            ) from None
        event.listen(engine, "connect", _prepare)
        super().__init__(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._transaction(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def making(self) -> Iterator[Connection]:
        with self._transaction() as connection:
            connection.execute(_LOCK_ONE, {"key": _MAKING})
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
            if encoding != "UTF8":
                raise DatabaseRefused(
                    f"The database's encoding is {encoding}.", "Make one with ENCODING 'UTF8'."
                )
            yield connection

    def lock_patients(self, connection: Connection, patients: Collection[str]) -> None:
        """All in one order, so that none waits in a ring."""
        connection.execute(_LOCK_ALL, {"keys": sorted({_key(patient) for patient in patients})})

    def let_others_write(self) -> None:
        """Nothing to do: they stand in line for the row of `commit_clock`."""


def _prepare(connection: Any, _record: object) -> None:
    connection.autocommit = True
    for setting in _SETTINGS:
        connection.execute(f"SET {setting}")
    connection.autocommit = False


def _key(patient: str) -> int:
    """The number of a patient's advisory lock; two patients with one number only wait for each other."""
    return int.from_bytes(hashlib.blake2b(patient.encode(), digest_size=8).digest(), "big") >> 1

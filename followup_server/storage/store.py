"""The resource store: raw FHIR JSON with its history, searchable, in one database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from followup_server.judging.compartments import Compartments
from followup_server.moments import EARLIEST, Micros
from followup_server.problems import DatabaseRefused, Gone, NotFound
from followup_server.raw_json import Raw
from followup_server.search.pages import Page, search
from followup_server.search.query_time import at_most
from followup_server.search.request import LARGEST_COUNT, SearchRequest, read_request
from followup_server.storage import demo_centre, schema, versions
from followup_server.storage.database import open_database
from followup_server.storage.making import make_tables, page_key
from followup_server.storage.stored import Stored, Written, stored_of
from followup_server.writing.writes import WriteSession
from threshold_engine.model import Clock, Instant

_ROW = schema.resource.c


class ResourceStore:
    """Resources of a follow-up centre. Threads may share it; several processes may open one database."""

    def __init__(self, database: str | Path, clock: Clock) -> None:
        """Open a database (a path or an SQLAlchemy URL), and make it if it isn't there yet.

        `clock` gives milliseconds; it is the base of `lastUpdated`. A new database has the demo centre in it.
        Raises DatabaseRefused.
        """
        self.clock = clock
        self.compartments = Compartments()
        self._database = open_database(database)
        try:
            self.page_key: bytes = self._make()
            """The key that seals page links, 32 bytes, the same for all processes on this database."""
        except DBAPIError as error:
            self.close()
            why = str(error.orig).partition("\n")[0].strip()
            raise DatabaseRefused(
                f"The database can't be used ({why}).", "Check that it is one of this server, and reachable."
            ) from error
        except DatabaseRefused:
            self.close()
            raise

    def _make(self) -> bytes:
        with self._database.making() as connection:
            if not make_tables(connection):
                session = self._session(connection, due=None)
                for raw in demo_centre.resources():
                    session.update(str(raw["id"]), raw)
                session.finish()
            return page_key(connection)

    def _session(self, connection: Connection, *, due: Instant | None) -> WriteSession:
        session = WriteSession(connection, self.clock(), due=due)
        session.lock()
        return session

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    @contextmanager
    def write(self, due: Instant = 0) -> Iterator[WriteSession]:
        """One write transaction, alone from its beginning; committed at its end, undone by an error.

        The patients whom it touches are due to be judged, at `due` at the latest.
        """
        with self._database.writing() as connection:
            session = self._session(connection, due=due)
            yield session
            session.finish()
        self.compartments.tell(session.changes.news)

    @contextmanager
    def judging(self, patients: Collection[str]) -> Iterator[WriteSession]:
        """A transaction in which these patients are judged, by nobody else meanwhile.

        It has to be locked (`WriteSession.lock`) before it writes; until then others may write.
        """
        with self._database.writing() as connection:
            self._database.lock_patients(connection, patients)
            session = WriteSession(connection, self.clock(), due=None)
            yield session
            session.finish()
        self.compartments.tell(session.changes.news)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction: everything read in it is of one state."""
        with self._database.reading() as connection:
            yield connection

    def let_others_write(self) -> None:
        """Let whoever waits to write go first: to be called between the transactions of something long."""
        self._database.let_others_write()

    def check(self) -> None:
        """Ask the database for something. Raises DBAPIError if it doesn't answer."""
        with self.reading() as connection:
            connection.execute(select(schema.commit_clock.c.last_updated)).one()

    def create(self, raw: Raw, *, if_none_exist: str | None = None, logical: str | None = None) -> Written:
        """Create a resource in a transaction of its own; see `WriteSession.create`."""
        with self.write() as session:
            return session.create(raw, if_none_exist=if_none_exist, logical=logical)

    def update(self, logical: str, raw: Raw, *, if_match: str | None = None) -> Written:
        """Put a resource in a transaction of its own; see `WriteSession.update`."""
        with self.write() as session:
            return session.update(logical, raw, if_match=if_match)

    def delete(self, type_name: str, logical: str, *, if_match: str | None = None) -> Written:
        """Delete a resource in a transaction of its own; see `WriteSession.delete`."""
        with self.write() as session:
            return session.delete(type_name, logical, if_match=if_match)

    def read(self, type_name: str, logical: str) -> Stored:
        """The current version. Raises NotFound, or Gone for one that is deleted."""
        wanted = select(_ROW.type, _ROW.id, _ROW.version, _ROW.updated, _ROW.body)
        with self.reading() as connection:
            row = connection.execute(wanted.where(_ROW.type == type_name, _ROW.id == logical)).one_or_none()
        return _alive(None if row is None else stored_of(row), f"{type_name}/{logical}")

    def vread(self, type_name: str, logical: str, version: int) -> Stored:
        """One version. Raises NotFound, or Gone for the version that is a deletion."""
        with self.reading() as connection:
            found = versions.one_version(connection, type_name, logical, version)
        return _alive(found, f"{type_name}/{logical}/_history/{version}")

    def history(
        self,
        type_name: str | None = None,
        logical: str | None = None,
        *,
        since: Micros = EARLIEST,
        before: Micros | None = None,
        count: int = LARGEST_COUNT,
        seconds: int | None = None,
    ) -> list[Stored]:
        """Versions of a resource, of a type's resources or of all, newest first, deletions too.

        At most `count`, of those stamped at `since` or later and earlier than `before`.
        Raises NotFound for a resource that never was, TooCostly where it takes longer than `seconds`.
        """
        with self.reading() as connection, at_most(connection, seconds):
            found = versions.history(connection, type_name, logical, since=since, before=before, count=count)
        if not found and type_name is not None and logical is not None and before is None:
            self.vread(type_name, logical, 1)
        return found

    def search(self, type_name: str, params: Iterable[tuple[str, str]], *, base: str = "") -> Page:
        """A page of search results; parameters as in a URL, `base` the server's FHIR base.

        Raises UnknownParameter for what isn't known, NotFound for a page that isn't one of ours.
        """
        return self.answer(read_request(type_name, params, base))

    def answer(self, request: SearchRequest, *, seconds: int | None = None) -> Page:
        """A page of a search that has been understood. Raises TooCostly if it takes longer than `seconds`."""
        with self.reading() as connection, at_most(connection, seconds):
            return search(connection, request)


def _alive(stored: Stored | None, what: str) -> Stored:
    if stored is None:
        raise NotFound(f"There is no {what}.")
    if stored.body is None:
        raise Gone(f"{what} has been deleted.")
    return stored

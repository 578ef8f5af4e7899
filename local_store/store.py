"""The encrypted cache of one profile: opening it, its transactions, and what screens and commands read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident, local

from sqlalchemy import Engine

from local_store import (
    drafts,
    files,
    outbox,
    patient_view,
    patients_view,
    people,
    queue_view,
    settings,
    shift_view,
    status,
    unsent_view,
    vocabulary,
)
from local_store.cipher import integrity_faults, open_engine, typed_errors
from local_store.errors import CorruptCache, StoreExists, StoreMissing, WrongKey
from local_store.migrations import migrate
from local_store.patients_view import PatientsView
from local_store.records import Draft, Profile, ScreenLock, StoredItem
from local_store.shift_view import ShiftView
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from local_store.unsent_view import UnsentView
from local_store.views import Nurse, OutboxRow, PatientView, Person, PersonLine, QueueView, StatusView
from threshold_engine.model import Instant
from work_items import Centre


class Store:
    """An open cache. Safe to use from several threads, and beside other processes; close it when done.

    Errors of the file, the disk and its locks are typed (errors.py), each with a remedy.
    """

    def __init__(self, folder: Path, engine: Engine) -> None:
        """Use `create` or `open`."""
        self.folder = folder
        self.engine = engine
        self._words, self._patients = vocabulary.words(), vocabulary.patients()
        self._writing = Lock()
        self._writer: int | None = None
        self._also = local()

    @classmethod
    def create(cls, folder: Path, key: bytes) -> Store:
        """Make an encrypted cache in a folder: 0700, its files 0600, whatever the umask. `key` is 32 bytes.

        Raises StoreExists, UnsafeSqlite.
        """
        files.private_folder(folder)
        path = folder / files.DATABASE
        try:
            files.create_private(path)
        except FileExistsError:
            raise StoreExists(f"there is a cache in {folder} already") from None
        files.replace_private(folder / files.CHECK, files.key_mark(key))
        return cls._opened(folder, key)

    @classmethod
    def open(cls, folder: Path, key: bytes) -> Store:
        """Open a cache. Raises StoreMissing, WrongKey, CorruptCache, StoreTooNew, UnsafeSqlite, StoreBusy."""
        if not cls.exists(folder):
            raise StoreMissing(f"there is no cache in {folder}")
        if files.is_the_key(folder, key) is False:
            raise WrongKey("the cache can't be read with this key")
        if (folder / files.DATABASE).stat().st_size == 0 and not (folder / "cache.db-wal").exists():
            raise CorruptCache("the cache's file is empty")
        return cls._opened(folder, key)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is a cache in a folder."""
        return (folder / files.DATABASE).is_file()

    @classmethod
    def _opened(cls, folder: Path, key: bytes) -> Store:
        engine = open_engine(folder / files.DATABASE, key)
        try:
            with typed_errors():
                migrate(engine)
        except WrongKey:
            engine.dispose()
            if files.is_the_key(folder, key):
                raise CorruptCache("the key is right, but the cache's first page can't be read") from None
            raise
        except BaseException:
            engine.dispose()
            raise
        return cls(folder, engine)

    def close(self) -> None:
        """Close all connections; the write-ahead log is folded into the database."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # transactions

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A write transaction: committed where the block ends well, else rolled back. One at a time.

        Raises StoreBusy where another process writes for longer than 10 s, DiskFull, and RuntimeError where
        this thread is writing already: half of an act must never be committed by the inside of another.
        """
        if self._writer == get_ident():
            raise RuntimeError("a write transaction within a write transaction")
        with self._writing, self._as_writer(), typed_errors():
            with self.engine.execution_options(begin="IMMEDIATE").begin() as connection:
                tx = Transaction(connection, self._words, self._patients)
                yield tx
                for effect in getattr(self._also, "effects", ()):
                    effect(tx)
            tx.context.committed()

    @contextmanager
    def also(self, effect: Callable[[Transaction], None]) -> Iterator[None]:
        """Let each write transaction of this thread within the block do `effect` as well, as its last step.

        So a form's draft goes in the transaction of the act that was signed in it, whichever act it is.
        """
        before: tuple[Callable[[Transaction], None], ...] = getattr(self._also, "effects", ())
        self._also.effects = (*before, effect)
        try:
            yield
        finally:
            self._also.effects = before

    @contextmanager
    def _as_writer(self) -> Iterator[None]:
        self._writer = get_ident()
        try:
            yield
        finally:
            self._writer = None

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """A read transaction: everything in it is as it stood at one commit. It never waits for a writer."""
        with typed_errors(), self.engine.begin() as connection:
            yield Snapshot(connection, self._words, self._patients)

    def verify(self) -> None:
        """Check every page of the file and the links between rows. Raises CorruptCache."""
        with typed_errors(), self.engine.connect() as connection:
            faults = integrity_faults(connection)
        if faults:
            raise CorruptCache(f"{len(faults)} places of the cache are not as they were written")

    # views

    def queue(self, now: Instant, centre: Centre) -> QueueView:
        """The whole queue at `now`."""
        with self.read() as snapshot:
            return queue_view.queue(snapshot.context, now, centre)

    def patient(
        self, patient: str, now: Instant, days: int = 30, centre: Centre | None = None
    ) -> PatientView | None:
        """Everything about one patient, with the last `days`' readings; None where nobody has that id."""
        with self.read() as snapshot:
            return patient_view.patient(snapshot.context, patient, now, days, centre or Centre())

    def patients(self, now: Instant) -> PatientsView:
        """All of the centre's patients, by name."""
        with self.read() as snapshot:
            return patients_view.patients_view(snapshot.context, now)

    def shift(self, start: Instant, end: Instant, now: Instant, centre: Centre) -> ShiftView:
        """What was done from `start` up to `end`, and how the queue stands at `now`."""
        with self.read() as snapshot:
            return shift_view.shift_view(snapshot.context, start, end, now, centre)

    def find_patients(self, query: str = "") -> list[PersonLine]:
        """Patients whose name has every word of the query in it, or whose id it is; all for an empty one."""
        with self.read() as snapshot:
            return people.find_patients(snapshot.context, query)

    def find_by_national_id(self, number: str) -> Person | None:
        """The patient with a national identity number."""
        with self.read() as snapshot:
            return people.person_by_national_id(snapshot.context, number)

    def find_task(self, text: str) -> StoredItem:
        """An item by its Task's UUID, or the unique beginning of it. Raises NoSuchTask, AmbiguousTask."""
        with self.read() as snapshot:
            return snapshot.item_by_prefix(text)

    def outbox(self) -> list[OutboxRow]:
        """What waits, is parked or in conflict, oldest first."""
        with self.read() as snapshot:
            return outbox.outbox_rows(snapshot.context)

    def unsent(self, now: Instant) -> UnsentView:
        """What the server doesn't have, with what is to be known to settle it: conflicts first."""
        with self.read() as snapshot:
            return unsent_view.unsent_view(snapshot.context, now)

    def status(self) -> StatusView:
        """How fresh the cache is, and what has not been sent."""
        with self.read() as snapshot:
            return status.status(snapshot.context)

    def profile(self) -> Profile | None:
        """Whose cache this is."""
        with self.read() as snapshot:
            return snapshot.profile()

    def nurse(self) -> Nurse | None:
        """Who is logged in."""
        with self.read() as snapshot:
            return snapshot.nurse()

    def drafts(self) -> list[Draft]:
        """What was typed and not signed, the oldest first."""
        with self.read() as snapshot:
            return drafts.read_drafts(snapshot.context)

    def screen_lock(self) -> ScreenLock:
        """Whether the screen is locked, and what opens it."""
        with self.read() as snapshot:
            return settings.read_lock(snapshot.context)

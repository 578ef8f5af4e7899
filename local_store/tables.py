"""The tables of the cache: names, types, keys. `migrations` creates them; a test holds the two equal.

Instants are integer milliseconds, numbers integer millionths, and whatever is repeated (codes, units,
versions, types) an integer that stands for a word. `body` is a frozen dataclass as JSON, `raw` JSON
in zlib.
"""

from __future__ import annotations

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class CacheTable(SQLModel, registry=registry(metadata=MetaData())):
    """A table of the cache: its own metadata, so that no other database's tables get mixed in."""


class Word(CacheTable, table=True):
    """A string that is repeated often, and the integer that stands for it."""

    n: int | None = Field(default=None, primary_key=True)
    word: str = Field(unique=True)


class Patient(CacheTable, table=True):
    """The integer that stands for a patient, and who it is once the Patient has been fetched."""

    n: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    name: str | None = None
    folded: str | None = None
    """For searching: names in lower case, with and without their accents."""
    national_id: str | None = Field(default=None, index=True)
    body: bytes | None = None
    """`views.Person`."""


class Practitioner(CacheTable, table=True):
    """A nurse or GP."""

    reference: str = Field(primary_key=True)
    login: str | None = Field(default=None, index=True)
    name: str


class Resource(CacheTable, table=True):
    """A FHIR resource as it came, for patching and showing."""

    __table_args__ = (Index("ix_resource_patient_type", "patient", "type"),)

    type: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: str | None = None
    last_updated: str | None = None
    patient: int | None = Field(default=None, foreign_key="patient.n")
    identifier: str | None = Field(default=None, index=True)
    raw: bytes


class Source(CacheTable, table=True):
    """The resource that readings were made from, and how the engine's id is had back from it.

    The engine's id is `<type>/<id>` where `core` is none, else the word `head` and `core`; then the
    reading's part. UUIDs are kept as bytes (identifiers.py).
    """

    __table_args__ = (UniqueConstraint("id", "type"),)

    n: int | None = Field(default=None, primary_key=True)
    id: bytes
    type: int
    version: int
    head: int
    core: bytes | None = None
    patient: int | None = None


class ReadingRow(CacheTable, table=True):
    """A reading, clustered so that a patient's measure is one stretch of pages."""

    __tablename__ = "reading"
    __table_args__ = {"sqlite_with_rowid": False}

    patient: int = Field(primary_key=True)
    code: int = Field(primary_key=True)
    at: int = Field(primary_key=True)
    source: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    """Word that follows the source's id, such as `#bp_sys`."""
    value: int
    kind: int
    """0: `value` is millionths; 1: a boolean; 2: a word; 3: a word that is millionths beyond 64 bits."""
    late: int | None = None
    """Received minus measured, in ms."""
    status: int
    unit: int
    comparator: int
    display: int


class Plan(CacheTable, table=True):
    """A CarePlan. `engine` is the last engine plan in it that could be read."""

    reference: str = Field(primary_key=True)
    patient: int = Field(foreign_key="patient.n", index=True)
    active: bool
    changed: int
    engine: bytes | None = None
    body: bytes


class EpisodeRow(CacheTable, table=True):
    """An episode: the server's, or one that only this console has found (no reference)."""

    __tablename__ = "episode"

    id: str = Field(primary_key=True)
    patient: int = Field(foreign_key="patient.n", index=True)
    reference: str | None = Field(default=None, index=True)
    version: str | None = None
    body: bytes


class ItemRow(CacheTable, table=True):
    """A work item. Its episode is kept once, in `episode`, and joined when read."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_open", "patient", sqlite_where=text("open")),)

    task: str = Field(primary_key=True)
    patient: int = Field(foreign_key="patient.n", index=True)
    open: bool
    closed_at: int | None = None
    reference: str | None = Field(default=None, index=True)
    version: str | None = None
    focus: str | None = Field(default=None, index=True)
    episode: str | None = Field(default=None, index=True)
    kind: str | None = None
    body: bytes


class Explanation(CacheTable, table=True):
    """Why an item's episode changed its level, as the engine found it over the cached readings."""

    task: str = Field(primary_key=True)
    latest: bytes
    """The change that raised it or last made it worse: a `Because`."""
    body: bytes
    """All of them, oldest first."""


class Projection(CacheTable, table=True):
    """What a row of the queue says about a patient, computed when something changed."""

    patient: int = Field(primary_key=True, foreign_key="patient.n")
    news2: bytes | None = None
    week: bytes | None = None
    contact: bytes | None = None
    plan: bytes | None = None
    plan_title: str | None = None
    last_reading: int | None = None


class Judging(CacheTable, table=True):
    """When this console's judge has to look at a patient."""

    patient: int = Field(primary_key=True, foreign_key="patient.n")
    due: int | None = Field(default=None, index=True)
    """0: at once; none: not before something changes."""
    waits: int | None = Field(default=None, index=True)
    """When a wait for a reading was over; told once everything up to then has been fetched."""


class Disagreement(CacheTable, table=True):
    """An alert that only the console or only the server finds."""

    __table_args__ = {"sqlite_with_rowid": False}

    patient: int = Field(primary_key=True, foreign_key="patient.n")
    what: str = Field(primary_key=True)
    """Id of the episode, as whoever finds it has it."""
    since: int


class Entry(CacheTable, table=True):
    """A line of the timeline."""

    __table_args__ = (Index("ix_entry_patient_at", "patient", "at"),)

    id: str = Field(primary_key=True)
    patient: int = Field(foreign_key="patient.n")
    at: int
    kind: str
    reference: str | None = None
    body: bytes


class DraftRow(CacheTable, table=True):
    """What was typed into a form about a patient, and not signed."""

    __tablename__ = "draft"
    __table_args__ = {"sqlite_with_rowid": False}

    patient: int = Field(primary_key=True, foreign_key="patient.n")
    form: str = Field(primary_key=True)
    at: int
    text: str


class Outbox(CacheTable, table=True):
    """What a nurse did, in the order in which it was done, until the server has it and after."""

    __table_args__ = (Index("ix_outbox_unsent", "state", "at", sqlite_where=text("state <> 'sent'")),)

    seq: int | None = Field(default=None, primary_key=True)
    op: str = Field(unique=True)
    act: str
    patient: int | None = Field(default=None, foreign_key="patient.n")
    author: str
    at: int
    body: bytes
    base: str | None = None
    summary: bytes
    state: str = Field(default="pending")
    attempts: int = 0
    answer: str | None = None
    not_before: int | None = None


class OutboxTask(CacheTable, table=True):
    """Which Tasks an op changes."""

    __tablename__ = "outbox_task"
    __table_args__ = {"sqlite_with_rowid": False}

    task: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, foreign_key="outbox.seq")


class OutboxDependency(CacheTable, table=True):
    """Which op has to be sent before which."""

    __tablename__ = "outbox_dependency"
    __table_args__ = {"sqlite_with_rowid": False}

    seq: int = Field(primary_key=True, foreign_key="outbox.seq")
    needs: str = Field(primary_key=True)


class AccessLog(CacheTable, table=True):
    """Who saw whom. Append-only: triggers refuse changes, and each line holds the hash of the one before."""

    __tablename__ = "access_log"

    seq: int = Field(primary_key=True)
    content: bytes
    """JSON of the line, exactly as hashed."""
    previous: str
    hash: str


class PullCursor(CacheTable, table=True):
    """How far a type has been pulled."""

    __tablename__ = "pull_cursor"

    type: str = Field(primary_key=True)
    value: str
    next_link: str | None = None
    complete: bool


class Lease(CacheTable, table=True):
    """Which process may push until when."""

    name: str = Field(primary_key=True)
    owner: str
    expires: int


class Setting(CacheTable, table=True):
    """Profile, marks of synchronising, tallies: one JSON value each."""

    name: str = Field(primary_key=True)
    value: bytes

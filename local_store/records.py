"""What is put into the cache and read back by sync and acts: frozen dataclasses, never table objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from local_store.identifiers import has_server_id
from local_store.views import Nurse, OpState, Pause, Zone
from threshold_engine.model import Episode, Instant, Value
from threshold_engine.readings import Reading
from work_items.model import Item

Comparator: TypeAlias = Literal["<", ">", "<=", ">="]
AuthKind: TypeAlias = Literal["none", "demo", "oidc"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource as the server gave it, kept so that a write can patch it."""

    type: str
    id: str
    """Logical id."""
    version: str | None
    """`meta.versionId`, opaque."""
    last_updated: str | None
    """`meta.lastUpdated` as written."""
    raw: bytes
    """The resource's JSON."""
    patient: str | None = None
    """Logical id of the patient that it is about."""
    identifier: str | None = None
    """UUID of its `urn:uuid:` identifier, without the prefix."""

    @property
    def reference(self) -> str:
        """`<type>/<id>`."""
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A work item with the Task that it comes from."""

    item: Item
    reference: str | None
    """`Task/<id>`; none while the server doesn't have it."""
    version: str | None
    """The Task's `versionId` that the item was read from: the base of a change."""
    focus: str | None = None
    """The Task's focus: `DetectedIssue/<id>`, `Communication/<id>`, `ServiceRequest/<id>`."""


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    """An episode with the DetectedIssue that it was published as."""

    episode: Episode
    reference: str | None
    """`DetectedIssue/<id>`; none for one that only this console has found."""
    version: str | None


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading with the resource that it was made from."""

    reading: Reading
    resource: str
    """`Observation/<id>` or `QuestionnaireResponse/<id>`; `outbox/<op>` until the server has it. Where the
    compact feed alone has told of it, which leaves ids out, a stand-in that means something to the store
    only: see `local_store.identifiers.has_server_id`."""
    version: str | None
    """The resource's `versionId`."""
    unit: str | None = None
    """UCUM unit as shown; none: the engine's for that code."""
    comparator: Comparator | None = None
    display: str | None = None
    """What the sender calls the measure, for codes that the engine doesn't know."""

    @property
    def known_as(self) -> str:
        """`resource`, or `Observation/<system>|<value>`, its identifier, where the cache has no more."""
        if has_server_id(self.resource):
            return self.resource
        return f"Observation/{self.reading.id.partition('#')[0]}"


class EntryPart(Protocol):
    """One reading of a `FeedEntry`."""

    @property
    def suffix(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def value(self) -> Value: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def comparator(self) -> Comparator | None: ...
    @property
    def display(self) -> str | None: ...


class FeedEntry(Protocol):
    """An Observation as the compact feed tells of it; put in bulk, without making a reading of each."""

    @property
    def handle(self) -> int:
        """The server's own number of the Observation."""

    @property
    def id(self) -> str | None:
        """Logical id; none where the feed left it out."""

    @property
    def version(self) -> int: ...
    @property
    def patient(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def effective(self) -> Instant: ...
    @property
    def received(self) -> Instant | None: ...
    @property
    def base(self) -> str | None:
        """What its readings' ids begin with; none for `Observation/<id>`, which then has its id."""

    @property
    def parts(self) -> Sequence[EntryPart]: ...


@dataclass(frozen=True, slots=True)
class ResourceVersion:
    """A resource in one version, where that is all there is to know of it."""

    reference: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which version of the plan, and when."""

    version: int
    by: str
    """Display name."""
    at: Instant


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A CarePlan as sync hands it over."""

    reference: str
    """`CarePlan/<id>`."""
    patient: str
    active: bool
    """Status active, intent plan, and our category."""
    title: str
    engine_plan: bytes | None
    """The engine's plan as JSON; none where it can't be read: the last readable one stays."""
    changed: int
    """lastUpdated in microseconds; of several active plans the one changed last judges."""
    problem: str | None = None
    """Why the engine's plan can't be read."""
    zones: tuple[Zone, ...] = ()
    author: str | None = None
    """Display name."""
    approvals: tuple[Approval, ...] = ()
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxOp:
    """One thing that a nurse did, as it waits to be sent."""

    op: str
    """UUID of the resource's identifier, or of the act."""
    act: str
    """`take`, `note`, `contact` …"""
    patient: str | None
    author: str
    """Login name."""
    at: Instant
    body: bytes
    """JSON: what to send, in the form that the act and sync agree on."""
    tasks: tuple[str, ...] = ()
    """UUIDs of the Tasks that it changes, for rebasing them on what the server has; `<type>/<id>` of other
    resources that it amends."""
    depends_on: tuple[str, ...] = ()
    """Ops that have to be sent first."""
    base: str | None = None
    """`versionId` of the resource that the change builds on."""
    summary: Mapping[str, str] = field(default_factory=dict)
    """What a line of the outbox says about it."""


@dataclass(frozen=True, slots=True)
class StoredOp:
    """An op with how it fares."""

    op: OutboxOp
    seq: int
    """The order in which acts were done."""
    state: OpState
    attempts: int
    answer: str | None
    not_before: Instant | None
    """Not to be tried again before then."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a type has been pulled."""

    value: str
    """Newest `lastUpdated` seen, as the server wrote it, or the feed's opaque cursor."""
    next_link: str | None = None
    """The page to go on with, where a walk was cut off."""
    complete: bool = False
    """Whether a walk has reached its end at least once."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose cache this is and where it comes from."""

    name: str
    server_url: str
    auth: AuthKind
    server_name: str | None = None
    nurse: Nurse | None = None
    """Who is logged in; none before the first login and after logout."""
    logged_in_at: Instant | None = None

    @property
    def is_demo(self) -> bool:
        """Whether `TRIAGE_NOW` and text on the command line are accepted."""
        return self.auth == "demo"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form about a patient, and not signed."""

    patient: str
    form: str
    """The form's name, such as `note`."""
    text: str
    at: Instant
    """When it was typed."""


@dataclass(frozen=True, slots=True)
class ScreenLock:
    """Whether the profile's screen is locked, and what opens it."""

    pin: str | None = None
    """The PIN's argon2id hash; none before one was chosen."""
    wrong: int = 0
    """Wrong tries since the last right one."""
    locked_at: Instant | None = None
    """Since when; none while it is open."""


@dataclass(frozen=True, slots=True)
class SyncMarks:
    """How the last rounds of synchronising went."""

    last_sync: Instant | None = None
    """Of the last round that fetched everything."""
    offline_since: Instant | None = None
    loaded: bool = False
    """Whether every type was pulled to its end at least once."""
    skew_ms: int | None = None
    """Server's clock minus ours."""
    fetched_until: Instant | None = None
    """Everything that the server had then has been fetched; by its clock."""
    readings_since: Instant | None = None
    """Readings measured before this were never asked for."""


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """A line of the access log: who saw whom, what, and why."""

    seq: int
    at: Instant
    who: str
    """Login name."""
    patients: tuple[str, ...]
    what: str
    """`queue`, `patient`, `search` …"""
    basis: str
    """`tjenstlig behov`, or `blålys` with its reason."""
    reason: str | None
    offline: bool
    op: str
    """UUID under which it is sent as an AuditEvent."""
    previous: str
    """Hash of the line before, in hex; 64 zeros for the first."""
    hash: str
    """SHA-256 over the line before's hash and this line's content, in hex."""

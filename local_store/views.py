"""What screens and commands read from the cache: frozen dataclasses, never table objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from threshold_engine.model import Because, Instant, Level, Scaled, Value
from work_items.model import Item, Row

ZoneColour: TypeAlias = Literal["green", "yellow", "red"]
EntryKind: TypeAlias = Literal[
    "note",
    "contact",
    "message",
    "escalation",
    "plan",
    "pause",
    "resume",
    "alert",
    "taken",
    "outcome",
    "withdrawn",
    "wrong-reading",
]
OpState: TypeAlias = Literal["pending", "sent", "parked", "conflict", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ring: the patient's next of kin."""

    name: str
    relationship: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is: stands on every screen where something can be done to somebody."""

    id: str
    """The Patient's logical id."""
    name: str
    """Family name, comma, given names; as it came, not yet safe to draw."""
    birth_date: str | None
    """ISO date, `1954-01-13`, or a part of one."""
    sex: str | None
    """FHIR's administrative gender."""
    national_id: str | None
    phone: str | None
    language: str | None
    next_of_kin: tuple[Contact, ...] = ()
    gp: str | None = None
    """The GP's name, with the place where it is known."""
    programme: str | None = None
    """Title of the programme or plan: `kols`, `hjertesvikt`."""
    diagnoses: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """Standing warnings (Flag): lives alone, oxygen at home."""


@dataclass(frozen=True, slots=True)
class Nurse:
    """Who acts."""

    login: str
    reference: str
    """`Practitioner/<id>`."""
    name: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that was done or happened, as a line of the timeline."""

    id: str
    """UUID of the resource's identifier, or `<type>/<id>` where it has none."""
    kind: EntryKind
    at: Instant
    author: str | None
    """Display name."""
    text: str
    medium: Literal["phone", "video", "app", "sms"] | None = None
    reached: bool | None = None
    """For a contact: whether somebody was reached."""
    about: tuple[str, ...] = ()
    """UUIDs of the Tasks that it is about."""
    sent: bool = True
    """False while it waits in the outbox."""
    corrects: str | None = None
    """Id of the line that it corrects."""
    whom: str | None = None
    """Of an escalation to whom: `gp`, `legevakt` …; of a contact with whom, where not with her alone."""
    inbound: bool = False
    """Of a message: whether the patient sent it."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the self-treatment plan, in the patient's words."""

    colour: ZoneColour
    patient_does: str
    centre_does: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which nothing is missed, such as a stay in hospital, as it was told."""

    start: Instant
    end: Instant | None
    """As planned; none: until somebody ends it."""
    reason: str
    by: str | None
    """Display name."""
    at: Instant
    """When it was told."""
    ended: Instant | None = None
    """When somebody ended it, or called it off."""
    ended_by: str | None = None

    def holds(self, now: Instant) -> bool:
        """Whether it is going on."""
        return self.start <= now and self.ended is None and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class LimitSpan:
    """Limits of one measure, in force from `start` up to `end`."""

    start: Instant
    end: Instant | None
    red_below: Scaled | None = None
    yellow_below: Scaled | None = None
    yellow_above: Scaled | None = None
    red_above: Scaled | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan in force, or what is wrong with it."""

    title: str
    version: int | None
    approved_by: str | None
    approved_at: Instant | None
    author: str | None
    zones: tuple[Zone, ...] = ()
    problem: str | None = None
    """In plain words: none or several active plans, or one that can't be read."""
    paused: Pause | None = None
    """The pause that is going on."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading as the screens show it."""

    id: str
    code: str
    value: Value
    unit: str | None
    effective: Instant
    received: Instant | None
    status: str
    plausible: bool = True
    comparator: Literal["<", ">", "<=", ">="] | None = None
    display: str | None = None
    """What the sender calls the measure, for codes that the engine doesn't know."""
    unsent: bool = False
    """Typed in here as it was told by phone, and not yet on the server."""


@dataclass(frozen=True, slots=True)
class News2View:
    """The NEWS2 sum and how much of it is known."""

    total: int
    known: int
    """Of the seven parameters."""
    at: Instant


@dataclass(frozen=True, slots=True)
class WeekTrend:
    """Daily means of the measure that a row is about, for the little trend in the queue."""

    code: str
    days: Mapping[str, Scaled]
    """ISO date (Europe/Oslo) → mean of that day's plausible numbers; a day without is left out."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One row of the queue with what the screen says about it."""

    row: Row
    person: Person
    because: Mapping[str, Because]
    """Task → why it was raised or last got worse; tasks without an episode are left out."""
    owner_login: str | None
    owner_name: str | None
    """Of whoever holds the row's first item."""
    owner_unconfirmed: bool
    """Taken here, not yet confirmed by the server."""
    news2: News2View | None
    week: WeekTrend | None
    last_contact: TimelineEntry | None
    plan: PlanView | None
    idle: bool = False
    """Red, and taken for half an hour without anything done about it."""

    @property
    def put_off(self) -> bool:
        """Whether all of it is shelved or hidden: then it isn't in the queue, and has no rank."""
        return self.row.rank == 0


@dataclass(frozen=True, slots=True)
class StatusView:
    """How fresh the cache is, and what has not been sent."""

    last_sync: Instant | None
    """Of the last round that fetched everything."""
    offline_since: Instant | None
    pending: int
    parked: int
    conflicts: int
    audit_pending: int
    oldest_pending: Instant | None
    patients: int
    readings: int
    loaded: bool
    """Whether every type was pulled to its end at least once."""
    server_time_skew_ms: int | None
    oldest_unsent: Instant | None = None
    """Of what waits, was refused or is in conflict."""

    @property
    def unsent(self) -> int:
        """Acts that the server doesn't have, whatever the reason."""
        return self.pending + self.parked + self.conflicts

    disagreements: int = 0
    """Alerts that only this console or only the server finds, though everything has been fetched."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """The whole queue at one instant."""

    now: Instant
    entries: tuple[QueueEntry, ...]
    shelved: int
    """Patients whose open items are all shelved or hidden."""
    status: StatusView
    put_off: tuple[QueueEntry, ...] = ()
    """Their rows, those who come back first before the others."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line of the patients' list."""

    person: Person
    last_reading: Instant | None
    plan: str | None
    """Title of the active plan, or none."""


@dataclass(frozen=True, slots=True)
class PatientView:
    """Everything the patient screen shows."""

    person: Person
    items: tuple[Item, ...]
    """Open ones first, in the queue's order, then those closed lately."""
    because: Mapping[str, tuple[Because, ...]]
    """Task → why its level changed, oldest first."""
    owners: Mapping[str, str]
    """Owner's reference → display name."""
    level: Level
    plan: PlanView | None
    limits: Mapping[str, tuple[LimitSpan, ...]]
    """Code → the limits in force over time, oldest first."""
    readings: tuple[ReadingView, ...]
    """Newest first, of the days asked for and the newest of each code."""
    timeline: tuple[TimelineEntry, ...]
    """Newest first."""
    news2: News2View | None
    status: StatusView


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An act that waits, was refused, or is in conflict."""

    op: str
    act: str
    patient: str | None
    patient_name: str | None
    at: Instant
    state: OpState
    answer: str | None
    """The server's answer in plain words."""
    attempts: int = 0
    summary: Mapping[str, str] = field(default_factory=dict)

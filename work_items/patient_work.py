"""What the judge looks at when it decides about one patient's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from threshold_engine.model import Episode, Instant, Step
from work_items.model import Band, Item

TouchKind: TypeAlias = Literal["note", "contact", "escalation"]


@dataclass(frozen=True, slots=True)
class Published:
    """An alert that everybody knows of: a DetectedIssue."""

    episode: Episode
    """As published, its `id` being the published identifier (`urn:uuid:<id>`)."""
    undone: bool = False
    """Withdrawn, or found to be the same as another: status `entered-in-error`."""
    same_as: str | None = None
    """Id of the published episode that it was found to be the same as."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Something a nurse did about work: a note or contact (Communication), an escalation (ServiceRequest)."""

    at: Instant
    """When it was sent or authored."""
    kind: TouchKind
    about: frozenset[str]
    """UUIDs of the Tasks that it is about."""
    by: str | None = None
    """Reference of whoever did it, `Practitioner/<id>`."""
    reached: bool | None = None
    """For a contact: whether somebody was reached (Communication status completed, not not-done)."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message from the patient: a Communication of category `message` whose sender is the patient."""

    what: str
    """Its identifier, `urn:uuid:<uuid>`."""
    received: Instant
    opened: Instant | None = None
    """When a nurse first opened it, where that is known; taking its item counts as opening anyway."""
    answered: Instant | None = None
    """When an answer was sent: a message to the patient about this message or its Task."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something technical that no episode of the engine stands for."""

    why: Literal["no-plan", "time", "unit"]
    """No valid plan (none, several, or unreadable); or a reading whose time or unit can't be used, of a
    measure that the plan watches (and, for `unit`, whose code has no plausible range)."""
    reading: str | None = None
    """The engine's id of the reading; none for `no-plan`."""
    readings_arrive: bool = False
    """For `no-plan`: whether readings arrive for the patient."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back about an escalation: an answer, a refusal or a negative receipt."""

    what: str
    """`urn:uuid:…` of the Communication that carries it, or of the ServiceRequest where there is none."""
    at: Instant


@dataclass(frozen=True, slots=True)
class Escalation:
    """A ServiceRequest to the GP or another helper."""

    what: str
    """Its identifier, `urn:uuid:<uuid>`."""
    band: Band
    """From its priority: stat red, urgent yellow, routine blue."""
    sent: Instant
    open: bool = True
    """Whether an answer is still waited for (status active)."""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PatientWork:
    """Everything about one patient that `decide` goes by."""

    patient: str
    episodes: Sequence[Episode] = ()
    """What the engine finds now (`PatientJudge.episodes`)."""
    judged: bool = True
    """False where no readable plan was at hand, so that `episodes` says nothing: alerts stay as published."""
    steps: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    """Rule → its judged steps (`PatientJudge.steps`) by instant, `implausible:<code>` included."""
    received: Mapping[str, Instant] = field(default_factory=dict)
    """Reading id → when it was received; readings without it are left out."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Rule → the engine's kind; `implausible:<code>` may be left out."""
    impossible: Set[str] = frozenset()
    """Ids of readings of spo2, pulse, bp_sys or glucose that are numbers out of their plausible range
    (`impossible_readings`)."""
    published: Sequence[Published] = ()
    items: Sequence[Item] = ()
    """All Tasks known, closed ones too."""
    touches: Sequence[Touch] = ()
    messages: Sequence[InboundMessage] = ()
    faults: Sequence[Fault] = ()
    escalations: Sequence[Escalation] = ()
    complete_since: Instant | None = None
    """Readings are at hand only from here on: alerts whose onset is earlier are taken as published."""

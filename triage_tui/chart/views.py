"""What the tabs of a patient's page show: frozen dataclasses; texts as they came, not yet safe to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from local_store.views import Pause
from threshold_engine.model import Instant, Value
from threshold_engine.plans import Plan

Wish: TypeAlias = Literal["wanted", "not-wanted"]
"""Whether the patient asks for a consultation."""


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """An answered question of a form."""

    link: str
    """The question's linkId, which names it within its form."""
    question: str
    """The Questionnaire's text; else the response's own, else the linkId."""
    values: tuple[Value, ...]
    """Numbers in millionths, yes and no as booleans, all else as text; several where several were chosen."""


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """A form that the patient has filled in."""

    id: str
    form: str
    """The last segment of the Questionnaire's url: `copd-daily`."""
    title: str
    at: Instant | None
    """When it was answered; none where the time can't be used."""
    status: str
    """FHIR's: `completed`, `amended`, `entered-in-error` …"""
    answers: tuple[FormAnswer, ...]
    wish: Wish | None = None
    """Where the form asks it: whether a consultation is wanted."""


@dataclass(frozen=True, slots=True)
class Approved:
    """Who approved a version of the plan."""

    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """The plan in all its versions."""

    plan: Plan | None = None
    """The engine's plan; none where no readable one was ever seen."""
    approvals: Mapping[int, Approved] = field(default_factory=dict)
    """Version → the last approval of it."""
    pauses: tuple[Pause, ...] = ()
    """What was told of the plan's pauses: why, and by whom."""
    proposals: tuple[str, ...] = ()
    """Titles of proposals that wait for the GP."""


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A message to or from the patient."""

    id: str
    at: Instant
    inbound: bool
    """Whether the patient wrote it."""
    author: str | None
    text: str
    medium: str | None
    attachments: tuple[str, ...] = ()
    """Names of what hangs on it."""
    task: str | None = None
    """UUID of the open Task about it."""
    unread: bool = False
    """Whether work waits about it that nobody has touched."""
    opened_at: Instant | None = None
    """When somebody opened it here or took the work about it, where that is known."""
    sent: bool = True


@dataclass(frozen=True, slots=True)
class EscalationState:
    """What has become of an escalation."""

    to: str
    """`gp`, `legevakt`, `113`, `next-of-kin`, `home-care`."""
    name: str | None
    """Whom it went to, by name."""
    state: str
    """`sent`, `received`, `answered`, `refused`, `overdue`, `completed`, `revoked`."""


@dataclass(frozen=True, slots=True)
class MarkedWrong:
    """Who marked a reading as wrong, and why."""

    by: str | None
    """Display name."""
    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the patient has sent; the picture itself is fetched when it is opened."""

    id: str
    at: Instant | None
    title: str
    place: str
    """Where on the body."""
    content_type: str
    url: str
    """`Binary/<id>`."""
    size: int | None
    """Bytes, as the sender says."""
    pixels: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it, as it stood at one commit."""

    forms: tuple[AnsweredForm, ...] = ()
    """Newest first."""
    plans: PlanHistory = PlanHistory()
    thread: tuple[ThreadMessage, ...] = ()
    """Newest first."""
    escalations: Mapping[str, EscalationState] = field(default_factory=dict)
    """Id of the timeline's line → what has become of it."""
    pictures: tuple[Picture, ...] = ()
    """Newest first."""
    answers: frozenset[str] = frozenset()
    """Ids of the timeline's messages that are a GP's answers, and not the patient's."""
    told: frozenset[str] = frozenset()
    """Ids of readings that were told by phone."""
    wrong: Mapping[str, MarkedWrong] = field(default_factory=dict)
    """Id of a reading that somebody marked as wrong → who did and why."""
    namesakes: tuple[str, ...] = ()
    """Names of other patients that are equal to hers, or nearly."""

    @property
    def unread(self) -> tuple[ThreadMessage, ...]:
        """Messages from the patient that nobody has opened."""
        return tuple(message for message in self.thread if message.unread)

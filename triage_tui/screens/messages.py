"""What the thread workers tell the screens: one message class for each change of state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from local_store.views import Nurse, PatientView, PersonLine, QueueView
    from triage_tui.acts.done import ActDone
    from triage_tui.chart.views import Chart
    from triage_tui.lock.unlocking import LockView
    from triage_tui.screens.session import Session
    from triage_tui.sync.state import SyncState


@dataclass
class ScreensLoaded(Message):
    """The screens are imported."""


@dataclass
class SessionOpened(Message):
    """The profile is open."""

    session: Session
    me: Nurse | None
    state: SyncState


@dataclass
class Trouble(Message):
    """Something can't be done just now."""

    words: str
    """A plain sentence with what to do, not yet safe to draw."""


@dataclass
class SyncChanged(Message):
    """The sync worker has news; of many at once only the last matters."""

    state: SyncState

    def can_replace(self, message: Message) -> bool:
        """A newer picture replaces an older one."""
        return isinstance(message, SyncChanged)


@dataclass
class QueueLoaded(Message):
    """The queue was read from the cache."""

    view: QueueView
    kept: Mapping[str, object] | None = None
    """The filter as it was kept, with the first view."""

    def can_replace(self, message: Message) -> bool:
        """A newer view replaces an older one."""
        return isinstance(message, QueueLoaded) and message.kept is None


@dataclass
class PatientLoaded(Message):
    """A patient was read from the cache."""

    view: PatientView
    chart: Chart
    days: int
    """How many days of readings were asked for."""


@dataclass
class OlderFetched(Message):
    """What was older than the cache has been fetched."""

    count: int
    """Resources and readings that the cache lacked."""
    days: int
    """How far back it was asked for."""


@dataclass
class MessagesOpened(Message):
    """A patient's messages were opened."""

    patient: str


@dataclass
class PatientsFound(Message):
    """A search was answered."""

    query: str
    lines: Sequence[PersonLine]


@dataclass
class FormLoaded(Message):
    """What a form shows was read."""

    content: object


@dataclass
class ActSettled(Message):
    """An act was saved, or refused."""

    said: str
    """What was done, in words."""
    done: ActDone | None
    refused: str | None = None
    """The refusal as a plain sentence."""


@dataclass
class Locked(Message):
    """How the profile's lock stands."""

    view: LockView
    asked: bool
    """Whether the nurse locked it herself."""


@dataclass
class LockAnswered(Message):
    """A PIN was chosen, or a secret was tried."""

    view: LockView


@dataclass
class DraftsSaved(Message):
    """What was typed is in the encrypted cache."""

"""What the console needs of the world: a small protocol, so that screens know no SQL and no HTTP.

Each call may block: screens make them in thread workers that post messages. Whoever implements `patient`
and `queue` commits the row of the access log before it gives the view back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from triage_tui.screens.patient_acts import PatientActs

if TYPE_CHECKING:
    from local_store.records import Draft
    from local_store.unsent_view import UnsentView
    from local_store.views import Nurse, PatientView, PersonLine, QueueView
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.chart.views import Chart
    from triage_tui.lock.unlocking import LockView
    from triage_tui.screens.session_overview import OverviewSession
    from triage_tui.sync.state import SyncState

Medium: TypeAlias = Literal["phone", "video"]
ContactResult: TypeAlias = Literal["reached", "no-answer"]
Whom: TypeAlias = Literal["gp", "next-of-kin", "home-nurse", "hospital", "group"]


class SessionError(Exception):
    """The cache can't be read or written just now; `str()` is a plain sentence with what to do."""


class Acts(PatientActs, Protocol):
    """What a nurse may do. Each raises `ActRefused` or `SessionError`."""

    def take(self, task: str) -> ActDone:
        """Take all of the patient's open items."""

    def takeover(self, task: str) -> ActDone:
        """Take them from whoever has them."""

    def release(self, task: str) -> ActDone:
        """Give back all that are mine."""

    def note(self, patient: str, text: str, about: Sequence[str]) -> ActDone:
        """Write a note; `about` names tasks, none of them: all of the patient's open items."""

    def contact(
        self,
        patient: str,
        *,
        by: Medium,
        result: ContactResult,
        text: str,
        about: Sequence[str],
        follow_up: Instant | None,
        whom: Whom | None = None,
    ) -> ActDone:
        """Record a contact; `follow_up` hides a new item until then. `whom`: where not with her alone."""

    def complete(self, task: str, outcome: str, note: str) -> ActDone:
        """Close an item with an outcome; an item that nobody owns is taken first."""

    def shelve(self, task: str, until: Instant, reason: str) -> ActDone:
        """Put an item off until then; an item that nobody owns is taken first."""

    def reopen(self, task: str) -> ActDone:
        """Go on with a completed item."""

    def undo(self, patient: str) -> ActDone:
        """Take back what was done last with a patient, as long as it is unsent."""

    def retry(self, op: str) -> ActDone:
        """Send an act again that was refused."""

    def mend(self, op: str, text: str) -> ActDone:
        """Send it again with another text."""

    def withdraw(self, op: str, reason: str) -> ActDone:
        """Take back an act that the server doesn't have."""

    def keep_mine(self, op: str) -> ActDone:
        """Settle a conflict: the act is done to what the item is now."""

    def keep_theirs(self, op: str) -> ActDone:
        """Settle a conflict: the act is dropped."""

    def open_messages(self, patient: str) -> None:
        """Say that her messages have been opened."""

    def signing(self, patient: str, form: str) -> AbstractContextManager[None]:
        """The act that this thread saves within it takes that draft away, in its own transaction."""


class Session(Protocol):
    """The nurse's open profile as the screens read it; everything may raise `SessionError`."""

    @property
    def centre(self) -> str:
        """The follow-up centre's name, as it came; never blocks."""

    @property
    def demo(self) -> bool:
        """Whether this is practice: marked on every screen; never blocks."""

    def whoami(self) -> Nurse | None:
        """Who acts; none while nobody is logged in."""

    def now(self) -> Instant:
        """The instant that counts as now; never blocks."""

    def acting(self) -> Acts:
        """What may be done in it."""

    def queue(self) -> QueueView:
        """The whole queue."""

    def patient(self, patient: str, days: int) -> PatientView:
        """One patient with the readings of the last `days` days."""

    def find(self, query: str) -> Sequence[PersonLine]:
        """Patients in the cache whose name or number matches."""

    @property
    def overview(self) -> OverviewSession:
        """The whole centre at once."""

    def unsent(self) -> UnsentView:
        """What the server doesn't have."""

    def chart(self, patient: str) -> Chart:
        """Her forms, plan, messages, pictures; the row that `patient` leaves in the log is for both."""

    def fetch_older(self, patient: str, days: int) -> int:
        """Fetch what is up to `days` old and older than the cache; how much was new."""

    def picture(self, patient: str, url: str) -> bytes:
        """A picture as it was sent: fetched, kept nowhere."""

    def drafts(self) -> Sequence[Draft]:
        """What was typed into forms and not signed."""

    def keep_draft(self, patient: str, form: str, draft: Draft | None) -> None:
        """Keep what a form says about a patient; None: nothing any more."""

    def lock_view(self) -> LockView:
        """Whether the profile is locked, and what opens it."""

    def lock(self) -> LockView:
        """Lock the profile."""

    def choose_pin(self, pin: str) -> LockView:
        """Keep a PIN of at least four characters."""

    def unlock(self, secret: str) -> LockView:
        """Try a PIN or a passphrase."""

    def sync_state(self) -> SyncState:
        """How fresh the cache is and what the sync is doing."""

    def wake_sync(self) -> None:
        """Sync now instead of at the next round."""


SessionOpener: TypeAlias = Callable[[], Session]
"""Opens the profile: slow (key, imports), so it runs in a thread after the first paint."""

"""What a nurse does in the console, on the encrypted store; loaded as a whole, after the first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from triage_tui import acts
from triage_tui.cli.opening import Opened
from triage_tui.cli.patient_acts import PatientActsOnStore
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError
from triage_tui.wording import _
from work_items import Centre

if TYPE_CHECKING:
    from local_store.views import Nurse
    from threshold_engine.model import Clock, Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.screens.session import ContactResult, Medium, Whom

_Done = TypeVar("_Done")


class ConsoleActs(PatientActsOnStore):
    """The acting side of the console's session. Each act opens its own transaction."""

    def __init__(self, opened: Opened, centre: Centre, now: Clock, on_saved: Callable[[], None]) -> None:
        """`on_saved` is called when something is saved that the server doesn't have."""
        self._opened = opened
        self._store = opened.store
        self._centre = centre
        self._now = now
        self._on_saved = on_saved

    def now(self) -> Instant:
        """The instant that counts as now."""
        return self._now()

    def take(self, task: str) -> ActDone:
        """Take all of the patient's open items."""
        return self.save(lambda nurse: acts.take(self._store, nurse, task, now=self.now()))

    def takeover(self, task: str) -> ActDone:
        """Take them from whoever has them."""
        return self.save(lambda nurse: acts.takeover(self._store, nurse, task, now=self.now()))

    def release(self, task: str) -> ActDone:
        """Give back all that are mine."""
        return self.save(lambda nurse: acts.release(self._store, nurse, task, now=self.now()))

    def note(self, patient: str, text: str, about: Sequence[str]) -> ActDone:
        """Write a note."""
        return self.save(
            lambda nurse: acts.note(self._store, nurse, patient, text, about=about, now=self.now())
        )

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
        """Record a contact."""
        return self.save(
            lambda nurse: acts.contact(
                self._store,
                nurse,
                patient,
                by=by,
                result=result,
                text=text,
                about=about,
                follow_up=follow_up,
                whom=whom,
                now=self.now(),
            )
        )

    def complete(self, task: str, outcome: str, note: str) -> ActDone:
        """Close an item with an outcome."""
        return self.save(
            lambda nurse: acts.complete(self._store, nurse, task, outcome, note=note, now=self.now())
        )

    def shelve(self, task: str, until: Instant, reason: str) -> ActDone:
        """Put an item off."""
        return self.save(
            lambda nurse: acts.shelve(
                self._store, nurse, task, until, reason, now=self.now(), centre=self._centre
            )
        )

    def reopen(self, task: str) -> ActDone:
        """Go on with a completed item."""
        return self.save(lambda nurse: acts.reopen(self._store, nurse, task, now=self.now()))

    def undo(self, patient: str) -> ActDone:
        """Take back what was done last with a patient."""
        return self.save(lambda nurse: acts.undo(self._store, nurse, patient, now=self.now()))

    def retry(self, op: str) -> ActDone:
        """Send an act again that was refused."""
        return self.save(lambda nurse: acts.retry(self._store, nurse, op, now=self.now()))

    def mend(self, op: str, text: str) -> ActDone:
        """Send it again with another text."""
        return self.save(lambda nurse: acts.mend(self._store, nurse, op, text, now=self.now()))

    def withdraw(self, op: str, reason: str) -> ActDone:
        """Take back an act that the server doesn't have."""
        return self.save(lambda nurse: acts.withdraw(self._store, nurse, op, now=self.now(), reason=reason))

    def keep_mine(self, op: str) -> ActDone:
        """Settle a conflict: the act is done to what the item is now."""
        return self.save(
            lambda nurse: acts.keep_mine(self._store, nurse, op, now=self.now(), centre=self._centre)
        )

    def keep_theirs(self, op: str) -> ActDone:
        """Settle a conflict: the act is dropped."""
        return self.save(lambda nurse: acts.keep_theirs(self._store, nurse, op, now=self.now()))

    def open_messages(self, patient: str) -> None:
        """Her messages have been read."""
        nurse = self._opened.profile.nurse
        if nurse is None:
            return
        with plain_errors():
            opened = acts.open_messages(self._store, nurse, patient, self.now())
        if opened is not None:
            self._on_saved()

    @contextmanager
    def signing(self, patient: str, form: str) -> Iterator[None]:
        """What this thread writes within takes the draft away in the same transaction."""
        with self._store.also(lambda tx: tx.drop_draft(patient, form)):
            yield

    def save(self, act: Callable[[Nurse], _Done]) -> _Done:
        """Save an act and let the sync send it; nobody logged in is a sentence, not a crash."""
        nurse = self._nurse()
        with plain_errors():
            done = act(nurse)
        self._on_saved()
        return done

    def _nurse(self) -> Nurse:
        nurse = self._opened.profile.nurse
        if nurse is None:
            raise SessionError(
                _("Nobody is logged in, and nothing was saved. Run `triage login --user NAME`.")
            )
        return nurse

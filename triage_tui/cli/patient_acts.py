"""What more the console does to a patient, on the encrypted store: the acts behind the forms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from triage_tui import acts
from triage_tui.acts.escalate import draft_for
from triage_tui.cli.access import log_patient
from triage_tui.cli.centre_file import CentreFile, read_centre_file
from triage_tui.cli.failure import Failure
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError

if TYPE_CHECKING:
    from local_store import Store
    from local_store.views import Nurse, TimelineEntry
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.measured import Measured
    from triage_tui.cli.opening import Opened
    from triage_tui.screens.patient_acts import CentreWords

_Done = TypeVar("_Done")


class PatientActsOnStore(ABC):
    """The part of the console's session that a form each asks for."""

    _opened: Opened
    _store: Store

    @abstractmethod
    def now(self) -> Instant:
        """The instant that counts as now."""

    @abstractmethod
    def save(self, act: Callable[[Nurse], _Done]) -> _Done:
        """Save an act and let the sync send it."""

    @abstractmethod
    def _nurse(self) -> Nurse:
        """Who acts. Raises SessionError where nobody is logged in."""

    @cached_property
    def _centre_file(self) -> CentreFile:
        return read_centre_file(self._opened.settings.folder)

    def centre_words(self) -> CentreWords:
        """The centre's quick replies and a new video room."""
        try:
            return self._centre_file.words()
        except Failure as error:
            raise SessionError(str(error)) from error

    def isbar(self, patient: str, helper: str) -> str:
        """The draft of a report about her; the access log's row is committed first."""
        nurse, centre = self._nurse(), self._opened.profile.server_name or ""
        with plain_errors():
            log_patient(self._opened, patient)
            return draft_for(self._store, nurse, patient, helper, self.now(), centre=centre)

    def escalate(self, patient: str, helper: str, text: str) -> ActDone:
        """Lift her to somebody else."""
        return self.save(
            lambda nurse: acts.escalate(self._store, nurse, patient, helper, self.now(), text=text)
        )

    def reading(self, patient: str, measured: Measured, at: Instant) -> ActDone:
        """Type in what she tells by phone."""
        return self.save(lambda nurse: acts.reading(self._store, nurse, patient, measured, self.now(), at=at))

    def reading_error(self, reading_id: str, reason: str) -> ActDone:
        """Mark one of her readings as wrong."""
        return self.save(lambda nurse: acts.reading_error(self._store, nurse, reading_id, reason, self.now()))

    def thread(self, patient: str) -> Sequence[TimelineEntry]:
        """Messages to and from her; the access log's row is committed first, and hers are opened."""
        with plain_errors():
            log_patient(self._opened, patient)
            view = self._store.patient(patient, self.now(), 1)
        entries = tuple(one for one in view.timeline if one.kind == "message") if view else ()
        if any(one.inbound for one in entries):
            self.open_messages(patient)
        return entries

    @abstractmethod
    def open_messages(self, patient: str) -> None:
        """Her messages have been read."""

    def message(self, patient: str, text: str) -> ActDone:
        """Write to her."""
        return self.save(lambda nurse: acts.message(self._store, nurse, patient, text, self.now()))

    def correct(self, corrected: str, text: str) -> ActDone:
        """Put a text in place of that of something written."""
        return self.save(lambda nurse: acts.correct(self._store, nurse, corrected, text, self.now()))

    def pause(self, patient: str, start: Instant, until: Instant | None, reason: str) -> ActDone:
        """Miss no readings from `start` on."""
        return self.save(
            lambda nurse: acts.pause(self._store, nurse, patient, start, reason, self.now(), until=until)
        )

    def end_follow_up(self, patient: str, reason: str) -> ActDone:
        """Complete her plan."""
        return self.save(lambda nurse: acts.end_follow_up(self._store, nurse, patient, reason, self.now()))

    def resume(self, patient: str) -> ActDone:
        """End the pause that is going on."""
        return self.save(lambda nurse: acts.resume(self._store, nurse, patient, self.now()))

"""The console's open profile: the encrypted store, the acts on it, and the background sync."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final, TypeVar

from local_store import Store
from triage_tui.cli.access import log_list, log_patient
from triage_tui.cli.kept_session import KeptSession
from triage_tui.cli.opening import Opened
from triage_tui.cli.patient_acts import PatientActsOnStore
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError
from triage_tui.sync.state import Stage, SyncState
from triage_tui.sync.status import state_of
from triage_tui.wording import _
from work_items import DAY, Centre

if TYPE_CHECKING:
    from fhir_r4.client import FhirClient
    from fhir_r4.client_errors import FhirError
    from local_store.unsent_view import UnsentView
    from local_store.views import Nurse, PatientView, PersonLine, QueueView
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.chart.views import Chart
    from triage_tui.cli.console_overview import CentreWide
    from triage_tui.screens.session import ContactResult, Medium, Whom
    from triage_tui.sync.worker import SyncWorker

_Done = TypeVar("_Done")

_AFTER_ROWS_S: Final = 0.25
"""What the sync needs is loaded when the first rows have had time to be drawn: they share one processor."""


class ConsoleSession(PatientActsOnStore, KeptSession):
    """What the screens ask for, from the real parts. Each call opens its own transaction."""

    def __init__(
        self,
        opened: Opened,
        open_store: Callable[[], Store],
        on_state: Callable[[SyncState], None],
    ) -> None:
        """`open_store` opens the store a second time, for the sync's own thread."""
        self._opened = opened
        self._store = opened.store
        self._centre = Centre()
        self._on_state = on_state
        self._skew_ms = opened.now() - opened.clock()
        self._open_store = open_store
        self._worker: SyncWorker | None = None
        self._starting = Lock()
        self._start_soon = Timer(_AFTER_ROWS_S, self._sync)
        self._start_soon.daemon = True
        self._closed = False

    def _sync(self) -> SyncWorker:
        """The sync in the background, begun if it hasn't been."""
        from triage_tui.sync.worker import SyncWorker

        with self._starting:
            if self._worker is None:
                self._worker = SyncWorker(self._open_store, self._client, self._opened.clock, self._told)
                if not self._closed:
                    self._worker.start()
            return self._worker

    def close(self) -> None:
        """Stop syncing after the page under way, and close the store."""
        self._start_soon.cancel()
        with self._starting:
            self._closed = True
            if self._worker is not None:
                self._worker.stop()
        self._store.close()

    def _client(self) -> FhirClient:
        return self._opened.client()

    def _told(self, state: SyncState) -> None:
        """From the sync's thread: what it measured of the server's clock counts from now on."""
        if state.server_time_skew_ms is not None:
            self._skew_ms = state.server_time_skew_ms
        self._on_state(state)

    @property
    def centre(self) -> str:
        """The follow-up centre's name."""
        return self._opened.profile.server_name or ""

    @property
    def demo(self) -> bool:
        """Whether this is practice."""
        return self._opened.profile.is_demo

    def whoami(self) -> Nurse | None:
        """Who acts."""
        return self._opened.profile.nurse

    def now(self) -> Instant:
        """The instant that counts as now."""
        return self._opened.clock() + self._skew_ms

    def queue(self) -> QueueView:
        """The whole queue; the list is in the access log before it is shown. The first begins the sync."""
        try:
            with plain_errors():
                view = self._store.queue(self.now(), self._centre)
                listed = (*view.entries, *view.put_off)  # those put off are a key away
                log_list(self._opened, [entry.person.id for entry in listed], "queue")
                return view
        finally:
            self._begin_sync()

    def _begin_sync(self) -> None:
        with self._starting:
            if self._start_soon.ident is None:
                self._start_soon.start()

    def patient(self, patient: str, days: int) -> PatientView:
        """One patient; the row of the access log is committed first."""
        with plain_errors():
            log_patient(self._opened, patient)
            view = self._store.patient(patient, self.now(), days, self._centre)
        if view is None:
            raise SessionError(_("This patient isn't in the cache any more. Press F5 to sync."))
        return view

    def chart(self, patient: str) -> Chart:
        """What the tabs beside the readings show."""
        from triage_tui.chart.read import read_chart

        with plain_errors():
            return read_chart(self._store, patient, self.now())

    def fetch_older(self, patient: str, days: int) -> int:
        """What is older than the cache, of one patient."""
        from fhir_r4.client_errors import FhirError
        from triage_tui.sync.older import fetch_older

        now = self.now()
        with plain_errors():
            try:
                with self._client() as client:
                    return fetch_older(self._store, client, patient, now=now, since=now - days * DAY)
            except FhirError as error:
                raise SessionError(_only_on_the_server(error)) from error

    def picture(self, patient: str, url: str) -> bytes:
        """A picture, fetched and kept nowhere; that it was seen is in the access log first."""
        from fhir_r4.client_errors import FhirError
        from triage_tui.sync.picture import fetch_picture

        with plain_errors():
            log_patient(self._opened, patient)
        try:
            with self._client() as client:
                return fetch_picture(client, url)
        except FhirError as error:
            raise SessionError(_only_on_the_server(error)) from error

    def open_messages(self, patient: str) -> None:
        """Her messages have been read."""
        from triage_tui.acts.message import open_messages

        nurse = self.whoami()
        if nurse is None:
            return
        with plain_errors():
            done = open_messages(self._store, nurse, patient, self.now())
            if done is not None:
                self._on_state(state_of(self._store, Stage("pushing")))
                self._sync().wake()

    def find(self, query: str) -> Sequence[PersonLine]:
        """Patients whose name matches; they are in the access log before they are shown."""
        with plain_errors():
            lines = self._store.find_patients(query)
            log_list(self._opened, [line.person.id for line in lines], "search")
            return lines

    @property
    def overview(self) -> CentreWide:
        """The whole centre at once."""
        from triage_tui.cli.console_overview import CentreWide

        return CentreWide(self._opened, self._centre, self.now, self._act)

    def take(self, task: str) -> ActDone:
        """Take all of the patient's open items."""
        from triage_tui.acts.take import take

        return self._act(lambda nurse: take(self._store, nurse, task, now=self.now()))

    def takeover(self, task: str) -> ActDone:
        """Take them from whoever has them."""
        from triage_tui.acts.takeover import takeover

        return self._act(lambda nurse: takeover(self._store, nurse, task, now=self.now()))

    def release(self, task: str) -> ActDone:
        """Give back all that are mine."""
        from triage_tui.acts.release import release

        return self._act(lambda nurse: release(self._store, nurse, task, now=self.now()))

    def note(self, patient: str, text: str, about: Sequence[str]) -> ActDone:
        """Write a note."""
        from triage_tui.acts.note import note

        return self._act(lambda nurse: note(self._store, nurse, patient, text, about=about, now=self.now()))

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
        from triage_tui.acts.contact import contact

        return self._act(
            lambda nurse: contact(
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
        from triage_tui.acts.complete import complete

        return self._act(lambda nurse: complete(self._store, nurse, task, outcome, note=note, now=self.now()))

    def shelve(self, task: str, until: Instant, reason: str) -> ActDone:
        """Put an item off."""
        from triage_tui.acts.shelve import shelve

        return self._act(
            lambda nurse: shelve(self._store, nurse, task, until, reason, now=self.now(), centre=self._centre)
        )

    def reopen(self, task: str) -> ActDone:
        """Go on with a completed item."""
        from triage_tui.acts.reopen import reopen

        return self._act(lambda nurse: reopen(self._store, nurse, task, now=self.now()))

    def undo(self, patient: str) -> ActDone:
        """Take back what was done last with a patient."""
        from triage_tui.acts.withdraw import undo

        return self._act(lambda nurse: undo(self._store, nurse, patient, now=self.now()))

    def unsent(self) -> UnsentView:
        """What the server doesn't have; whom it is about is in the access log before it is shown."""
        from local_store.unsent_view import patients_of

        with plain_errors():
            view = self._store.unsent(self.now())
            log_list(self._opened, patients_of(view.acts), "outbox")
            return view

    def retry(self, op: str) -> ActDone:
        """Send an act again that was refused."""
        from triage_tui.acts.retry import retry

        return self._act(lambda nurse: retry(self._store, nurse, op, now=self.now()))

    def mend(self, op: str, text: str) -> ActDone:
        """Send it again with another text."""
        from triage_tui.acts.retry import mend

        return self._act(lambda nurse: mend(self._store, nurse, op, text, now=self.now()))

    def withdraw(self, op: str, reason: str) -> ActDone:
        """Take back an act that the server doesn't have."""
        from triage_tui.acts.withdraw import withdraw

        return self._act(lambda nurse: withdraw(self._store, nurse, op, now=self.now(), reason=reason))

    def keep_mine(self, op: str) -> ActDone:
        """Settle a conflict: the act is done to what the item is now."""
        from triage_tui.acts.resolve import keep_mine

        return self._act(lambda nurse: keep_mine(self._store, nurse, op, now=self.now(), centre=self._centre))

    def keep_theirs(self, op: str) -> ActDone:
        """Settle a conflict: the act is dropped."""
        from triage_tui.acts.resolve import keep_theirs

        return self._act(lambda nurse: keep_theirs(self._store, nurse, op, now=self.now()))

    def sync_state(self) -> SyncState:
        """How fresh the cache is."""
        with plain_errors():
            return state_of(self._store, Stage("connecting"))

    def wake_sync(self) -> None:
        """Sync now."""
        self._sync().wake()

    def _act(self, act: Callable[[Nurse], _Done]) -> _Done:
        """Save an act and let the sync send it."""
        nurse = self._nurse()
        with plain_errors():
            done = act(nurse)
            # told before the act is: the sync line never says that all is sent while this waits
            self._on_state(state_of(self._store, Stage("pushing")))
        self._sync().wake()
        return done

    def _nurse(self) -> Nurse:
        """Who acts; nobody logged in is a sentence, not a crash."""
        nurse = self.whoami()
        if nurse is None:
            raise SessionError(
                _("Nobody is logged in, and nothing was saved. Run `triage login --user NAME`.")
            )
        return nurse


def _only_on_the_server(error: FhirError) -> str:
    """Why something that is kept nowhere but on the server can't be had just now."""
    from fhir_r4.client_errors import NotFound, ServerUnreachable
    from triage_tui.wording.faults import problem_words

    if isinstance(error, ServerUnreachable):
        return _("The server can't be reached, and this is only there. Try again when the link is back.")
    if isinstance(error, NotFound):
        return _("The server doesn't have it, or not any more.")
    return _("The server didn't give it: {why}").format(why=problem_words(f"{error} {error.remedy}"))

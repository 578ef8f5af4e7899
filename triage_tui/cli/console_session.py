"""The console's open profile: the encrypted store as the screens read it, and the background sync."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

from local_store import Store
from local_store.unsent_view import patients_of
from triage_tui.cli.access import log_list, log_patient
from triage_tui.cli.kept_session import KeptSession
from triage_tui.cli.opening import Opened
from triage_tui.cli.plain_errors import plain_errors
from triage_tui.screens.session import SessionError
from triage_tui.sync.state import Stage, SyncState
from triage_tui.sync.status import state_of
from triage_tui.wording import _
from work_items import Centre

if TYPE_CHECKING:
    from fhir_r4.client import FhirClient
    from local_store.unsent_view import UnsentView
    from local_store.views import Nurse, PatientView, PersonLine, QueueView
    from threshold_engine.model import Instant
    from triage_tui.chart.views import Chart
    from triage_tui.cli.console_acts import ConsoleActs
    from triage_tui.cli.console_overview import CentreWide
    from triage_tui.cli.console_page import ConsolePage
    from triage_tui.sync.worker import SyncWorker

_AFTER_ROWS_S: Final = 0.25
"""The rest is loaded when the first rows have had time to be drawn: they share one processor."""


class ConsoleSession(KeptSession):
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
        self._start_soon = Timer(_AFTER_ROWS_S, self._load_the_rest)
        self._start_soon.daemon = True
        self._closed = False

    def _load_the_rest(self) -> None:
        """Sync, acts and pages, so that no key waits for them."""
        self._sync()
        self._acts  # noqa: B018 - loads them
        self._page  # noqa: B018 - loads it

    def acting(self) -> ConsoleActs:
        """What may be done."""
        return self._acts

    @cached_property
    def _acts(self) -> ConsoleActs:
        from triage_tui.cli.console_acts import ConsoleActs

        return ConsoleActs(self._opened, self._centre, self.now, self._saved)

    @cached_property
    def _page(self) -> ConsolePage:
        from triage_tui.cli.console_page import ConsolePage

        return ConsolePage(self._opened, self.now)

    def _saved(self) -> None:
        """Told before the act is: the sync line never says that all is sent while something waits."""
        with plain_errors():
            self._on_state(state_of(self._store, Stage("pushing")))
        self._sync().wake()

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
        return self._page.chart(patient)

    def fetch_older(self, patient: str, days: int) -> int:
        """What is older than the cache, of one patient."""
        return self._page.fetch_older(patient, days)

    def picture(self, patient: str, url: str) -> bytes:
        """A picture, fetched and kept nowhere."""
        return self._page.picture(patient, url)

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

        return CentreWide(self._opened, self._centre, self.now, self._acts.save)

    def unsent(self) -> UnsentView:
        """What the server doesn't have; whom it is about is in the access log before it is shown."""
        with plain_errors():
            view = self._store.unsent(self.now())
            log_list(self._opened, patients_of(view.acts), "outbox")
            return view

    def sync_state(self) -> SyncState:
        """How fresh the cache is."""
        with plain_errors():
            return state_of(self._store, Stage("connecting"))

    def wake_sync(self) -> None:
        """Sync now."""
        self._sync().wake()

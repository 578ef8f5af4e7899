"""The background thread that keeps cache and server equal while the console is open.

The thread owns its store and its client, and touches nothing of the screens: it only calls `on_state`, from
its own thread, with a frozen picture.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Final

from fhir_r4.backoff import Backoff
from fhir_r4.client import FhirClient
from fhir_r4.settled import Settled
from local_store import Store
from local_store.errors import StoreError
from threshold_engine.model import Clock
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from triage_tui.sync.state import Stage, SyncState
from triage_tui.sync.status import state_of

_log = logging.getLogger(__name__)

EVERY_S: Final = 60.0
"""From the end of one successful round to the beginning of the next."""
STOPPED: Final = "The sync stopped because of a fault in the program. Restart triage; nothing is lost."


class SyncWorker:
    """One background thread of rounds: `start`, `wake` after an act or a login, `stop`.

    After a round that failed it waits by full jitter, at least as long as the server asked; refused a login,
    until it is woken.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        make_client: Callable[[], FhirClient],
        clock: Clock,
        on_state: Callable[[SyncState], None],
        *,
        draw: Callable[[], float] = random.random,
        every_s: float = EVERY_S,
    ) -> None:
        self._open_store, self._make_client = open_store, make_client
        self._clock, self._on_state = clock, on_state
        self._backoff = Backoff(draw)
        self._every_s = every_s
        self._settled = Settled()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin with a round at once."""
        self._thread.start()

    def wake(self) -> None:
        """Begin a round now rather than at the end of the wait; from any thread."""
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Stop after the page or act under way; whether the thread has ended within the time."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        store = self._open_store()
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                self._woken_after(self._round(store))
        except BaseException:
            self._on_state(state_of(store, Stage("refused"), problem=STOPPED))
            raise
        finally:
            store.close()

    def _woken_after(self, delay_s: float | None) -> None:
        if not self._stopping.is_set():
            self._woken.wait(delay_s)

    def _round(self, store: Store) -> float | None:
        """One round; seconds to wait after it, none: until woken."""

        def progress(stage: Stage) -> None:
            self._on_state(state_of(store, stage))

        try:
            with self._make_client() as client:
                report = sync_once(
                    store,
                    client,
                    self._clock,
                    progress,
                    cancelled=self._stopping.is_set,
                    settled=self._settled,
                )
        except StoreError as error:
            _log.warning("sync round given up: %s", type(error).__name__)
            problem = f"{error} {error.remedy}"
            self._on_state(state_of(store, Stage("refused"), problem=problem))
            return self._backoff.after_failure()
        self._on_state(state_of(store, _resting(report), problem=report.problem))
        return self._delay_after(report)

    def _delay_after(self, report: SyncReport) -> float | None:
        if report.reached == "login-refused":
            return None
        if report.complete and not report.retry_after_s:
            self._backoff.after_success()
            return self._every_s
        return self._backoff.after_failure(report.retry_after_s)


def _resting(report: SyncReport) -> Stage:
    match report.reached:
        case "all" | "out-of-time":
            return Stage("idle")
        case "unreachable" | "busy":
            return Stage("offline")
        case "login-refused":
            return Stage("login-needed")
        case "refused":
            return Stage("refused")

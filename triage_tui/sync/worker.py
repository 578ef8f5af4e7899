"""The background thread that keeps cache and server equal while the console is open.

The thread owns its store and its client, and touches nothing of the screens: it only calls `on_state`, from
its own thread, with a frozen picture.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fhir_r4.backoff import Backoff
from fhir_r4.client import FhirClient
from fhir_r4.settled import Settled
from local_store import Store
from local_store.errors import StoreError
from threshold_engine.model import Clock, Instant
from triage_tui.sync.lease import SYNC, Lease
from triage_tui.sync.local_judging import LocalJudge
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from triage_tui.sync.state import Stage, SyncState
from triage_tui.sync.status import state_of
from triage_tui.sync.wakes import Wakes, ask_for_sync, ways_out

_log = logging.getLogger(__name__)

EVERY_S: Final = 60.0
"""From the end of one successful round to the beginning of the next."""
LOOK_S: Final = 1.0
"""How often it is looked whether something calls for a round."""
LOOK_AT_OTHERS_S: Final = 5.0
"""How often it is looked what the process that syncs has brought, and whether it still does."""
_JUDGE_AGAIN_MS: Final = 60_000
STOPPED: Final = "The sync stopped because of a fault in the program. Restart triage; nothing is lost."


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait for the next round."""

    seconds: float | None
    """None: until woken."""
    at_least: float = 0.0
    """What the server asked for."""
    offline: bool = False
    """Whether another way out of this machine may help."""


class SyncWorker:
    """One background thread of rounds: `start`, `wake` after an act or a login, `stop`.

    Of several processes on one cache one syncs, by a lease; the others hand on what calls for a round and
    show what it brings. After a round that failed it waits by full jitter, at least as long as the server
    asked, which no wake cuts short; refused a login, until it is woken.
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
        look_s: float = LOOK_S,
        ways: Callable[[], tuple[str | None, ...]] = ways_out,
    ) -> None:
        """`look_s`: how often it is looked whether something calls for a round; `ways`: see `wakes`."""
        self._open_store, self._make_client = open_store, make_client
        self._clock, self._on_state = clock, on_state
        self._backoff = Backoff(draw)
        self._every_s, self._look_s, self._ways = every_s, look_s, ways
        self._settled, self._judge = Settled(), LocalJudge()
        self._rested: tuple[Stage, str | None] = Stage("idle"), None
        """What the last round came to, and what was wrong."""
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
        lease = Lease(store, name=SYNC)
        try:
            while not self._stopping.is_set():
                try:
                    self._go_on(store, lease)
                except (
                    StoreError
                ) as error:  # a full disk may refuse even to be read: not even told by a state
                    _log.warning("the cache can't be used: %s", type(error).__name__)
                    self._woken.clear()
                    if not self._stopping.is_set():
                        self._woken.wait(self._backoff.after_failure())
            _give_back(lease)
        except BaseException:
            self._on_state(state_of(store, Stage("refused"), problem=STOPPED))
            raise
        finally:
            store.close()

    def _go_on(self, store: Store, lease: Lease) -> None:
        """Turn after turn until it is stopped. Raises StoreError."""
        wakes = Wakes(store, self._ways)
        while not self._stopping.is_set():
            asked = self._woken.is_set()
            self._woken.clear()
            wakes.begin()
            self._wait(store, wakes, self._turn(store, lease, asked=asked))

    def _turn(self, store: Store, lease: Lease, *, asked: bool) -> Pause:
        """A round where it is ours to sync; else what another process has brought."""
        try:
            if lease.take():
                return self._round(store, lease)
            if asked:
                ask_for_sync(store)
            self._on_state(state_of(store))
        except StoreError as error:
            _log.warning("sync round given up: %s", type(error).__name__)
            problem = f"{error} {error.remedy}"
            self._on_state(state_of(store, Stage("refused"), problem=problem))
            return Pause(self._backoff.after_failure())
        return Pause(LOOK_AT_OTHERS_S)

    def _round(self, store: Store, lease: Lease) -> Pause:
        with self._make_client() as client:
            report = sync_once(
                store,
                client,
                self._clock,
                lease.kept_up(lambda stage: self._on_state(state_of(store, stage))),
                cancelled=self._stopping.is_set,
                settled=self._settled,
                judge=self._judge,
            )
        self._rested = _resting(report), report.problem
        self._on_state(state_of(store, *self._rested))
        return self._after(report)

    def _after(self, report: SyncReport) -> Pause:
        if report.reached == "login-refused":
            return Pause(None)
        if report.complete and not report.retry_after_s:
            self._backoff.after_success()
            return Pause(self._every_s)
        wait = self._backoff.after_failure(report.retry_after_s)
        return Pause(wait, report.retry_after_s or 0.0, offline=report.reached == "unreachable")

    def _judge_due(self, store: Store) -> Instant | None:
        """Judge whoever is due, and have the screens look again where it matters; when to do so next."""
        try:
            if self._judge.judge(store, self._clock(), self._stopping.is_set).changed:
                self._on_state(state_of(store, *self._rested))
            return self._judge.next_due(store)
        except StoreError as error:
            _log.warning("judging here put off: %s", type(error).__name__)
            return self._clock() + _JUDGE_AGAIN_MS

    def _wait(self, store: Store, wakes: Wakes, pause: Pause) -> None:
        """Wait, at most so long, for something that calls for a round; judge meanwhile whoever comes due."""
        started, due = time.monotonic(), self._judge_due(store)
        while not self._stopping.is_set():
            if due is not None and self._clock() >= due:
                due = self._judge_due(store)
            waited = time.monotonic() - started
            if pause.seconds is not None and waited >= pause.seconds:
                return
            if waited < pause.at_least:  # the server has asked for this time: nothing cuts it short
                self._stopping.wait(min(self._look_s, pause.at_least - waited))
                continue
            left = self._look_s if pause.seconds is None else min(self._look_s, pause.seconds - waited)
            if self._woken.wait(left) or wakes.is_asked_for():
                return
            if wakes.link_is_another() and pause.offline:
                self._backoff.after_success()
                return


def _give_back(lease: Lease) -> None:
    try:
        lease.release()
    except StoreError as error:  # given up all the same, and free once this process has ended
        _log.warning("the lease couldn't be given back: %s", type(error).__name__)


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

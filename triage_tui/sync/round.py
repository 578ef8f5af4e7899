"""One round: send what waits, fetch what is new, say how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import Busy, FhirError, Forbidden, LoginRefused, ServerFailed, ServerUnreachable
from fhir_r4.settled import Settled
from local_store import Store
from threshold_engine.model import Clock
from triage_tui.sync.keeping import Pulled
from triage_tui.sync.lease import Lease
from triage_tui.sync.local_judging import LocalJudge
from triage_tui.sync.pull import pull
from triage_tui.sync.push import Pushed, push
from triage_tui.sync.push_audit import push_audit
from triage_tui.sync.reach import reached
from triage_tui.sync.reconcile import reconcile
from triage_tui.sync.report import Reached, SyncReport
from triage_tui.sync.state import Stage
from triage_tui.sync.walks import DAY, FIRST_PULL_DAYS

Progress = Callable[[Stage], None]

_STOPS_THE_ROUND: Final = (ServerUnreachable, LoginRefused, Busy)
"""Troubles of the push after which there is no use in asking for anything else."""


def sync_once(
    store: Store,
    client: FhirClient,
    clock: Clock,
    progress: Progress = lambda _stage: None,
    deadline_s: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    settled: Settled | None = None,
    judge: LocalJudge | None = None,
) -> SyncReport:
    """Push, pull, judge here. What the server did to it stands in the report; only StoreError is raised.

    `deadline_s`: real seconds after which no further op or page is begun. `cancelled` is asked as often.
    `settled`, `judge`: of a process that goes on round after round, to fetch and judge less when nothing
    happens.
    """
    return _Round(store, client, clock, progress, deadline_s, cancelled, settled, judge).run()


class _Round:
    def __init__(
        self,
        store: Store,
        client: FhirClient,
        clock: Clock,
        progress: Progress,
        deadline_s: float | None,
        cancelled: Callable[[], bool],
        settled: Settled | None,
        judge: LocalJudge | None,
    ) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._progress, self._cancelled, self._settled = progress, cancelled, settled
        self._started = time.monotonic()
        self._ends = None if deadline_s is None else self._started + deadline_s
        self._before = (client.requests, client.bytes_in, client.bytes_out)
        self._pushed, self._pulled = Pushed(), Pulled()
        self._judge = judge or LocalJudge()
        self._began = clock()

    def run(self) -> SyncReport:
        trouble: FhirError | None = None
        self._judge_here()  # what a killed process, an act or time itself has left to do
        self._progress(Stage("connecting"))
        try:
            self._push()
            self._began = self._clock()
            self._pulled = pull(
                self._store, self._client, self._client.server_now, self._progress, self._stop, self._settled
            )
            if self._pulled.complete:
                reconcile(self._store, self._client, self._client.server_now(), self._progress)
            push_audit(self._store, self._client)
        except FhirError as error:
            trouble = error
        trouble = trouble or self._pushed.trouble
        self._mark(trouble)
        self._judge_here()
        return self._report(trouble)

    def _judge_here(self) -> None:
        def shown(patients: int) -> None:
            self._progress(Stage("reckoning", None, patients))

        self._judge.judge(self._store, self._clock(), self._stop, shown)

    def _push(self) -> None:
        lease = Lease(self._store)
        self._pushed = push(
            self._store, self._client, lease, self._client.server_now, self._progress, self._stop
        )
        if isinstance(self._pushed.trouble, _STOPS_THE_ROUND):
            raise self._pushed.trouble

    def _stop(self) -> bool:
        return self._cancelled() or (self._ends is not None and time.monotonic() > self._ends)

    def _mark(self, trouble: FhirError | None) -> None:
        """Note when everything was last fetched, and since when the server hasn't answered."""
        offset = self._client.server_time_offset_ms
        with self._store.write() as tx:
            marks = reached(tx.marks(), trouble, self._clock(), offset)
            if self._pulled.complete:
                skew = marks.skew_ms or 0
                began = self._began + skew
                marks = replace(
                    marks,
                    last_sync=self._clock() + skew,
                    loaded=True,
                    fetched_until=began,
                    readings_since=marks.readings_since or began - FIRST_PULL_DAYS * DAY,
                )
            tx.set_marks(marks)

    def _report(self, trouble: FhirError | None) -> SyncReport:
        status = self._store.status()
        self._judge.log_disagreements(status.disagreements)
        requests, bytes_in, bytes_out = self._before
        return SyncReport(
            reached=self._reached(trouble),
            pulled=dict(self._pulled.count),
            pushed=self._pushed.sent,
            pending=status.pending,
            parked=status.parked,
            conflicts=status.conflicts,
            audit_pending=status.audit_pending,
            disagreements=status.disagreements,
            malformed=self._pulled.malformed,
            bytes_in=self._client.bytes_in - bytes_in,
            bytes_out=self._client.bytes_out - bytes_out,
            requests=self._client.requests - requests,
            seconds=time.monotonic() - self._started,
            server_time_skew_ms=self._client.server_time_offset_ms,
            problem=None if trouble is None else f"{trouble}. {trouble.remedy}",
            retry_after_s=trouble.retry_after if isinstance(trouble, Busy) else None,
        )

    def _reached(self, trouble: FhirError | None) -> Reached:
        match trouble:
            case LoginRefused() | Forbidden():
                return "login-refused"
            case ServerUnreachable():
                return "unreachable"
            case Busy() | ServerFailed():
                return "all" if self._pulled.complete else "busy"
            case None:
                return "all" if self._pulled.complete else "out-of-time"
            case _:
                return "all" if self._pulled.complete else "refused"

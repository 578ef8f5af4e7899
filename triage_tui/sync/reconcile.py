"""Once a day: is what we hold as active still there? Only what the server says is gone goes.

A pull sees what is changed, never what is deleted, so a Task that somebody removed would stay open for ever.
A server that lacks everything, or most of it, has been emptied or is another one: then nothing is removed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound
from fhir_r4.raw import Raw, decode, text_at
from fhir_r4.results import Page
from local_store import Store
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from threshold_engine.instants import DAY, format_instant, parse_instant
from threshold_engine.model import Instant
from triage_tui.sync.intake import Intake
from triage_tui.sync.intake.people import name_again
from triage_tui.sync.keeping import refresh_dirty, unknown
from triage_tui.sync.own_settings import DIRTY, add_to_set
from triage_tui.sync.state import Stage
from triage_tui.sync.walks import OPEN_TASKS

_log = logging.getLogger(__name__)

_LAST: Final = "sync-reconciled"
_ACTIVE: Final = (("Task", OPEN_TASKS), ("CarePlan", "active"), ("Flag", "active"))
_PAGE: Final = 500
_ONE_BY_ONE: Final = 40
_FEW: Final = 10
"""So many may go at once whatever share of all they are, as long as something is left."""


def reconcile(store: Store, client: FhirClient, now: Instant, progress: Callable[[Stage], None]) -> int:
    """Compare open Tasks, active CarePlans and Flags with the server's; how many were taken away.

    At most once in 24 hours; after the first pull not before a day has gone. What the server has and the
    cache lacks is fetched.

    Raises:
        FhirError: The server didn't answer; what is cached stays.
    """
    if not _due(store, now):
        return 0
    removed = sum([_Kind(store, client, kind, now).reconcile(status) for kind, status in _ACTIVE])
    with store.write() as tx:
        tx.set_setting(_LAST, format_instant(now).encode())
    refresh_dirty(store, lambda: now, progress)
    return removed


def _due(store: Store, now: Instant) -> bool:
    with store.read() as snapshot:
        last = snapshot.setting(_LAST)
    if last is None:
        with store.write() as tx:
            tx.set_setting(_LAST, format_instant(now).encode())
        return False
    return now - parse_instant(last.decode()) >= DAY


class _Kind:
    def __init__(self, store: Store, client: FhirClient, kind: str, now: Instant) -> None:
        self._store, self._client, self._kind, self._now = store, client, kind, now

    def reconcile(self, status: str) -> int:
        theirs: set[str] = set()
        missed: list[str] = []
        for page in self._active(status):
            theirs |= {text_at(raw, "id") or "" for raw in page.resources}
            with self._store.read() as snapshot:
                missed += [text_at(raw, "id") or "" for raw in unknown(snapshot, page.resources)]
        ours = self._held(set(status.split(",")))
        gone = self._confirmed(sorted(ours - theirs))
        self._fetch(missed)
        if gone and not _believable(len(gone), len(ours)):
            _log.warning(
                "%d of %d %s are gone from the server: all are kept", len(gone), len(ours), self._kind
            )
            return 0
        with self._store.write() as tx:
            for logical_id in gone:
                self._remove(tx, logical_id)
        return len(gone)

    def _active(self, status: str) -> Iterator[Page]:
        params: dict[str, str | int] = {"status": status, "_elements": "id,meta", "_count": _PAGE}
        page = self._client.search(self._kind, params)
        while True:
            yield page
            if page.next is None:
                return
            page = self._client.follow(page.next)

    def _held(self, active: set[str]) -> set[str]:
        """Logical ids of those that the cache has as active."""
        with self._store.read() as snapshot:
            return {one for one in snapshot.resource_ids(self._kind) if self._status(snapshot, one) in active}

    def _status(self, snapshot: Snapshot, logical_id: str) -> str | None:
        kept = snapshot.resource(self._kind, logical_id)
        return text_at(decode(kept.raw), "status") if kept else None

    def _confirmed(self, missing: list[str]) -> list[str]:
        """Those that the server says, asked for each, are gone; what is only changed is put."""
        gone: list[str] = []
        for logical_id in missing:
            try:
                raw = self._client.read(self._kind, logical_id)
            except NotFound:
                gone.append(logical_id)
                continue
            self._put([raw])
        return gone

    def _fetch(self, missed: list[str]) -> None:
        for start in range(0, len(missed), _ONE_BY_ONE):
            some = missed[start : start + _ONE_BY_ONE]
            page = self._client.search(self._kind, {"_id": ",".join(some), "_count": len(some)})
            self._put(list(page.resources))

    def _put(self, resources: list[Raw]) -> None:
        with self._store.write() as tx:
            intake = Intake(tx, self._now)
            for raw in resources:
                intake.take(raw)
            intake.finish()
            add_to_set(tx, DIRTY, intake.dirty)

    def _remove(self, tx: Transaction, logical_id: str) -> None:
        kept = tx.resource(self._kind, logical_id)
        if kept is None:
            return
        task = kept.identifier or kept.reference
        if self._kind == "Task" and tx.ops_on_task(task):
            return  # what she did about it is still to be sent, and will be answered
        tx.drop_raw(self._kind, logical_id)
        if self._kind == "Task":
            tx.drop_item(task)
        elif self._kind == "CarePlan":
            tx.drop_plan(kept.reference)
        if kept.patient is not None:
            name_again(tx, "Patient", kept.patient, self._now)
            add_to_set(tx, DIRTY, {kept.patient})


def _believable(gone: int, of: int) -> bool:
    """Whether so many may be gone: never all, and of many no more than half."""
    return gone < of and (gone <= _FEW or 2 * gone <= of)

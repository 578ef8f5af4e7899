"""Fetching what is new: per type, by an overlapping cursor, a page and its cursor in one transaction.

Source: "Pull" in docs/fhir.md. Absence never removes anything here: an emptied server empties no cache.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused, ServerFailed
from fhir_r4.page_walk import PageWalk, latest
from fhir_r4.raw import Raw, text_at, version_of
from fhir_r4.readings_feed import Plain
from fhir_r4.settled import Settled
from fhir_r4.walk import Walk
from local_store import Store
from local_store.records import Cursor
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.sync.feed import CURSOR, is_declared, walk_feed
from triage_tui.sync.intake import Intake
from triage_tui.sync.intake.people import name_again
from triage_tui.sync.own_settings import DIRTY, WANTED_ISSUES, add_to_set, kept_set, take_from_set
from triage_tui.sync.state import Stage
from triage_tui.sync.walks import KINDS, Kind, first_walks, walk_of

_log = logging.getLogger(__name__)

OPTIONAL: Final = frozenset(
    {"Flag", "Practitioner", "Organization", "Questionnaire", "QuestionnaireResponse", "Media"}
)
"""Types that a server may do without: refused ones are passed over."""
_ISSUES_AT_ONCE: Final = 40
_PATIENTS_AT_ONCE: Final = 25

Progress = Callable[[Stage], None]


@dataclass(slots=True)
class Pulled:
    """What a pull has put into the cache."""

    count: Counter[str] = field(default_factory=Counter)
    """Type → resources that were new or changed."""
    malformed: int = 0
    complete: bool = False
    """Whether every type was walked to its end."""


def pull(
    store: Store,
    client: FhirClient,
    now: Callable[[], Instant],
    progress: Progress,
    stop: Callable[[], bool] = lambda: False,
    settled: Settled | None = None,
) -> Pulled:
    """Fetch everything that is new, and work out anew what the rows of its patients say.

    `now`: our clock corrected by the server's. `stop` is asked between pages; a pull that was stopped or
    killed goes on at the same page next time. `settled`: hand in the same one round after round.

    Raises:
        FhirError: The server didn't answer, or refused; what was fetched before stays.
        StoreError: The cache couldn't be written.
    """
    return _Pull(store, client, now, progress, stop, settled).run()


class _Pull:
    def __init__(
        self,
        store: Store,
        client: FhirClient,
        now: Callable[[], Instant],
        progress: Progress,
        stop: Callable[[], bool],
        settled: Settled | None,
    ) -> None:
        self._store, self._client, self._settled = store, client, settled
        self._now, self._progress, self._stop = now, progress, stop
        self._pulled = Pulled()

    def run(self) -> Pulled:
        done = all(self._kind(kind) for kind in KINDS if not self._stop())
        if not self._stop():
            self._missing_issues()
            self._pulled.complete = done
        self._refresh()
        return self._pulled

    def _kind(self, kind: Kind) -> bool:
        """Walk a type to its end; False where it was stopped before."""
        practitioners = self._pulled.count["Practitioner"]
        try:
            if kind.type == "Observation" and is_declared(self._store, self._client, self._now()):
                done = self._feed(kind)
                if done is not None:
                    return done
            walks = [*first_walks(kind, self._now()), None]
            done = all(self._walk(walk or self._own_walk(kind)) for walk in walks)
        except (NotFound, Refused) as error:
            if kind.type not in OPTIONAL:
                raise
            _log.warning("%s passed over: %s", kind.type, type(error).__name__)
            return True
        if self._pulled.count["Practitioner"] > practitioners:
            self._names_again()
        return done

    def _feed(self, kind: Kind) -> bool | None:
        """Readings by the compact feed; None where the server hasn't got it after all."""
        seen = 0

        def keep(cursor: Cursor, entries: list[Plain], resources: list[Raw]) -> None:
            nonlocal seen
            seen += len(entries) + len(resources)
            self._progress(Stage("pulling", kind.type, seen, None))
            self._keep(CURSOR, cursor, resources, entries)

        bound = walk_of(kind, self._now(), bounded=True)
        return walk_feed(self._store, self._client, bound, self._now(), keep, self._stop)

    def _own_walk(self, kind: Kind) -> Walk:
        """The type's own walk, bounded in time the first time.

        That of Tasks begins where the walk of open ones found its newest, and needs no bound.
        """
        with self._store.read() as snapshot:
            cursor = snapshot.cursor(kind.type)
        bounded = cursor is None or not (cursor.complete or kind.type == "Task")
        return walk_of(kind, self._now(), bounded=bounded)

    def _walk(self, walk: Walk) -> bool:
        with self._store.read() as snapshot:
            known = snapshot.cursor(walk.cursor) or Cursor("")
        pages = PageWalk(
            self._client,
            walk,
            newest=known.value,
            link=known.next_link,
            complete=known.complete,
            settled=self._settled,
        )
        try:
            return self._pages(walk, pages, lambda: Cursor(pages.newest, pages.link, pages.complete))
        except ServerFailed:
            with self._store.read() as snapshot:
                patients = snapshot.resource_ids("Patient")
            if not walk.by_patient or not patients:
                raise
        return self._patient_by_patient(walk, pages.newest, patients)

    def _patient_by_patient(self, walk: Walk, begin: str, patients: list[str]) -> bool:
        """What the server can't give in one go, it may give for one patient at a time.

        The cursor stays where it is until all of them have been walked.
        """
        start, newest = Cursor(begin), [begin]
        for patient in patients:
            pages = PageWalk(self._client, walk.of_patient(patient), newest=begin)
            if not self._pages(walk, pages, lambda: start):
                return False
            newest.append(pages.newest)
        with self._store.write() as tx:
            tx.set_cursor(walk.cursor, latest(newest), None, complete=True)
        return True

    def _pages(self, walk: Walk, pages: PageWalk, cursor: Callable[[], Cursor]) -> bool:
        """Keep page after page; False where it was stopped before the end."""
        seen = 0
        for page in pages:
            seen += len(page.resources)
            self._progress(Stage("pulling", walk.type, seen, page.total))
            self._keep(walk.cursor, cursor(), page.resources)
            if self._stop() and not pages.ended:
                return False
        return True

    def _keep(
        self, name: str, cursor: Cursor, resources: Iterable[Raw], entries: Iterable[Plain] = ()
    ) -> None:
        """One page and its cursor, in one transaction; nothing is written where nothing is new."""
        with self._store.read() as snapshot:
            fresh = unknown(snapshot, resources)
            same = snapshot.cursor(name) == cursor
        if not fresh and not entries and same:
            return
        with self._store.write() as tx:
            self._put(tx, fresh, entries)
            tx.set_cursor(name, cursor.value, cursor.next_link, cursor.complete)
            if name == "Task:open" and cursor.complete and cursor.value:
                tx.set_cursor("Task", cursor.value)

    def _put(self, tx: Transaction, resources: Iterable[Raw], entries: Iterable[Plain] = ()) -> None:
        intake = Intake(tx, self._now())
        for raw in resources:
            intake.take(raw)
        for entry in entries:
            intake.take_entry(entry)
        intake.finish()
        add_to_set(tx, DIRTY, intake.dirty)
        add_to_set(tx, WANTED_ISSUES, intake.wanted_issues)
        self._pulled.count.update(intake.count)
        self._pulled.malformed += intake.malformed

    def _missing_issues(self) -> None:
        """Fetch the alerts that open Tasks are about, however long ago they were identified."""
        with self._store.read() as snapshot:
            wanted = sorted(kept_set(snapshot, WANTED_ISSUES))
            missing = [one for one in wanted if snapshot.known_version("DetectedIssue", one) is None]
        for start in range(0, len(missing), _ISSUES_AT_ONCE):
            some = missing[start : start + _ISSUES_AT_ONCE]
            page = self._client.search("DetectedIssue", {"_id": ",".join(some), "_count": len(some)})
            with self._store.write() as tx:
                self._put(tx, page.resources)
        if wanted:
            with self._store.write() as tx:
                take_from_set(tx, WANTED_ISSUES, wanted)

    def _names_again(self) -> None:
        """Patients and plans came before the people that they refer to: say their names now."""
        for kind in ("Patient", "CarePlan"):
            with self._store.read() as snapshot:
                ids = snapshot.resource_ids(kind)
            for start in range(0, len(ids), 10 * _PATIENTS_AT_ONCE):
                with self._store.write() as tx:
                    for logical_id in ids[start : start + 10 * _PATIENTS_AT_ONCE]:
                        name_again(tx, kind, logical_id, self._now())

    def _refresh(self) -> None:
        refresh_dirty(self._store, self._now, self._progress)


def refresh_dirty(store: Store, now: Callable[[], Instant], progress: Progress) -> None:
    """Work out anew the rows of all patients of whom something has changed, some at a time."""
    with store.read() as snapshot:
        dirty = sorted(kept_set(snapshot, DIRTY))
    for start in range(0, len(dirty), _PATIENTS_AT_ONCE):
        some = dirty[start : start + _PATIENTS_AT_ONCE]
        progress(Stage("reckoning", None, start, len(dirty)))
        with store.write() as tx:
            tx.refresh(some, now())
            take_from_set(tx, DIRTY, some)


def unknown(snapshot: Snapshot, resources: Iterable[Raw]) -> list[Raw]:
    """Those of which the cache lacks this very version; a server without versions is taken anew each time."""
    named = [(text_at(raw, "resourceType") or "", text_at(raw, "id") or "", raw) for raw in resources]
    known = {
        kind: snapshot.known_versions(kind, [one for its, one, _ in named if its == kind])
        for kind in {kind for kind, _, _ in named}
    }
    return [
        raw
        for kind, logical_id, raw in named
        if version_of(raw) is None or known[kind].get(logical_id) != version_of(raw)
    ]

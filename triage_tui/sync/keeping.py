"""Putting fetched pages into the cache: a page and its cursor in one transaction, by one thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.raw import Raw, text_at, version_of
from fhir_r4.readings_feed import Plain
from local_store import Store
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.sync.fetched import Fetched
from triage_tui.sync.intake import Intake
from triage_tui.sync.intake.people import name_again
from triage_tui.sync.own_settings import DIRTY, WANTED_ISSUES, add_to_set, kept_set, take_from_set
from triage_tui.sync.state import Stage

_PATIENTS_AT_ONCE: Final = 25
_ORDER: Final = {
    kind: place for place, kind in enumerate(("Task", "DetectedIssue", "Patient", "Observation"), 1)
}
"""Of what is fetched side by side the last of these is shown."""

Progress = Callable[[Stage], None]


@dataclass(slots=True)
class Pulled:
    """What a pull has put into the cache."""

    count: Counter[str] = field(default_factory=Counter)
    """Type → resources that were new or changed."""
    malformed: int = 0
    complete: bool = False
    """Whether every type was walked to its end."""


class Keeper:
    """Keeps pages, counts what was new, and tells how far it is."""

    def __init__(self, store: Store, now: Callable[[], Instant], progress: Progress) -> None:
        self._store, self._now, self._progress = store, now, progress
        self._seen: Counter[str] = Counter()
        self._totals: dict[str, int | None] = {}
        self._shown: str | None = None
        self.pulled = Pulled()

    def begin(self) -> None:
        """Other things are fetched side by side from here on."""
        self._shown = None

    def keep(self, page: Fetched) -> None:
        """Put what is new of a page, with its cursor; nothing is written where nothing is new."""
        self._seen[page.type] += len(page.resources) + len(page.entries)
        self._totals[page.type] = page.total
        self._say(page.type)
        with self._store.read() as snapshot:
            fresh = unknown(snapshot, page.resources)
            entries = unknown_entries(snapshot, page.entries)
            same = page.cursor is None or snapshot.cursor(page.cursor) == page.at
        if fresh or entries or not same:
            with self._store.write() as tx:
                self._put(tx, fresh, entries)
                if page.cursor is not None and page.at is not None:
                    tx.set_cursor(page.cursor, page.at.value, page.at.next_link, page.at.complete)

    def names_again(self) -> None:
        """Patients and plans came before the people that they refer to: say their names now."""
        for kind in ("Patient", "CarePlan"):
            with self._store.read() as snapshot:
                ids = snapshot.resource_ids(kind)
            for start in range(0, len(ids), 10 * _PATIENTS_AT_ONCE):
                with self._store.write() as tx:
                    for logical_id in ids[start : start + 10 * _PATIENTS_AT_ONCE]:
                        name_again(tx, kind, logical_id, self._now())

    def refresh(self) -> None:
        """Work out anew the rows of all patients of whom something has changed."""
        refresh_dirty(self._store, self._now, self._progress)

    def _say(self, kind: str) -> None:
        """How far it is; of what comes side by side always the last in order, so that no bar jumps about."""
        if self._shown is None or _ORDER.get(kind, 0) > _ORDER.get(self._shown, 0):
            self._shown = kind
        self._progress(Stage("pulling", self._shown, self._seen[self._shown], self._totals[self._shown]))

    def _put(self, tx: Transaction, resources: Iterable[Raw], entries: Sequence[Plain]) -> None:
        intake = Intake(tx, self._now())
        for raw in resources:
            intake.take(raw)
        if entries:
            intake.take_entries(entries)
        intake.finish()
        add_to_set(tx, DIRTY, intake.dirty)
        add_to_set(tx, WANTED_ISSUES, intake.wanted_issues)
        self.pulled.count.update(intake.count)
        self.pulled.malformed += intake.malformed


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


def unknown_entries(snapshot: Snapshot, entries: Sequence[Plain]) -> list[Plain]:
    """Those of which the cache lacks this very version, by their ids, or by their handles where it lacks
    those."""
    if not entries:
        return []
    known = snapshot.known_versions("Observation", [entry.id for entry in entries if entry.id is not None])
    unnamed = snapshot.known_handles([entry.handle for entry in entries])
    return [
        entry
        for entry in entries
        if known.get(entry.id or "") != str(entry.version)
        and (entry.id is not None or unnamed.get(entry.handle) != str(entry.version))
    ]

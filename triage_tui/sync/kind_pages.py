"""The pages of one FHIR type, fetched from where the cache has got to; nothing is written here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused, ServerFailed
from fhir_r4.page_size import PageSizes
from fhir_r4.page_walk import PageWalk, latest
from fhir_r4.settled import Settled
from fhir_r4.walk import Walk
from local_store import Store
from local_store.records import Cursor
from threshold_engine.model import Instant
from triage_tui.sync.fetched import Fetched
from triage_tui.sync.walks import Kind, first_walks, walk_of

_log = logging.getLogger(__name__)

OPTIONAL: Final = frozenset(
    {"Flag", "Practitioner", "Organization", "Questionnaire", "QuestionnaireResponse", "Media"}
)
"""Types that a server may do without: refused ones are passed over."""


class KindPages:
    """Fetches types by their walks; safe in several threads, one type in each."""

    def __init__(
        self, store: Store, client: FhirClient, now: Callable[[], Instant], settled: Settled | None
    ) -> None:
        self._store, self._client, self._now, self._settled = store, client, now, settled
        self._sizes = PageSizes()

    def of(self, *kinds: Kind) -> Iterator[Fetched]:
        """These types one after another. Raises FhirError."""
        for kind in kinds:
            try:
                for walk in first_walks(kind, self._now()):
                    yield from self.walk(walk)
                yield from self._own_walk(kind)
            except (NotFound, Refused) as error:
                if kind.type not in OPTIONAL:
                    raise
                _log.warning("%s passed over: %s", kind.type, type(error).__name__)

    def walk(self, walk: Walk, begin: str = "") -> Iterator[Fetched]:
        """One walk to its end, from where it has got to; the first time from `begin`, a `lastUpdated`."""
        known = self._cursor(walk.cursor) or Cursor(begin)
        pages = PageWalk(
            self._client,
            walk,
            newest=known.value,
            link=known.next_link,
            complete=known.complete,
            settled=self._settled,
            sizes=self._sizes,
        )
        try:
            for page in pages:
                at = Cursor(pages.newest, pages.link, pages.complete)
                yield Fetched(walk.type, page.resources, walk.cursor, at, total=page.total)
        except ServerFailed:
            with self._store.read() as snapshot:
                patients = snapshot.resource_ids("Patient")
            if not walk.by_patient or not patients:
                raise
            yield from self._patient_by_patient(walk, pages.newest, patients)

    def _patient_by_patient(self, walk: Walk, begin: str, patients: list[str]) -> Iterator[Fetched]:
        """What the server can't give in one go, it may give for one patient at a time.

        The cursor stays where it is until all of them have been walked.
        """
        newest = [begin]
        for patient in patients:
            pages = PageWalk(self._client, walk.of_patient(patient), newest=begin, sizes=self._sizes)
            for page in pages:
                yield Fetched(walk.type, page.resources, walk.cursor, Cursor(begin), total=page.total)
            newest.append(pages.newest)
        yield Fetched(walk.type, (), walk.cursor, Cursor(latest(newest), None, complete=True))

    def _own_walk(self, kind: Kind) -> Iterator[Fetched]:
        """The type's own walk, bounded in time the first time.

        That of Tasks begins where the walk of open ones found its newest, and needs no bound.
        """
        cursor = self._cursor(kind.type)
        begin = self._newest_open() if kind.type == "Task" and cursor is None else ""
        reached = cursor is not None and (cursor.complete or kind.type == "Task")
        yield from self.walk(walk_of(kind, self._now(), bounded=not (reached or begin)), begin)

    def _newest_open(self) -> str:
        """What the walk of open Tasks has seen last, once it has ended."""
        opened = self._cursor("Task:open")
        return opened.value if opened is not None and opened.complete else ""

    def _cursor(self, name: str) -> Cursor | None:
        with self._store.read() as snapshot:
            return snapshot.cursor(name)

"""Readings by the compact feed, where the server declares it; what the cache says of them is the same as by
search.

The first time all readings come without the ids of their Observations, which are more than all the rest:
who needs one asks for it (`reading_ids`). What changes later comes with ids. What the server has deleted
stays, as it does by search: what was wrong is entered in error instead. Source: docs/readings-feed.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, Gone, NotFound, Refused
from fhir_r4.errors import BadFeed
from fhir_r4.raw import decode
from fhir_r4.readings_feed import Odd, Page, Plain
from fhir_r4.readings_feed import decode as page_in
from fhir_r4.readings_feed.entries import MEDIA_TYPE
from fhir_r4.walk import Walk
from local_store import Store
from local_store.records import Cursor
from triage_tui.sync.alerts_first import Ask
from triage_tui.sync.fetched import Fetched

_log = logging.getLogger(__name__)

CURSOR: Final = "Observation:feed"
"""The name under which the place among the changes is kept, once all readings are here."""
PARTS: Final = 3
"""Into how many parts the patients are dealt for the first fetching, side by side."""

_PATH: Final = "$readings"
_PATIENTS_AT_ONCE: Final = 80
_WITH_IDS: Final = "feed-with-ids"
"""Set where ids are fetched with the snapshot: the cache has readings whose handles mean nothing any more."""


class FeedExpired(FhirError):
    """The server can't go on from where we are: all has to be fetched anew."""

    remedy = "Synchronise again; all readings are fetched anew."
    may_retry = True


class FeedUnusable(FhirError):
    """The feed was declared, but is refused or damaged."""

    remedy = "Nothing is to be done; readings are searched instead."
    may_retry = True


class Feed:
    """The feed, read from where the cache has got to."""

    def __init__(self, store: Store, client: FhirClient, bound: Walk) -> None:
        """`bound`: what bounds the first reading of all, as by search."""
        self._store, self._client, self._bound = store, client, bound

    def first_parts(self) -> list[Ask]:
        """What is left of the first fetching of all readings; nothing where that is done."""
        if self._cursor(CURSOR) is not None:
            return []
        return [partial(self._part, number) for number in range(1, PARTS + 1)]

    def of_patients(self, patients: Sequence[str]) -> list[Ask]:
        """All readings of some patients, ahead of the others: they have no cursor, and come again with
        their part."""
        return [
            partial(self._of, ",".join(patients[start : start + _PATIENTS_AT_ONCE]))
            for start in range(0, len(patients), _PATIENTS_AT_ONCE)
        ]

    def changes(self) -> Iterator[Fetched]:
        """What has changed since all were fetched. Raises FhirError."""
        known = self._cursor(CURSOR) or self._end_of_first_part()
        more = True
        while more:
            page = self._page((("after", known.value),))
            known, more = Cursor(page.next, None, complete=True), page.more
            yield _fetched(page, CURSOR, known)

    def begin_anew(self) -> None:
        """Let go of all cursors; the handles may be those of another database by now."""
        _log.warning("the compact feed is begun anew")
        with self._store.write() as tx:
            tx.forget_handles()
            tx.set_setting(_WITH_IDS, b"yes")
            for name in (CURSOR, *map(_name, range(1, PARTS + 1))):
                tx.drop_cursor(name)

    def _part(self, number: int) -> Iterator[Fetched]:
        name = _name(number)
        known = self._cursor(name) or Cursor("")
        first = (*self._bound.params, ("part", f"{number}-{PARTS}"), ("ids", self._ids()))
        while not known.complete:
            page = self._page((("after", known.value),) if known.value else first)
            known = Cursor(page.next, None, complete=not page.more)
            yield _fetched(page, name, known)

    def _of(self, patients: str) -> Iterator[Fetched]:
        params: Sequence[tuple[str, str]] = (*self._bound.params, ("patient", patients), ("ids", "false"))
        while True:
            page = self._page(params)
            yield _fetched(page, None, None)
            if not page.more:
                return
            params = (("after", page.next),)

    def _end_of_first_part(self) -> Cursor:
        """Where the changes begin: where the part that was begun first says."""
        return self._cursor(_name(1)) or Cursor("")

    def _page(self, params: Sequence[tuple[str, str]]) -> Page:
        try:
            answer = self._client.get(_PATH, params, accept=f"{MEDIA_TYPE}, application/fhir+json")
            return page_in(answer.body)
        except Gone as error:
            raise FeedExpired("the feed's cursor has expired") from error
        except (NotFound, Refused, BadFeed) as error:
            raise FeedUnusable(f"the compact feed isn't used: {type(error).__name__}") from error

    def _ids(self) -> str:
        """Whether to ask for ids: where readings are here already by their ids, or by handles that are
        void."""
        with self._store.read() as snapshot:
            searched = snapshot.cursor("Observation")
            return "true" if searched is not None or snapshot.setting(_WITH_IDS) else "false"

    def _cursor(self, name: str) -> Cursor | None:
        with self._store.read() as snapshot:
            return snapshot.cursor(name)


def _name(part: int) -> str:
    return f"{CURSOR}:{part}"


def _fetched(page: Page, name: str | None, at: Cursor | None) -> Fetched:
    plain = [entry for entry in page.entries if isinstance(entry, Plain)]
    odd = [decode(entry.raw) for entry in page.entries if isinstance(entry, Odd)]
    return Fetched("Observation", odd, name, at, plain)

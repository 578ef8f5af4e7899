"""The pages of one walk: from the cursor, along the server's own links, and again when a link has expired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotAFhirServer, NotFound
from fhir_r4.raw import Raw, text_at
from fhir_r4.results import Page
from local_store.records import Cursor
from local_store.snapshot import Snapshot
from triage_tui.sync.walks import OVERLAP, Walk

_EXPIRED_AT_MOST: Final = 5
"""Links that may expire without a page in between that led further."""


class PageWalk:
    """Iterates over pages; after each, `cursor` says how far it has got, to be kept with the page."""

    def __init__(self, client: FhirClient, walk: Walk, snapshot: Snapshot) -> None:
        known = snapshot.cursor(walk.cursor)
        self._client, self._walk = client, walk
        self._was_complete = known is not None and known.complete
        self._newest = known.value if known is not None else ""
        self._link = known.next_link if known is not None else None
        self.ended = walk.once and self._was_complete

    @property
    def cursor(self) -> Cursor:
        """How far the walk has got: the newest `lastUpdated` seen, and the page to go on with."""
        return Cursor(self._newest, self._link, self._was_complete or self.ended)

    def __iter__(self) -> Iterator[Page]:
        expired = 0
        while not self.ended:
            begin = self._newest
            try:
                page = self._begin() if self._link is None else self._client.follow(self._link)
            except NotFound:
                expired += 1
                if self._link is None or expired > _EXPIRED_AT_MOST:
                    raise
                self._link = None
                continue
            if page.next is not None and page.next == self._link:
                raise NotAFhirServer("a page's next link leads to itself")
            self._newest = newest_of(page.resources, self._newest)
            self._link = page.next
            self.ended = page.next is None
            if self._newest != begin:
                expired = 0
            yield page

    def _begin(self) -> Page:
        params: list[tuple[str, str | int]] = [*self._walk.params]
        since = overlapping(self._newest)
        if since is not None:
            params.append(("_lastUpdated", f"ge{since}"))
        params += [("_sort", "_lastUpdated"), ("_count", self._walk.count)]
        return self._client.search(self._walk.type, params)


def overlapping(newest: str) -> str | None:
    """Where a walk begins: 60 s before the newest row seen; none where nothing was seen yet."""
    moment = _moment(newest)
    if moment is None:
        return None
    begin = (moment - OVERLAP).astimezone(UTC)
    return begin.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def newest_of(resources: tuple[Raw, ...], newest: str) -> str:
    """The newest `lastUpdated` among these and the newest so far, as the server wrote it."""
    latest = _moment(newest)
    for raw in resources:
        written = text_at(raw, "meta", "lastUpdated") or ""
        moment = _moment(written)
        if moment is not None and (latest is None or moment > latest):
            latest, newest = moment, written
    return newest


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None

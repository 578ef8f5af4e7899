"""The pages of one walk: from the cursor, along the server's own links, and again when a link has expired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotAFhirServer, NotFound, ServerFailed
from fhir_r4.raw import Raw, text_at
from fhir_r4.results import Page
from local_store.records import Cursor
from triage_tui.sync.settled import Settled
from triage_tui.sync.walks import OVERLAP, Walk

_EXPIRED_AT_MOST: Final = 5
"""Links that may expire without a page in between that led further."""
_LARGER: Final = 4
"""How much larger a page is asked for, where the server broke down over the usual one."""


class PageWalk:
    """Iterates over pages; after each, `cursor` says how far it has got, to be kept with the page."""

    def __init__(
        self, client: FhirClient, walk: Walk, known: Cursor | None, settled: Settled | None = None
    ) -> None:
        """`known`: how far the last walk got. `settled`: what this process knows to be fetched for good."""
        self._client, self._walk = client, walk
        self._settled = settled or Settled()
        self._began = self._settled.clock()
        self._was_complete = known is not None and known.complete
        self._newest = known.value if known is not None else ""
        self._link = known.next_link if known is not None else None
        self._count = walk.count
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
            except ServerFailed:
                # Some servers break down over more rows in one millisecond than a page holds.
                if self._count > self._walk.count:
                    raise
                self._count, self._link = self._walk.count * _LARGER, None
                continue
            if page.next is not None and page.next == self._link:
                raise NotAFhirServer("a page's next link leads to itself")
            self._newest = newest_of(page.resources, self._newest)
            self._link = page.next
            self.ended = page.next is None
            if self._newest != begin:
                expired = 0
            yield page
        self._settled.walked(self._walk.cursor, self._newest, self._began)

    def _begin(self) -> Page:
        params: list[tuple[str, str | int]] = [*self._walk.params]
        sure = self._settled.is_settled(self._walk.cursor, self._newest)
        since = starting_from(self._newest, timedelta(0) if sure else OVERLAP)
        if since is not None:
            params.append(("_lastUpdated", f"ge{since}"))
        params += [("_sort", "_lastUpdated"), ("_count", self._count)]
        return self._client.search(self._walk.type, params)


def starting_from(newest: str, overlap: timedelta) -> str | None:
    """Where a walk begins: before the newest row seen; none where nothing was seen yet."""
    moment = _moment(newest)
    if moment is None:
        return None
    begin = (moment - overlap).astimezone(UTC)
    return begin.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def newest_of(resources: Iterable[Raw], newest: str) -> str:
    """The newest `lastUpdated` among these and the newest so far, as the server wrote it."""
    return latest([newest, *(text_at(raw, "meta", "lastUpdated") or "" for raw in resources)])


def latest(written: Iterable[str]) -> str:
    """The latest of instants as servers write them; empty where none can be read."""
    readable = [(moment, text) for text in written if (moment := _moment(text)) is not None]
    return max(readable, key=lambda pair: pair[0], default=(None, ""))[1]


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None

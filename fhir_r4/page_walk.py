"""The pages of one walk: from the cursor, along the server's own links, and again when a link has expired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotAFhirServer, NotFound, ServerFailed
from fhir_r4.page_size import PageSizes
from fhir_r4.raw import Raw, text_at
from fhir_r4.results import Page
from fhir_r4.settled import Settled
from fhir_r4.walk import OVERLAP, Walk

_EXPIRED_AT_MOST: Final = 5
"""Links that may expire without a page in between that led further."""
_LARGER: Final = 4
"""How much larger a page is asked for, where the server broke down over the usual one."""


class PageWalk:
    """Iterates over pages; after each, `newest`, `link` and `complete` say how far it has got.

    Attributes:
        newest: The newest `lastUpdated` seen, as the server wrote it; empty before any.
        link: The page to go on with, or none.
        ended: Whether this walk has reached its end.
    """

    def __init__(
        self,
        client: FhirClient,
        walk: Walk,
        *,
        newest: str = "",
        link: str | None = None,
        complete: bool = False,
        settled: Settled | None = None,
        sizes: PageSizes | None = None,
    ) -> None:
        """`newest`, `link`, `complete`: how far the last walk got.

        `settled`: what this process knows to be fetched for good. `sizes`: how large pages the line bears.
        """
        self._sizes = sizes or PageSizes()
        self._client, self._walk = client, walk
        self._settled = settled or Settled()
        self._began = self._settled.clock()
        self._was_complete = complete
        self.newest = newest
        self.link = link
        self._count = walk.count
        self.ended = walk.once and self._was_complete

    @property
    def complete(self) -> bool:
        """Whether this walk, or one before it, has reached its end."""
        return self._was_complete or self.ended

    def __iter__(self) -> Iterator[Page]:
        expired = 0
        while not self.ended:
            begin, asked = self.newest, self._sizes.clock()
            try:
                page = self._begin() if self.link is None else self._client.follow(self.link)
            except NotFound:
                expired += 1
                if self.link is None or expired > _EXPIRED_AT_MOST:
                    raise
                self.link = None
                continue
            except ServerFailed:
                # Some servers break down over more rows in one millisecond than a page holds.
                if self._count > self._walk.count:
                    raise
                self._count, self.link = self._walk.count * _LARGER, None
                continue
            self._sizes.saw(self._walk.type, len(page.resources), self._sizes.clock() - asked)
            if page.next is not None and page.next == self.link:
                raise NotAFhirServer("a page's next link leads to itself")
            self.newest = newest_of(page.resources, self.newest)
            self.link = page.next
            self.ended = page.next is None
            if self.newest != begin:
                expired = 0
            yield page
        self._settled.walked(self._walk.cursor, self.newest, self._began)

    def _begin(self) -> Page:
        params: list[tuple[str, str | int]] = [*self._walk.params]
        sure = self._settled.is_settled(self._walk.cursor, self.newest)
        since = starting_from(self.newest, timedelta(0) if sure else OVERLAP)
        if since is not None:
            params.append(("_lastUpdated", f"ge{since}"))
        larger = self._count > self._walk.count  # the server broke down over the usual size
        count = self._count if larger else self._sizes.count(self._walk.type, self._count)
        params += [("_sort", "_lastUpdated"), ("_count", count)]
        return self._client.search(self._walk.type, params)


def starting_from(newest: str, overlap: timedelta) -> str | None:
    """Where a walk begins: before the newest row seen; none where nothing was seen yet."""
    moment = moment_of(newest)
    if moment is None:
        return None
    begin = (moment - overlap).astimezone(UTC)
    return begin.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def newest_of(resources: Iterable[Raw], newest: str) -> str:
    """The newest `lastUpdated` among these and the newest so far, as the server wrote it."""
    return latest([newest, *(text_at(raw, "meta", "lastUpdated") or "" for raw in resources)])


def latest(written: Iterable[str]) -> str:
    """The latest of instants as servers write them; empty where none can be read."""
    readable = [(moment, text) for text in written if (moment := moment_of(text)) is not None]
    return max(readable, key=lambda pair: pair[0], default=(None, ""))[1]


def moment_of(written: str) -> datetime | None:
    """An instant as servers write them; none where it can't be read or has no zone."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None

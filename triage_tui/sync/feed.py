"""Readings by the compact feed, where the server declares it; the cache is the same as by search.

What the server has deleted stays, as it does by search: what was wrong is entered in error instead.
Source: docs/readings-feed.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import Gone, NotFound, Refused
from fhir_r4.errors import BadFeed
from fhir_r4.raw import Raw, decode, members
from fhir_r4.readings_feed import Entry, Odd, Page, Plain
from fhir_r4.readings_feed import decode as page_in
from fhir_r4.readings_feed.entries import MEDIA_TYPE
from fhir_r4.walk import Walk
from local_store import Store
from local_store.records import Cursor
from local_store.snapshot import Snapshot
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.model import Instant
from triage_tui.sync.walks import DAY

_log = logging.getLogger(__name__)

CURSOR: Final = "Observation:feed"
"""The name under which the feed's cursor is kept."""

_PATH: Final = "$readings"
_DECLARED: Final = "readings-feed"
"""When it was last found out, and whether the server has it."""
_ASKED_EVERY: Final = DAY

Keep = Callable[[Cursor, list[Plain], list[Raw]], None]
"""Puts a page's news, and how far the feed has been read, into the cache."""


def is_declared(store: Store, client: FhirClient, now: Instant) -> bool:
    """Whether the server has the feed, by its CapabilityStatement; asked once a day. Raises FhirError."""
    with store.read() as snapshot:
        known = (snapshot.setting(_DECLARED) or b"").decode()
    asked, _, answer = known.partition(" ")
    if asked and 0 <= now - parse_instant(asked) < _ASKED_EVERY:
        return answer == "yes"
    rest = members(client.capability().get("rest"))
    declared = any(one.get("name") == "readings" for part in rest for one in members(part.get("operation")))
    _note(store, now, declared=declared)
    return declared


def walk_feed(
    store: Store,
    client: FhirClient,
    bound: Walk,
    now: Instant,
    keep: Keep,
    stop: Callable[[], bool],
) -> bool | None:
    """Read the feed to its end; False where it was stopped before, None where it can't be used.

    `bound`: what bounds the first reading of all, as by search. Raises FhirError.
    """
    with store.read() as snapshot:
        known = snapshot.cursor(CURSOR) or Cursor("")
    begun_anew = False
    while True:
        try:
            page = _page(client, bound, known.value)
        except Gone:
            if begun_anew or not known.value:
                raise
            known, begun_anew = Cursor(""), True
            continue
        except (NotFound, Refused, BadFeed) as error:
            _log.warning("the compact feed isn't used: %s", type(error).__name__)
            _note(store, now, declared=False)
            return None
        known = Cursor(page.next, None, known.complete or not page.more)
        with store.read() as snapshot:
            plain, odd = _unknown(snapshot, page.entries)
        keep(known, plain, odd)
        if not page.more:
            return True
        if stop():
            return False


def _page(client: FhirClient, bound: Walk, after: str) -> Page:
    params = (("after", after),) if after else bound.params
    return page_in(client.get(_PATH, params, accept=f"{MEDIA_TYPE}, application/fhir+json").body)


def _unknown(snapshot: Snapshot, entries: Iterable[Entry]) -> tuple[list[Plain], list[Raw]]:
    """Those of which the cache lacks this very version."""
    plain = [entry for entry in entries if isinstance(entry, Plain)]
    odd = [decode(entry.raw) for entry in entries if isinstance(entry, Odd)]
    known = snapshot.known_versions("Observation", [entry.id or "" for entry in plain])
    fresh = [entry for entry in plain if known.get(entry.id or "") != str(entry.version)]
    return fresh, odd


def _note(store: Store, now: Instant, *, declared: bool) -> None:
    with store.write() as tx:
        tx.set_setting(_DECLARED, f"{format_instant(now)} {'yes' if declared else 'no'}".encode())

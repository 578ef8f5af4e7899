"""Older readings of one patient, fetched when somebody looks at her: the newest of each code, however old."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound
from fhir_r4.raw import Raw
from local_store import Store
from local_store.records import StoredReading
from local_store.snapshot import Snapshot
from threshold_engine.instants import DAY, format_instant, parse_instant
from threshold_engine.model import Instant
from triage_tui.sync.intake.readings import ReadingReader
from triage_tui.sync.walks import FIRST_PULL_DAYS

_PAGE: Final = 200
_PAGES_AT_MOST: Final = 50
"""Of each type: ten thousand readings back, for somebody measured five times a day some five years."""
_KINDS: Final = (("Observation", "date"), ("QuestionnaireResponse", "authored"))


def fetch_history(
    store: Store,
    client: FhirClient,
    patient: str,
    *,
    now: Instant,
    since: Instant | None = None,
) -> int:
    """Fetch a patient's readings from before the first pull's bound; how many were put into the cache.

    All measured at `since` or later, and of those before it the newest of each code. What was fetched once
    isn't asked for again.

    Raises:
        FhirError: The server didn't answer; what is cached stays.
    """
    bound = now - FIRST_PULL_DAYS * DAY
    begin = bound if since is None else min(since, bound)
    done = _fetched_since(store, patient)
    if done is not None and done <= begin:
        return 0
    walk = _History(store, client, patient, now, begin)
    put = sum([walk.fetch(kind, dated_by, bound) for kind, dated_by in _KINDS])
    with store.write() as tx:
        tx.set_setting(_name(patient), format_instant(begin).encode())
        if put:
            tx.refresh([patient], now)
    return put


class _History:
    def __init__(self, store: Store, client: FhirClient, patient: str, now: Instant, begin: Instant) -> None:
        self._store, self._client, self._patient = store, client, patient
        self._now, self._begin = now, begin
        with store.read() as snapshot:
            self._seen = {reading.code for reading in snapshot.readings_of(patient)}

    def fetch(self, kind: str, dated_by: str, bound: Instant) -> int:
        """Newest first, a page and a transaction at a time; how many readings were put."""
        params: list[tuple[str, str | int]] = [
            ("patient", self._patient),
            (dated_by, f"lt{format_instant(bound + DAY)}"),
            ("_sort", f"-{dated_by}"),
            ("_count", _PAGE),
        ]
        put, pages = 0, 1
        page = self._client.search(kind, params)
        while True:
            put += self._keep(page.resources)
            if page.next is None or pages >= _PAGES_AT_MOST:
                return put
            try:
                page = self._client.follow(page.next)
            except NotFound:
                return put  # the link has expired: what is newest is here, the rest can be asked for
            pages += 1

    def _keep(self, resources: Iterable[Raw]) -> int:
        with self._store.write() as tx:
            reader = ReadingReader(tx, self._now)
            fresh = [one for raw in resources for one in self._wanted(tx, _read(reader, raw))]
            tx.put_readings(fresh)
        return len(fresh)

    def _wanted(self, snapshot: Snapshot, found: list[StoredReading]) -> list[StoredReading]:
        """All readings of a resource, if any of them is wanted and the cache lacks it."""
        if not found:
            return []
        recent = any(one.reading.effective >= self._begin for one in found)
        codes = {one.reading.code for one in found}
        first_of_code = not codes <= self._seen
        self._seen |= codes
        known = snapshot.known_version(*found[0].resource.split("/")) is not None
        return found if (recent or first_of_code) and not known else []


def _read(reader: ReadingReader, raw: Raw) -> list[StoredReading]:
    try:
        return [one for one in reader.read(raw) if one.reading.patient]
    except ValueError:
        return []  # counted and kept where it comes with a pull; here it has nothing to show


def _name(patient: str) -> str:
    return f"history/{patient}"


def _fetched_since(store: Store, patient: str) -> Instant | None:
    with store.read() as snapshot:
        body = snapshot.setting(_name(patient))
    return None if body is None else parse_instant(body.decode())

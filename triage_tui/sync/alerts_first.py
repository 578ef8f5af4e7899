"""What the queue needs, before anything else: open Tasks, what they are about, their patients, and those's
readings.

Only until everything has been fetched once: after that the walks bring little, and all of it is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from fhir_r4.client import FhirClient
from local_store import Store
from threshold_engine.instants import HOUR, format_instant
from threshold_engine.model import Instant
from triage_tui.sync.fetched import Fetched
from triage_tui.sync.own_settings import WANTED_ISSUES, kept_set

RECENT: Final = 72 * HOUR
"""So far back the readings of patients with open alerts come first, by search."""
_AT_ONCE: Final = 80
"""Ids in one request: an address of some three thousand characters, which any server takes."""
_PAGE: Final = 500

Ask = Callable[[], Iterator[Fetched]]


def wanted_issues(store: Store) -> list[str]:
    """Logical ids of the alerts that open Tasks are about, and the cache lacks."""
    with store.read() as snapshot:
        wanted = sorted(kept_set(snapshot, WANTED_ISSUES))
        return [one for one in wanted if snapshot.known_version("DetectedIssue", one) is None]


def issues(client: FhirClient, ids: Sequence[str]) -> list[Ask]:
    """DetectedIssues by their ids, however long ago they were identified."""
    return [partial(_found, client, "DetectedIssue", (("_id", some),)) for some in _some(ids)]


def waiting(store: Store) -> list[str]:
    """Patients of open Tasks whose own resource hasn't come."""
    with store.read() as snapshot:
        known = snapshot.patients()
        return [patient for patient in snapshot.patients_at_work() if patient not in known]


def surroundings(client: FhirClient, patients: Sequence[str]) -> list[Ask]:
    """Who these patients are, and their plans."""
    asked: list[Ask] = []
    for some in _some(patients):
        asked.append(partial(_found, client, "Patient", (("_id", some),)))
        asked.append(partial(_found, client, "CarePlan", (("patient", some),)))
    return asked


def recent_readings(client: FhirClient, patients: Sequence[str], now: Instant) -> list[Ask]:
    """Their readings of the last 72 hours, by search."""
    since = ("date", f"ge{format_instant(now - RECENT)}")
    return [partial(_found, client, "Observation", (("patient", some), since)) for some in _some(patients)]


def _found(client: FhirClient, kind: str, params: Sequence[tuple[str, str]]) -> Iterator[Fetched]:
    """All pages of a search that has no cursor: it is asked anew where it is cut off."""
    page = client.search(kind, [*params, ("_count", _PAGE)])
    while True:
        yield Fetched(kind, page.resources)
        if page.next is None:
            return
        page = client.follow(page.next)


def _some(ids: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ",".join(ids[start : start + _AT_ONCE])

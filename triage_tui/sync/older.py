"""What is older than the first pull's 90 days, of one patient, fetched when somebody asks for it."""

from __future__ import annotations

from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused
from fhir_r4.raw import Raw, text_at
from local_store import Store
from local_store.snapshot import Snapshot
from threshold_engine.instants import DAY, format_instant
from threshold_engine.model import Instant
from triage_tui.sync.history import fetch_history
from triage_tui.sync.intake import Intake
from triage_tui.sync.keeping import unknown
from triage_tui.sync.walks import FIRST_PULL_DAYS

_PAGE: Final = 100
_PAGES_AT_MOST: Final = 50
_KINDS: Final = (
    ("Task", "modified"),
    ("DetectedIssue", "identified"),
    ("Communication", "sent"),
    ("QuestionnaireResponse", "authored"),
    ("Media", "created"),
)
"""Type, and the search parameter that dates it."""


def fetch_older(store: Store, client: FhirClient, patient: str, *, now: Instant, since: Instant) -> int:
    """Fetch a patient's readings, forms, messages, pictures, closed work back to `since`; how much was new.

    A type that the server can't search by date is left out.

    Raises:
        FhirError: The server didn't answer; what was fetched before stays.
    """
    found = fetch_history(store, client, patient, now=now, since=since)
    for kind, dated_by in _KINDS:
        try:
            found += _fetch(store, client, patient, kind, dated_by, (since, now))
        except Refused:
            continue
    with store.write() as tx:
        tx.refresh([patient], now)
    return found


def _is_new(snapshot: Snapshot, raw: Raw) -> bool:
    """Whether the cache lacks it as it is; of a form whose answers came as readings only, the form is new."""
    if unknown(snapshot, [raw]):
        return True
    logical_id = text_at(raw, "id") or ""
    is_form = raw.get("resourceType") == "QuestionnaireResponse"
    return is_form and snapshot.resource("QuestionnaireResponse", logical_id) is None


def _fetch(
    store: Store, client: FhirClient, patient: str, kind: str, dated_by: str, span: tuple[Instant, Instant]
) -> int:
    since, now = span
    params: list[tuple[str, str | int]] = [
        ("patient", patient),
        (dated_by, f"ge{format_instant(since)}"),
        (dated_by, f"lt{format_instant(now - (FIRST_PULL_DAYS - 1) * DAY)}"),
        ("_sort", f"-{dated_by}"),
        ("_count", _PAGE),
    ]
    put, pages = 0, 1
    page = client.search(kind, params)
    while True:
        with store.read() as snapshot:
            fresh = [raw for raw in page.resources if _is_new(snapshot, raw)]
        if fresh:
            with store.write() as tx:
                intake = Intake(tx, now)
                for raw in fresh:
                    intake.take(raw)
                intake.finish()
            put += len(fresh)
        if page.next is None or pages >= _PAGES_AT_MOST:
            return put
        try:
            page = client.follow(page.next)
        except NotFound:
            return put  # the link has expired: what is newest is here
        pages += 1

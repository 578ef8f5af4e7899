"""Whether the server can be reached, as the last attempt found."""

from __future__ import annotations

from dataclasses import replace

from fhir_r4.client_errors import FhirError, ServerUnreachable
from local_store.records import SyncMarks
from threshold_engine.model import Instant


def reached(marks: SyncMarks, trouble: FhirError | None, now: Instant, offset_ms: int | None) -> SyncMarks:
    """`marks` after an attempt at `now` by our clock: offline since the first without an answer, until one.

    `offset_ms`: the server's clock minus ours, as it was just measured; without it the one that is known
    counts. All that stands in the marks is by the server's clock, as is the now that it is compared with.
    """
    skew = marks.skew_ms if offset_ms is None else offset_ms
    away = isinstance(trouble, ServerUnreachable)
    since = (marks.offline_since or now + (skew or 0)) if away else None
    return replace(marks, skew_ms=skew, offline_since=since)

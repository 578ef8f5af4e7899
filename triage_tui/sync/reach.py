"""Whether the server can be reached, as the last attempt found."""

from __future__ import annotations

from dataclasses import replace

from fhir_r4.client_errors import FhirError, ServerUnreachable
from local_store.records import SyncMarks
from threshold_engine.model import Instant


def reached(marks: SyncMarks, trouble: FhirError | None, at: Instant) -> SyncMarks:
    """`marks` after an attempt at `at`: offline since the first that got no answer, until one gets one."""
    away = isinstance(trouble, ServerUnreachable)
    return replace(marks, offline_since=(marks.offline_since or at) if away else None)

"""What is asked for, in which order: the queue stands before the history.

Source: "Pull" in docs/fhir.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fhir_r4.walk import Walk
from threshold_engine.instants import MINUTE, format_instant
from threshold_engine.model import Instant

DAY: Final = 24 * 60 * MINUTE
FIRST_PULL_DAYS: Final = 90
"""How far back the first pull reaches for what is closed, and for readings; older on demand."""

OPEN_TASKS: Final = "draft,requested,received,accepted,ready,in-progress,on-hold"
CLOSED_TASKS: Final = "completed,cancelled,failed,rejected,entered-in-error"


@dataclass(frozen=True, slots=True)
class Kind:
    """A FHIR type that is pulled."""

    type: str
    count: int = 500
    """Resources a page."""
    dated_by: str | None = None
    """Search parameter that bounds the first pull; none: all there is."""


KINDS: Final = (
    Kind("Task", dated_by="modified"),
    Kind("DetectedIssue", dated_by="identified"),
    Kind("Patient"),
    Kind("CarePlan"),
    Kind("Flag"),
    Kind("Practitioner"),
    Kind("Organization"),
    Kind("Communication", dated_by="sent"),
    Kind("ServiceRequest"),
    Kind("Questionnaire"),
    Kind("QuestionnaireResponse", dated_by="authored"),
    Kind("Observation", count=200, dated_by="date"),
    Kind("Media", dated_by="created"),
)
"""In the order in which they are pulled."""
_OF_NO_PATIENT: Final = frozenset({"Patient", "Practitioner", "Organization", "Questionnaire"})


def first_walks(kind: Kind, now: Instant) -> Iterator[Walk]:
    """What is walked before the type's own walk, and only once: open Tasks, then those closed lately."""
    if kind.type != "Task":
        return
    yield Walk("Task:open", "Task", (("status", OPEN_TASKS),), kind.count, once=True)
    closed = (("status", CLOSED_TASKS), *_bound(kind, now))
    yield Walk("Task:closed", "Task", closed, kind.count, once=True)


def walk_of(kind: Kind, now: Instant, *, bounded: bool) -> Walk:
    """The type's own walk; `bounded` in time until it has reached its end once."""
    params = _bound(kind, now) if bounded else ()
    return Walk(kind.type, kind.type, params, kind.count, by_patient=kind.type not in _OF_NO_PATIENT)


def _bound(kind: Kind, now: Instant) -> tuple[tuple[str, str], ...]:
    if kind.dated_by is None:
        return ()
    day = format_instant(now - FIRST_PULL_DAYS * DAY)[:10]
    return ((kind.dated_by, f"ge{day}"),)

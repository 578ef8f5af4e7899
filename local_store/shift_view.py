"""What a report is made of: the queue as it stands, and what happened in a stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local_store.context import Context
from local_store.patients_view import PatientsView, patients_view
from local_store.people import unknown_person
from local_store.queue_view import queue
from local_store.timeline import entries_between
from local_store.unsent_view import UnsentView, unsent_view
from local_store.views import Person, QueueView, TimelineEntry
from local_store.work import items_since
from threshold_engine.model import Instant
from work_items import Centre, Item


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The centre from `start` up to `end`, told at `now`."""

    now: Instant
    start: Instant
    end: Instant
    queue: QueueView
    unsent: UnsentView
    items: tuple[Item, ...]
    """Open ones, and those closed at `start` or later; oldest first."""
    entries: Mapping[str, list[TimelineEntry]]
    """Patient's logical id → what was written in the stretch, newest first."""
    patients: PatientsView
    owners: Mapping[str, str]
    """Owner's reference → display name."""

    def person(self, patient: str) -> Person:
        """Who a patient is."""
        found = next((line.person for line in self.patients.lines if line.person.id == patient), None)
        return found or unknown_person(patient)

    @property
    def raised(self) -> list[Item]:
        """Items raised in the stretch."""
        return [item for item in self.items if self.start <= item.raised < self.end]

    @property
    def closed(self) -> list[Item]:
        """Items closed in the stretch."""
        return [
            item
            for item in self.items
            if item.closed_at is not None and self.start <= item.closed_at < self.end
        ]


def shift_view(context: Context, start: Instant, end: Instant, now: Instant, centre: Centre) -> ShiftView:
    """Everything that the reports tell, from one read transaction."""
    owners = context.connection.exec_driver_sql("SELECT reference, name FROM practitioner")
    return ShiftView(
        now=now,
        start=start,
        end=end,
        queue=queue(context, now, centre),
        unsent=unsent_view(context, now),
        items=tuple(items_since(context, start)),
        entries=entries_between(context, start, end),
        patients=patients_view(context, now),
        owners={row[0]: row[1] for row in owners},
    )

"""Communication and ServiceRequest → lines of the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_r4.communications import category_of, entry_of
from fhir_r4.raw import Raw
from fhir_r4.service_requests import escalation_of
from local_store.records import Kept
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from local_store.views import TimelineEntry
from triage_tui.sync.intake.people import name_of


def take_communication(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a note, contact or message; one that is entered in error leaves the timeline. Raises BadElement."""
    if category_of(raw) is None:
        tx.put_raw(kept)
        return
    found = entry_of(raw)
    if found.withdrawn:
        tx.drop_entry(found.id)
        tx.put_raw(kept)
        return
    patient = tx.person(found.patient) if found.inbound else None
    entry = TimelineEntry(
        id=found.id,
        kind=found.category,
        at=found.at,
        author=patient.name if patient else _author(tx, found.id, found.sender) or found.sender_name,
        text=found.text,
        medium=found.medium,
        reached=found.reached,
        about=_tasks(tx, found.about, found.about_references),
        corrects=found.corrects,
        whom=found.whom,
        inbound=found.inbound,
    )
    tx.put_entry(found.patient, entry, kept)


def take_request(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put an escalation. Raises BadElement."""
    found = escalation_of(raw)
    if found.status == "entered-in-error":
        tx.drop_entry(found.id)
        tx.put_raw(kept)
        return
    entry = TimelineEntry(
        id=found.id,
        kind="escalation",
        at=found.at,
        author=_author(tx, found.id, found.requester),
        text=found.text,
        about=found.tasks,
        whom=found.helper,
    )
    tx.put_entry(found.patient, entry, kept)


def _author(snapshot: Snapshot, entry: str, reference: str | None) -> str | None:
    """Who wrote it: by name, or as the act here said where nobody of that name has been fetched yet."""
    name = name_of(snapshot, reference)
    if name is not None:
        return name
    known = snapshot.entry(entry)
    return known[1].author if known else None


def _tasks(snapshot: Snapshot, uuids: Iterable[str], references: Iterable[str]) -> tuple[str, ...]:
    """UUIDs of the Tasks it is about; other systems name them by literal reference only."""
    found = dict.fromkeys(uuids)
    for reference in references:
        stored = snapshot.item_by_reference(reference) if reference.startswith("Task/") else None
        if stored is not None:
            found[stored.item.task] = None
    return tuple(found)

"""What a nurse changed in readings and plans and waits to be sent, laid over what the server has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fhir_r4 import systems
from fhir_r4.amendment import Amendment
from fhir_r4.errors import BadPlan
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw, decode, reference_of
from fhir_r4.readings_feed import Plain
from fhir_r4.told_readings import WRONG
from local_store.records import OutboxOp, StoredReading
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from triage_tui.plan_record import plan_record

_UUID_ID: Final = f"{systems.URI}|{systems.UUID_PREFIX}"


def overlaid_plan(snapshot: Snapshot, raw: Raw) -> Raw:
    """A CarePlan as the nurse left it; what would be refused is left out: the truth is shown then."""
    target = reference_of(raw)
    for body in snapshot.pending_changes(target):
        for amendment in Outgoing.from_bytes(body).amendments:
            if amendment.target == target and not amendment.is_stale(raw):
                try:
                    raw = amendment.apply(raw)
                except BadPlan:
                    continue  # as the intake says of it
    return raw


def as_marked(snapshot: Snapshot, stored: Sequence[StoredReading]) -> Sequence[StoredReading]:
    """Readings of a page, those that the nurse marked as wrong so marked."""
    if not stored:
        return stored
    marked = {target for target, _ in snapshot.pending_amendments("Observation")}
    if not marked:
        return stored
    return [with_status(one, WRONG) if names_of(one) & marked else one for one in stored]


def entries_as_marked(snapshot: Snapshot, entries: Sequence[Plain]) -> Sequence[Plain]:
    """The same of readings that came by the compact feed."""
    marked = {target for target, _ in snapshot.pending_amendments("Observation")}
    if not marked:
        return entries
    return [
        replace(one, status=WRONG) if _names({f"Observation/{one.id}"}, one.base or "") & marked else one
        for one in entries
    ]


def with_status(stored: StoredReading, status: str) -> StoredReading:
    """A reading with another status."""
    return replace(stored, reading=replace(stored.reading, status=status))


def names_of(stored: StoredReading) -> set[str]:
    """How an amendment may name a reading's resource: by its id, its identifier, or the UUID that we gave
    it."""
    return _names({stored.resource}, stored.reading.id.partition("#")[0])


def _names(names: set[str], base: str) -> set[str]:
    uuid = base.removeprefix(_UUID_ID)
    if uuid != base:
        names.add(f"Observation/{systems.UUID_PREFIX}{uuid}")
    if "|" in base:
        names.add(f"Observation/{base}")
    return names


def show_amended_again(tx: Transaction, op: OutboxOp) -> None:
    """Show what an op amends as the server has it: once it has left the queue without being done.

    After it was parked, in conflict or withdrawn; what else waits is laid over it.
    """
    try:
        amendments = Outgoing.from_bytes(op.body).amendments
    except ValueError:
        return  # it was parked because it can't be read: nothing is known of what it meant
    for amendment in amendments:
        if amendment.kind == "reading-error":
            _unmark(tx, amendment)
        elif amendment.id is not None:
            _show_plan(tx, amendment.id)


def _show_plan(tx: Transaction, logical_id: str) -> None:
    kept = tx.resource("CarePlan", logical_id)
    if kept is not None and kept.patient is not None:
        tx.put_plan(plan_record(tx, overlaid_plan(tx, decode(kept.raw)), kept.patient))


def _unmark(tx: Transaction, amendment: Amendment) -> None:
    """The reading as it was; where the server has another by now, that one came with its answer."""
    stored = tx.readings_beside(amendment.reading) if amendment.reading else []
    if stored and amendment.saw_status and all(one.version == amendment.saw_version for one in stored):
        before = [
            with_status(one, amendment.saw_status) if one.reading.status == WRONG else one for one in stored
        ]
        tx.put_readings(as_marked(tx, before))

"""Undoing here what an op had changed in a reading or a plan, once it has left the queue undone."""

from __future__ import annotations

from fhir_r4.amendment import Amendment
from fhir_r4.outgoing import Outgoing
from fhir_r4.told_readings import WRONG
from local_store.records import OutboxOp
from local_store.transaction import Transaction
from threshold_engine.model import Instant
from triage_tui.sync.intake.amended import with_status
from triage_tui.sync.intake.people import name_again


def show_amended_again(tx: Transaction, op: OutboxOp, now: Instant) -> None:
    """Show what an op amends as the server has it: after it was parked, in conflict or withdrawn."""
    try:
        amendments = Outgoing.from_bytes(op.body).amendments
    except ValueError:
        return  # it was parked because it can't be read: nothing is known of what it meant
    for amendment in amendments:
        if amendment.type == "CarePlan" and amendment.id is not None:
            name_again(tx, "CarePlan", amendment.id, now)
        elif amendment.kind == "reading-error":
            _unmark(tx, amendment)


def _unmark(tx: Transaction, amendment: Amendment) -> None:
    """The reading as it was; where the server has another by now, that one came with its answer."""
    reading_id = amendment.reading
    stored = tx.readings_beside(reading_id) if reading_id else []
    if stored and amendment.saw_status and all(one.version == amendment.saw_version for one in stored):
        tx.put_readings(
            with_status(one, amendment.saw_status) if one.reading.status == WRONG else one for one in stored
        )

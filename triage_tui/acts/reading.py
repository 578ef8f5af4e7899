"""Typing in what a patient tells by phone."""

from __future__ import annotations

from fhir_r4.observations import Observed, observed_of
from fhir_r4.outgoing import Outgoing
from fhir_r4.raw import Raw
from fhir_r4.told_readings import ToldReading, told_reading
from local_store import Store
from local_store.records import StoredReading
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, new_op, patient_known
from triage_tui.acts.done import ActDone
from triage_tui.acts.measured import Measured
from triage_tui.acts.refused import ActRefused


def reading(
    store: Store, actor: Nurse, patient: str, measured: Measured, now: Instant, *, at: Instant | None = None
) -> ActDone:
    """Put a measurement as told by phone, measured at `at` (now, if not given).

    It stands in the cache at once, under the id that the server's will have. What can't be true is taken
    too, and counts as implausible: whoever asked looks at `measured.plausible` and says so.

    Raises:
        ActRefused: No such patient, or a time that hasn't come yet.
    """
    if at is not None and at > now:
        raise ActRefused(sentences.NOT_YET)
    with store.write() as tx:
        patient_known(tx, patient)
        writer = ActWriter(tx, actor, patient, now)
        op = new_op()
        told = ToldReading(
            patient=patient,
            performer=actor.reference,
            measured=now if at is None else at,
            issued=now,
            values=[(part.code, part.amount) for part in measured.parts],
        )
        raw = told_reading(op, told)
        writer.queue("reading", op, Outgoing(creates=(raw,)), summary={"code": measured.code})
        tx.put_readings(_local(op, raw, now))
        return writer.done("reading", op)


def _local(op: str, raw: Raw, now: Instant) -> list[StoredReading]:
    """The readings of it, as they stand until the server has the Observation."""
    found = observed_of({**raw, "id": op}, judged_at=now)
    return [
        StoredReading(one.reading, f"outbox/{op}", None, one.unit, one.comparator, one.display)
        for one in found
        if isinstance(one, Observed)
    ]

"""Marking a reading as wrong: measured on somebody else, a slip of the finger, a cuff that sat badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fhir_r4 import systems
from fhir_r4.amendment import Amendment
from fhir_r4.outgoing import Outgoing
from fhir_r4.told_readings import WRONG
from local_store import Store
from local_store.records import StoredReading
from local_store.views import Nurse
from threshold_engine.model import Instant
from triage_tui.acts import sentences
from triage_tui.acts.act_writer import ActWriter, new_op
from triage_tui.acts.done import ActDone
from triage_tui.acts.free_text import free_text
from triage_tui.acts.refused import ActRefused

_UNSENT = "outbox/"


def reading_error(store: Store, actor: Nurse, reading: str, reason: str, now: Instant) -> ActDone:
    """Mark a reading as entered in error, by the engine's id of it; the reason is kept beside it.

    All that came in the same Observation is marked with it: both values of a blood pressure.

    Raises:
        ActRefused: No reason, no such reading, one that is marked already, or the answer to a form.
    """
    reason = free_text(reason).strip()
    if not reason:
        raise ActRefused(sentences.NO_REASON)
    with store.write() as tx:
        beside = tx.readings_beside(reading)
        if not beside:
            raise ActRefused(sentences.NO_SUCH_READING, reading=reading)
        _refuse(beside)
        first = beside[0]
        writer = ActWriter(tx, actor, first.reading.patient, now)
        op = new_op()
        amendment = Amendment(
            kind="reading-error",
            target=_target(first),
            by=actor.reference,
            at=now,
            reason=reason,
            reading=reading,
            saw_version=first.version,
            saw_status=first.reading.status,
        )
        writer.queue(
            "reading-error",
            op,
            Outgoing(amendments=(amendment,)),
            depends_on=_typed_in_here(first),
            summary={"code": next(one.reading.code for one in beside if one.reading.id == reading)},
        )
        tx.put_readings(replace(one, reading=replace(one.reading, status=WRONG)) for one in beside)
        return writer.done("reading-error", op)


def _refuse(beside: Sequence[StoredReading]) -> None:
    if not beside[0].resource.startswith(("Observation/", _UNSENT)):
        raise ActRefused(sentences.NOT_A_READING)
    if all(one.reading.withdrawn for one in beside):
        raise ActRefused(sentences.WRONG_ALREADY)


def _target(stored: StoredReading) -> str:
    """How the server will know it: one that was typed in here has only its UUID yet.

    And one that the compact feed told of has its identifier, which its reading's id begins with.
    """
    if not stored.resource.startswith(_UNSENT):
        return stored.known_as
    return f"Observation/{systems.UUID_PREFIX}{stored.resource.removeprefix(_UNSENT)}"


def _typed_in_here(stored: StoredReading) -> list[str]:
    """The op that has to be sent first."""
    return [stored.resource.removeprefix(_UNSENT)] if stored.resource.startswith(_UNSENT) else []

"""A CarePlan as the cache keeps it: from what the server sent, or with a nurse's change laid over it."""

from __future__ import annotations

from datetime import datetime

from fhir_r4.care_plans import approvals_of, is_in_force, written_plan, zones_of
from fhir_r4.errors import BadPlan
from fhir_r4.plan_pauses import pause_reasons
from fhir_r4.raw import Raw, child, encode, reference_of, text_at
from fhir_r4.references import relative
from local_store.records import Approval, PlanRecord
from local_store.snapshot import Snapshot
from local_store.views import Pause, Zone


def plan_record(snapshot: Snapshot, raw: Raw, patient: str) -> PlanRecord:
    """The record of a self-treatment plan; one that can't be read says why, and has no engine plan."""
    problem: str | None = None
    engine_plan: bytes | None = None
    try:
        engine_plan = encode(written_plan(raw))  # read by the engine once, as the store puts it
    except BadPlan as error:
        problem = error.why
    except ValueError as error:  # a character that is none
        problem = str(error)
    name = snapshot.practitioner_name
    return PlanRecord(
        reference=reference_of(raw),
        patient=patient,
        active=is_in_force(raw),
        title=text_at(raw, "title") or "",
        engine_plan=engine_plan,
        changed=_microseconds(text_at(raw, "meta", "lastUpdated")),
        problem=problem,
        zones=tuple(Zone(zone.colour, zone.patient_text, zone.centre_text) for zone in zones_of(raw)),
        author=text_at(child(raw, "author"), "display") or name(relative(raw, "author")),
        approvals=tuple(
            Approval(one.version, name(one.approved_by) or one.approved_by, one.approved_at)
            for one in approvals_of(raw)
        ),
        pauses=tuple(
            Pause(one.start, one.end, one.reason, name(one.by), one.at, one.ended, name(one.ended_by))
            for one in pause_reasons(raw)
        ),
    )


def _microseconds(written: str | None) -> int:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return 0
    return int(moment.timestamp() * 1_000_000) if moment.tzinfo is not None else 0

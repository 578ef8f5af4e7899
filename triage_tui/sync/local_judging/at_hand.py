"""What the cache has of one patient, as the server's judge takes it: her compartment as it will be.

That is what the server gave, with what waits in the outbox laid over it: the work as the nurse left it, her
notes, contacts and alerts that only this console has published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from fhir_r4.care_plans import PlanDocument
from fhir_r4.compartment import Compartment, Evidence, evidence_of
from fhir_r4.observations import Observed
from fhir_r4.outgoing import Outgoing
from fhir_r4.plan_choice import PlanChoice
from fhir_r4.raw import Raw, decode, text_at, uuid_of
from local_store.records import StoredReading
from local_store.snapshot import Snapshot
from threshold_engine import Instant, Plan
from triage_tui.laid_over import overlaid
from triage_tui.sync.local_judging.reach_back import complete_since

_KEPT: Final = ("DetectedIssue", "Task", "Communication", "ServiceRequest", "Observation")
"""Observations are kept as they came only while they give no reading: dated ahead, say."""
_CREATED: Final = frozenset(_KEPT[:4])
"""Readings told here are in the cache's own readings at once."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """One patient's part of the cache."""

    compartment: Compartment
    evidence: Evidence
    unsent: bool
    """Whether the server doesn't know all of it yet."""


def at_hand(snapshot: Snapshot, patient: str, now: Instant, readings_since: Instant) -> AtHand:
    """Read what the judge goes by. `readings_since`: from here on the cache has every reading.

    Earlier ones that were fetched to be looked at have gaps between them, and are left out.
    """
    plan = snapshot.plan(patient)
    pending = [Outgoing.from_bytes(body) for body in snapshot.pending_bodies(patient)]
    compartment = Compartment.of(
        patient,
        _resources(snapshot, patient, pending),
        complete_since=complete_since(plan, readings_since),
    )
    read = evidence_of(compartment, now)
    stored = map(_observed, snapshot.stored_readings(patient, readings_since))
    evidence = replace(read, choice=_choice(snapshot, patient, plan), observed=(*read.observed, *stored))
    return AtHand(compartment, evidence, bool(pending))


def _resources(snapshot: Snapshot, patient: str, pending: Iterable[Outgoing]) -> Iterator[Raw]:
    changed = {change.task for outgoing in pending for change in outgoing.changes}
    seen: set[tuple[str | None, str | None]] = set()
    for kind in _KEPT:
        for kept in snapshot.resources_of(patient, kind):
            raw = decode(kept.raw)
            uuid = uuid_of(raw)
            seen.add((kind, uuid))
            yield overlaid(snapshot, raw) if kind == "Task" and uuid in changed else raw
    for outgoing in pending:
        for raw in outgoing.creates:
            name = (text_at(raw, "resourceType"), uuid_of(raw))
            if name[0] in _CREATED and name not in seen:
                seen.add(name)
                yield overlaid(snapshot, raw) if name[0] == "Task" else raw


def _observed(stored: StoredReading) -> Observed:
    return Observed(stored.reading, stored.resource, stored.unit, stored.comparator, stored.display)


def _choice(snapshot: Snapshot, patient: str, plan: Plan | None) -> PlanChoice:
    """The plan that the cache has in force, a nurse's own change of it that isn't sent yet included."""
    problem = snapshot.plan_problem(patient)
    record = snapshot.plan_record(patient)
    document = (
        None
        if plan is None or record is None
        else PlanDocument(
            reference=record.reference,
            patient=patient,
            status="active",
            intent="plan",
            plan=plan,
            plan_json={},
            title=record.title,
        )
    )
    return PlanChoice(document, valid=document is not None and problem is None, problem=problem)

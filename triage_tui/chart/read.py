"""Reads a patient's chart from the cache, in a number of queries that doesn't grow with what it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fhir_r4.communications import CommunicationEntry, category_of, entry_of
from fhir_r4.errors import BadElement, NotFhir
from fhir_r4.raw import Raw, decode, uuid_of
from fhir_r4.service_requests import EscalationEntry, escalation_of
from local_store import Store
from local_store.records import Kept, PlanRecord
from local_store.snapshot import Snapshot
from threshold_engine.model import Instant
from threshold_engine.plans import Plan
from triage_tui.chart.escalations import escalation_states
from triage_tui.chart.forms import answered_forms, forms_by_name
from triage_tui.chart.observations import named, told_by_phone, wrong_notes
from triage_tui.chart.pictures import pictures
from triage_tui.chart.thread import thread
from triage_tui.chart.views import Approved, Chart, PlanHistory
from work_items.centre import DAY

_KINDS: Final = (
    "CarePlan",
    "Communication",
    "Media",
    "Observation",
    "QuestionnaireResponse",
    "ServiceRequest",
    "Task",
)
_CLOSED_DAYS: Final = 90
"""How long ago work about a message may have been closed and still tell when it was opened."""


def read_chart(store: Store, patient: str, now: Instant) -> Chart:
    """Everything but the readings, as of one commit; an empty one where the cache has nothing of her."""
    with store.read() as snapshot:
        kept: dict[str, list[Raw]] = defaultdict(list)
        for one in snapshot.resources_about(patient, _KINDS):
            kept[one.type] += _decoded(one)
        forms = [raw for one in snapshot.resources_of_type("Questionnaire") for raw in _decoded(one)]
        lines = snapshot.entries_of(patient)
        items = [one.item for one in snapshot.items_of(patient, now - _CLOSED_DAYS * DAY)]
        said = dict(_communications(kept["Communication"]))
        requests = list(_requests(kept["ServiceRequest"]))
        notes = wrong_notes(kept["Observation"], now)
        people = [one.performer for one in requests] + [one.by for one in notes.values()]
        known = snapshot.practitioners(one for one in people if one)
        names = {reference: name for reference, (_login, name) in known.items()}
        tasks = {uuid: raw for raw in kept["Task"] if (uuid := uuid_of(raw))}
        states, answers = escalation_states(
            requests, kept["Task"], (entry for entry, _raw in said.values()), names
        )
        return Chart(
            forms=answered_forms(kept["QuestionnaireResponse"], forms_by_name(forms)),
            plans=_plans(snapshot, patient, kept["CarePlan"]),
            thread=thread((line for line in lines if line.id not in answers), said, items, tasks),
            escalations=states,
            pictures=pictures(kept["Media"]),
            answers=answers,
            told=told_by_phone(kept["Observation"], now),
            wrong=named(notes, names),
            namesakes=tuple(snapshot.namesakes(patient)),
        )


def _decoded(kept: Kept) -> list[Raw]:
    try:
        return [decode(kept.raw)]
    except NotFhir:
        return []  # counted and logged when it came


def _communications(raws: list[Raw]) -> Iterator[tuple[str, tuple[CommunicationEntry, Raw]]]:
    for raw in raws:
        if category_of(raw) is not None:
            try:
                entry = entry_of(raw)
            except BadElement:
                continue  # no time or no patient: it isn't on the timeline either
            yield entry.id, (entry, raw)


def _requests(raws: list[Raw]) -> Iterator[EscalationEntry]:
    for raw in raws:
        try:
            yield escalation_of(raw)
        except BadElement:
            continue


def _plans(snapshot: Snapshot, patient: str, care_plans: list[Raw]) -> PlanHistory:
    record: PlanRecord | None = snapshot.plan_record(patient)
    plan: Plan | None = snapshot.plan(patient)
    approvals = {one.version: Approved(one.by, one.at) for one in record.approvals} if record else {}
    proposals = (
        str(raw.get("title") or "")
        for raw in care_plans
        if raw.get("intent") == "proposal" and raw.get("status") == "draft"
    )
    pauses = record.pauses if record else ()
    return PlanHistory(plan, approvals, pauses, tuple(proposals))

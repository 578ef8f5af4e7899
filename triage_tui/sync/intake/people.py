"""Patient, Flag, CarePlan and Practitioner → who it is and which plan she has."""

from __future__ import annotations

from fhir_r4.care_plans import (
    form_mapping_of,
    is_self_treatment_plan,
)
from fhir_r4.errors import BadElement
from fhir_r4.flags import warning_of
from fhir_r4.patients import person_of
from fhir_r4.people import practitioner_of
from fhir_r4.raw import Raw, decode
from fhir_r4.references import patient_of
from local_store.records import Kept
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction
from local_store.views import Contact, Person
from threshold_engine.model import Instant
from triage_tui.amended import overlaid_plan
from triage_tui.plan_record import plan_record


def take_patient(tx: Transaction, raw: Raw, kept: Kept, now: Instant) -> None:
    """Put a Patient with her standing warnings and plan's title. Raises BadElement."""
    tx.put_person(_person(tx, raw, now), kept)


def take_flag(tx: Transaction, raw: Raw, kept: Kept, now: Instant) -> None:
    """Put a Flag, and say anew who its patient is."""
    tx.put_raw(kept)
    _say_again(tx, patient_of(raw), now)


def take_plan(tx: Transaction, raw: Raw, kept: Kept, now: Instant) -> bool:
    """Put a CarePlan; whether other form answers than before now stand for the engine's codes.

    One that can't be read is put too: the store leaves its last readable form in force, and says why.
    """
    patient = patient_of(raw)
    if patient is None or not is_self_treatment_plan(raw):
        tx.put_raw(kept)
        return False
    before = tx.resource("CarePlan", kept.id)
    tx.put_plan(plan_record(tx, overlaid_plan(tx, raw), patient), kept)
    _say_again(tx, patient, now)
    mapped = form_mapping_of(decode(before.raw)) if before else {}
    return mapped != form_mapping_of(raw)


def take_practitioner(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a Practitioner. Raises BadElement."""
    reference, login, name = practitioner_of(raw)
    tx.put_practitioner(reference, login, name, kept)


def name_again(tx: Transaction, kind: str, logical_id: str, now: Instant) -> None:
    """Put a kept Patient or CarePlan once more, since names that it refers to are known now."""
    kept = tx.resource(kind, logical_id)
    if kept is None:
        return
    raw = decode(kept.raw)
    try:
        if kind == "Patient":
            take_patient(tx, raw, kept, now)
        else:
            take_plan(tx, raw, kept, now)
    except BadElement:
        tx.put_raw(kept)  # counted and logged when it came


def name_of(snapshot: Snapshot, reference: str | None) -> str | None:
    """The display name of `Practitioner/<id>`, where it is known."""
    return snapshot.practitioner_name(reference)


def _say_again(tx: Transaction, patient: str | None, now: Instant) -> None:
    kept = tx.resource("Patient", patient) if patient else None
    if kept is not None:
        name_again(tx, "Patient", kept.id, now)


def _person(tx: Transaction, raw: Raw, now: Instant) -> Person:
    found = person_of(raw)
    flags = (warning_of(decode(kept.raw)) for kept in tx.resources_of(found.id, "Flag"))
    record = tx.plan_record(found.id)
    return Person(
        id=found.id,
        name=found.name,
        birth_date=found.birth_date,
        sex=found.sex,
        national_id=found.national_id,
        phone=found.phone,
        language=found.language,
        next_of_kin=tuple(Contact(one.name, one.relationship, one.phone) for one in found.contacts),
        gp=found.gp_name or name_of(tx, found.gp),
        programme=record.title if record else None,
        warnings=tuple(flag.text for flag in flags if flag is not None and flag.stands(now)),
    )

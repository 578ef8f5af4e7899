"""What a patient tells by phone → a new Observation; and an Observation marked as wrong.

Source: http://hl7.org/fhir/R4/observation.html. The performer is the nurse who typed it in, and a second
category says that it was told, not measured by her: a device's reading and a told one can be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from fhir_r4 import systems
from fhir_r4.codes import CONSCIOUSNESS, ENGINE_TO_CODING
from fhir_r4.raw import Raw, members, text_at, uuid_identifier
from fhir_r4.references import relative, to
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.measures import UNITS
from threshold_engine.model import Instant

TOLD_BY_PHONE: Final = "told-by-phone"
WRONG: Final = "entered-in-error"
_OXYGEN_UNIT: Final = "L/min"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"

Amount: TypeAlias = Decimal | str
"""A number in the engine's unit, or the letter of NEWS2 for consciousness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReading:
    """A measurement as it was told."""

    patient: str
    performer: str
    """`Practitioner/<id>`: who typed it in."""
    measured: Instant
    issued: Instant
    """When it was typed in."""
    values: Sequence[tuple[str, Amount]]
    """Engine code and amount; several are the parts of a blood pressure."""


def told_reading(op: str, told: ToldReading) -> Raw:
    """A new Observation. `op`: the UUID of its identifier. Two values make a blood pressure panel."""
    raw: Raw = {
        "resourceType": "Observation",
        "identifier": [uuid_identifier(op)],
        "status": "final",
        "category": [
            {"coding": [{"system": _CATEGORY, "code": "vital-signs"}]},
            {"coding": [{"system": systems.READING_SOURCE, "code": TOLD_BY_PHONE}]},
        ],
        "subject": to(f"Patient/{told.patient}"),
        "effectiveDateTime": format_instant(told.measured),
        "issued": format_instant(told.issued),
        "performer": [to(told.performer)],
    }
    if len(told.values) == 1:
        code, amount = told.values[0]
        return {**raw, "code": _concept(code), **_value(code, amount)}
    panel = {"system": systems.LOINC, "code": systems.BLOOD_PRESSURE_PANELS[0]}
    raw["code"] = {"coding": [{**panel, "display": "Blood pressure panel"}]}
    raw["component"] = [{"code": _concept(code), **_value(code, amount)} for code, amount in told.values]
    return raw


def is_told(raw: Raw) -> bool:
    """Whether an Observation is what a patient told by phone."""
    return any(
        coding.get("system") == systems.READING_SOURCE and coding.get("code") == TOLD_BY_PHONE
        for concept in members(raw.get("category"))
        for coding in members(concept.get("coding"))
    )


@dataclass(frozen=True, slots=True)
class WrongNote:
    """Who marked a reading as wrong, when and why."""

    by: str | None
    """`Practitioner/<id>`."""
    at: Instant
    reason: str


def wrong_note(raw: Raw) -> WrongNote | None:
    """The note with which an Observation was marked as wrong; none where it wasn't, or nobody said why."""
    if raw.get("status") != WRONG:
        return None
    for note in reversed(list(members(raw.get("note")))):
        try:
            at = parse_instant(text_at(note, "time") or "")
        except ValueError:
            continue
        return WrongNote(relative(note, "authorReference"), at, text_at(note, "text") or "")
    return None


def marked_wrong(raw: Raw, reason: str, by: str, at: Instant) -> Raw:
    """A copy that is entered in error, the reason a note of whoever says so; all else as it was.

    Marking what is marked already changes nothing.
    """
    if raw.get("status") == WRONG:
        return raw
    note: Raw = {"authorReference": to(by), "time": format_instant(at), "text": reason}
    return {**raw, "status": WRONG, "note": [*members(raw.get("note")), note]}


def unit_of(code: str) -> str | None:
    """The UCUM unit in which an engine code is told; none for consciousness."""
    return _OXYGEN_UNIT if code == "oxygen" else UNITS.get(code)


def _concept(code: str) -> Raw:
    system, coded, display = ENGINE_TO_CODING[code]
    return {"coding": [{"system": system, "code": coded, "display": display}]}


def _value(code: str, amount: Amount) -> Raw:
    if isinstance(amount, str):
        finding = next(snomed for snomed, letter in CONSCIOUSNESS.items() if letter == amount)
        return {"valueCodeableConcept": {"coding": [{"system": systems.SNOMED, "code": finding}]}}
    unit = unit_of(code)
    return {"valueQuantity": {"value": amount, "unit": unit, "system": systems.UCUM, "code": unit}}

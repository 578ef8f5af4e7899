"""Observation → the engine's readings: one, or one for each part of a panel (docs/fhir.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems, units
from fhir_r4.codes import CONSCIOUSNESS, engine_code
from fhir_r4.raw import Raw
from fhir_r4.references import logical_id
from fhir_r4.resources import Concept, Identifier, Observation, Quantity, Value, read
from threshold_engine.instants import MINUTE, parse_instant
from threshold_engine.measures import UNITS, plausible_range
from threshold_engine.model import Instant
from threshold_engine.model import Value as Judged
from threshold_engine.readings import WITHDRAWN, Reading

AHEAD: Final = 10 * MINUTE
"""How far ahead of the judge's now a reading without `issued` may be dated."""

Comparator: TypeAlias = Literal["<", ">", "<=", ">="]
_COMPARATORS: Final[dict[str, Comparator]] = {"<": "<", ">": ">", "<=": "<=", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Unusable:
    """A reading that can't be judged rightly: work for a nurse if the plan watches its code."""

    reading: str
    """The id that the engine is, or would be, handed."""
    patient: str
    code: str
    why: Literal["time", "unit"]
    text: str
    """The time or amount as it was written: never shown unclean."""
    reference: str
    """`<type>/<id>` of the resource."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A reading with what the screens say beside it."""

    reading: Reading
    reference: str
    """`<type>/<id>` of the resource."""
    unit: str | None
    """UCUM of the value: the engine's where converted, else as it came."""
    comparator: Comparator | None
    display: str | None
    """What the sender calls the measure, for codes that the engine doesn't know."""


@dataclass(frozen=True, slots=True)
class Standing:
    """When and whose: what all the parts of a resource have in common."""

    patient: str
    effective: Instant | None
    """None where the time can't be used."""
    written: str
    """The time as it came."""
    received: Instant | None
    status: str
    reference: str


@dataclass(frozen=True, slots=True)
class Part:
    """One value that was measured or answered."""

    id: str
    code: str
    value: Value
    display: str | None = None


def readings_of(raw: Raw, *, judged_at: Instant) -> list[Reading | Unusable]:
    """What the engine is handed of an Observation, and what of it can't be used.

    `judged_at` is the judge's now. Empty where there is no value, no code or no patient. An amount of a code
    without plausible range whose unit can't be used gives both: the string is handed over, and the fault.

    Raises:
        BadElement: The resource isn't of FHIR's form.
    """
    return [
        found.reading if isinstance(found, Observed) else found
        for found in observed_of(raw, judged_at=judged_at)
    ]


def observed_of(raw: Raw, *, judged_at: Instant) -> list[Observed | Unusable]:
    """As `readings_of`, with units, comparators and displays for the screens."""
    observation = read(raw, Observation)
    patient = logical_id(observation.subject, "Patient")
    if patient is None:
        return []
    reference = f"Observation/{observation.id}"
    received = _instant(observation.issued)
    effective, written = _effective(observation)
    if effective is not None and received is None and effective > judged_at + AHEAD:
        effective = None
    # Who keeps many readings keeps the words that they share, and an instant that is both, only once.
    if received == effective:
        received = effective
    shared = intern(patient), intern(observation.status)
    standing = Standing(shared[0], effective, written, received, shared[1], reference)
    found: list[Observed | Unusable] = []
    for part in _parts(observation, _reading_id(observation.identifier, reference)):
        found += observed_part(part, standing)
    return found


def observed_part(part: Part, standing: Standing) -> Iterator[Observed | Unusable]:
    """One value as a reading, as a fault, or (an unusable unit where no range catches it) both."""
    judged = judged_value(part.code, part.value)
    if judged is None:
        return
    if standing.effective is None:
        if standing.status not in WITHDRAWN:
            yield Unusable(part.id, standing.patient, part.code, "time", standing.written, standing.reference)
        return
    reading = Reading(
        id=part.id,
        patient=standing.patient,
        code=part.code,
        value=judged,
        effective=standing.effective,
        received=standing.received,
        status=standing.status,
    )
    quantity = part.value.value_quantity
    converted = not isinstance(judged, str)
    unit = (quantity.code or quantity.unit) if quantity else None
    yield Observed(
        reading=reading,
        reference=standing.reference,
        unit=UNITS.get(part.code, unit) if converted else None,
        comparator=_COMPARATORS.get(quantity.comparator or "") if quantity and converted else None,
        display=part.display,
    )
    unit_lost = quantity is not None and isinstance(judged, str) and units.has_unit(part.code)
    if unit_lost and plausible_range(part.code) is None and not reading.withdrawn:
        yield Unusable(part.id, standing.patient, part.code, "unit", str(judged), standing.reference)


def judged_value(code: str, value: Value) -> Judged | None:
    """The value that the engine judges; none where there is none.

    A comparator counts as its limit. What can't be converted is a string, `180 [stone_av]`: implausible where
    the code has a range, never a guess.
    """
    quantity = value.value_quantity
    if quantity is not None:
        return _amount(code, quantity)
    if value.value_boolean is not None:
        return value.value_boolean
    number = value.value_decimal if value.value_integer is None else value.value_integer
    if number is not None:
        scaled = units.in_millionths(number)
        return str(number) if scaled is None else scaled
    concept = Concept((value.value_coding,)) if value.value_coding else value.value_codeable_concept
    return _coded(code, concept) if concept is not None else _worded(value)


def _amount(code: str, quantity: Quantity) -> Judged | None:
    if quantity.value is None:
        return None
    scaled = units.canonical(code, quantity)
    if scaled is None:
        return units.as_written(quantity)
    return scaled > 0 if code == "oxygen" else scaled


def _coded(code: str, concept: Concept) -> str | None:
    if code == "consciousness":
        for coding in concept.coding:
            letter = CONSCIOUSNESS.get(coding.code or "") if coding.system == systems.SNOMED else None
            if letter is not None:
                return letter
    return next((coding.code for coding in concept.coding if coding.code), concept.text or None)


def _worded(value: Value) -> str | None:
    """Text as it is; a word for kinds of values that no rule can judge, so that none is lost silently."""
    texts = (value.value_string, value.value_date_time, value.value_date, value.value_time, value.value_uri)
    referred = value.value_reference.reference if value.value_reference else None
    kinds = {
        "range": value.value_range,
        "ratio": value.value_ratio,
        "sampled data": value.value_sampled_data,
        "period": value.value_period,
    }
    unjudgeable = (kind for kind, found in kinds.items() if found)
    return next((text for text in (*texts, referred, *unjudgeable) if text), None)


def _parts(observation: Observation, reading_id: str) -> Iterator[Part]:
    whole = engine_code(observation.code.coding)
    if whole is not None and observation.data_absent_reason is None:
        yield Part(reading_id, whole, observation, _display(observation.code))
    for component in observation.component:
        code = engine_code(component.code.coding)
        if code is not None and component.data_absent_reason is None:
            yield Part(f"{reading_id}#{code}", code, component, _display(component.code))


def _display(concept: Concept) -> str | None:
    return concept.text or next((coding.display for coding in concept.coding if coding.display), None)


def _reading_id(identifiers: tuple[Identifier, ...], reference: str) -> str:
    for identifier in identifiers:
        if identifier.value:
            return f"{identifier.system or ''}|{identifier.value}"
    return reference


def _effective(observation: Observation) -> tuple[Instant | None, str]:
    """When it was measured (of a period its end), none where it can't be used, and how that was written."""
    period = observation.effective_period
    written = (
        observation.effective_date_time or observation.effective_instant or (period.end if period else None)
    )
    return _instant(written), written or ""


def _instant(text: str | None) -> Instant | None:
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        return None

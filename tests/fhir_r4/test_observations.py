"""Observations become what the engine is handed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fhir_r4.errors import BadElement
from fhir_r4.observations import Observed, Unusable, observed_of, readings_of
from fhir_r4.raw import Raw, decode
from threshold_engine.instants import parse_instant
from threshold_engine.readings import Reading

LOINC = "http://loinc.org"
SCT = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"


def observation(code: str = "59408-5", system: str = LOINC, **members: object) -> Raw:
    raw: Raw = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-03-03T08:51:00+01:00",
        "issued": "2026-03-03T08:52:00.5Z",
    }
    raw.update({name: value for name, value in members.items() if value is not None})
    for name, value in members.items():
        if value is None:
            raw.pop(name, None)
    return raw


def part(code: str, **members: object) -> Raw:
    return {"code": {"coding": [{"system": LOINC, "code": code}]}, **members}


def quantity(value: object, code: str | None, **members: object) -> Raw:
    coded: Raw = {} if code is None else {"system": UCUM, "code": code}
    return {"value": value, **coded, **members}


def only(found: list[Reading | Unusable]) -> Reading:
    assert len(found) == 1
    assert isinstance(found[0], Reading)
    return found[0]


def test_a_plain_reading(now: int) -> None:
    raw = observation(valueQuantity=quantity(86, "%"))
    assert readings_of(raw, judged_at=now) == [
        Reading(
            id="Observation/o1",
            patient="p1",
            code="spo2",
            value=86_000_000,
            effective=parse_instant("2026-03-03T07:51:00Z"),
            received=parse_instant("2026-03-03T08:52:00.5Z"),
        )
    ]


@pytest.mark.parametrize(
    ("code", "engine"),
    [
        ("2708-6", "spo2"),
        ("59408-5", "spo2"),
        ("8867-4", "pulse"),
        ("9279-1", "resp_rate"),
        ("8310-5", "temperature"),
        ("8331-1", "temperature"),
        ("8480-6", "bp_sys"),
        ("8462-4", "bp_dia"),
        ("29463-7", "weight"),
        ("15074-8", "glucose"),
        ("14743-9", "glucose"),
        ("2339-0", "glucose"),
        ("2345-7", "glucose"),
        ("41653-7", "glucose"),
        ("33452-4", "pef"),
        ("19935-6", "pef"),
        ("20150-9", "fev1"),
        ("3151-8", "oxygen"),
        ("2160-0", "loinc.org|2160-0"),
    ],
)
def test_loinc_codes(code: str, engine: str, now: int) -> None:
    assert only(readings_of(observation(code, valueInteger=1), judged_at=now)).code == engine


def test_known_code_is_found_among_any_others(now: int) -> None:
    raw = observation(valueQuantity=quantity(70, "/min"))
    raw["code"] = {
        "coding": [
            {"system": "urn:iso:std:iso:11073:10101", "code": "149546"},
            {"system": LOINC, "code": "8867-4"},
        ]
    }
    assert only(readings_of(raw, judged_at=now)).code == "pulse"


def test_unknown_code_keeps_the_last_segment_of_its_system(now: int) -> None:
    raw = observation(
        "6690-2", "http://example.org/codes/lab/", valueQuantity=quantity(Decimal("7.1"), "10*3/uL")
    )
    reading = only(readings_of(raw, judged_at=now))
    assert (reading.code, reading.value) == ("lab|6690-2", 7_100_000)


def test_first_identifier_names_the_reading(now: int) -> None:
    raw = observation(
        valueQuantity=quantity(86, "%"),
        identifier=[{"system": "urn:dev", "value": "m-1"}, {"system": "x", "value": "y"}],
    )
    assert only(readings_of(raw, judged_at=now)).id == "urn:dev|m-1"


@pytest.mark.parametrize("panel", ["85354-9", "55284-4"])
def test_blood_pressure_panel_is_two_readings(panel: str, now: int) -> None:
    raw = observation(
        panel,
        component=[
            {
                "code": {"coding": [{"system": LOINC, "code": "8480-6"}]},
                "valueQuantity": quantity(141, "mm[Hg]"),
            },
            {
                "code": {"coding": [{"system": LOINC, "code": "8462-4"}]},
                "valueQuantity": quantity(92, "MM[HG]"),
            },
        ],
    )
    found = readings_of(raw, judged_at=now)
    assert [(r.id, r.code, r.value) for r in found if isinstance(r, Reading)] == [
        ("Observation/o1#bp_sys", "bp_sys", 141_000_000),
        ("Observation/o1#bp_dia", "bp_dia", 92_000_000),
    ]


def test_part_of_a_panel_without_value_is_no_reading(now: int) -> None:
    absent = {"coding": [{"code": "error"}]}
    raw = observation(
        "85354-9",
        component=[
            {"code": {"coding": [{"system": LOINC, "code": "8480-6"}]}, "dataAbsentReason": absent},
            {
                "code": {"coding": [{"system": LOINC, "code": "8462-4"}]},
                "valueQuantity": quantity(92, "mm[Hg]"),
            },
        ],
    )
    assert only(readings_of(raw, judged_at=now)).code == "bp_dia"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("8310-5", quantity(100, "[degF]"), 37_777_778),
        ("8310-5", quantity(Decimal("37.9"), "CEL"), 37_900_000),
        ("8310-5", quantity(98, None, unit="°F"), 36_666_667),
        ("29463-7", quantity(180, "[lb_av]"), 81_646_627),
        ("29463-7", quantity(180, "[LB_AV]"), 81_646_627),
        ("29463-7", quantity(82300, "g"), 82_300_000),
        ("29463-7", quantity(Decimal("82.3"), None, unit="kg"), 82_300_000),
        ("2339-0", quantity(180, "mg/dL"), 9_991_119),
        ("2339-0", quantity(Decimal("5.5"), "mmol/l"), 5_500_000),
        ("33452-4", quantity(Decimal("6.5"), "L/s"), 390_000_000),
        ("8867-4", quantity(72, "{beats}/min"), 72_000_000),
        ("8867-4", quantity(72, None, unit="bpm"), 72_000_000),
        ("8480-6", quantity(120, None, unit="mmHg"), 120_000_000),
        ("59408-5", quantity(97, None, unit="%"), 97_000_000),
        ("29463-7", quantity(Decimal("82.0000005"), "kg"), 82_000_000),
        ("29463-7", quantity(Decimal("82.0000015"), "kg"), 82_000_002),
    ],
)
def test_units_are_converted_exactly(code: str, value: Raw, expected: int, now: int) -> None:
    assert only(readings_of(observation(code, valueQuantity=value), judged_at=now)).value == expected


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("29463-7", quantity(180, "[stone_av]"), "180 [stone_av]"),
        ("29463-7", quantity(Decimal("12.50"), "weird", unit="kg"), "12.50 weird"),
        ("29463-7", quantity(82, None), "82"),
        ("59408-5", quantity(Decimal("0.97"), "1"), "0.97 1"),
        ("8867-4", quantity(100, "mg/dL"), "100 mg/dL"),
        ("8867-4", quantity(Decimal("1E+999999"), "/min"), "1E+999999 /min"),
        ("8867-4", quantity(10**15, "/min"), "1000000000000000 /min"),
    ],
)
def test_what_cannot_be_converted_is_handed_over_as_written(
    code: str, value: Raw, expected: str, now: int
) -> None:
    assert only(readings_of(observation(code, valueQuantity=value), judged_at=now)).value == expected


def test_vanishing_number_is_zero_and_costs_nothing(now: int) -> None:
    raw = observation(valueQuantity=quantity(Decimal("1E-999999"), "%"))
    assert only(readings_of(raw, judged_at=now)).value == 0


def test_comparator_is_judged_as_its_limit_and_kept_for_the_screen(now: int) -> None:
    raw = observation("2339-0", valueQuantity=quantity(Decimal("33.3"), "mmol/L", comparator=">"))
    (found,) = observed_of(raw, judged_at=now)
    assert isinstance(found, Observed)
    assert (found.reading.value, found.comparator, found.unit) == (33_300_000, ">", "mmol/L")


@pytest.mark.parametrize(
    ("flow", "unit", "expected"), [(2, "L/min", True), (0, "L/min", False), (Decimal("0.5"), "l/min", True)]
)
def test_oxygen_is_whether_it_flows(flow: object, unit: str, *, expected: bool, now: int) -> None:
    raw = observation("3151-8", valueQuantity=quantity(flow, unit))
    assert only(readings_of(raw, judged_at=now)).value is expected


def test_unit_of_a_code_without_range_is_a_fault_beside_the_string(now: int) -> None:
    raw = observation("3151-8", valueQuantity=quantity(2, "[foo]"))
    reading, fault = readings_of(raw, judged_at=now)
    assert isinstance(reading, Reading)
    assert reading.value == "2 [foo]"
    assert fault == Unusable("Observation/o1", "p1", "oxygen", "unit", "2 [foo]", "Observation/o1")


@pytest.mark.parametrize(
    ("code", "letter"),
    [
        ("248234008", "A"),
        ("130987000", "C"),
        ("300202002", "V"),
        ("450847001", "P"),
        ("422768004", "U"),
        ("1", "1"),
    ],
)
def test_consciousness_by_its_finding(code: str, letter: str, now: int) -> None:
    raw = observation(
        "1104441000000107", SCT, valueCodeableConcept={"coding": [{"system": SCT, "code": code}]}
    )
    reading = only(readings_of(raw, judged_at=now))
    assert (reading.code, reading.value) == ("consciousness", letter)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"valueQuantity": {"unit": "%"}},
        {"dataAbsentReason": {"text": "x"}},
        {"valueQuantity": quantity(90, "%"), "dataAbsentReason": {"text": "x"}},
        {"valueQuantity": quantity(90, "%"), "subject": {"reference": "Group/1"}},
        {"valueQuantity": quantity(90, "%"), "subject": None},
    ],
)
def test_no_reading_without_value_code_or_patient(members: dict[str, object], now: int) -> None:
    assert readings_of(observation(**members), judged_at=now) == []


def test_no_reading_without_a_coded_measure(now: int) -> None:
    raw = observation(valueQuantity=quantity(90, "%"))
    raw["code"] = {"text": "SpO2"}
    assert readings_of(raw, judged_at=now) == []


@pytest.mark.parametrize(
    "members",
    [
        {"effectiveDateTime": "2026-03-03"},
        {"effectiveDateTime": "2026-03"},
        {"effectiveDateTime": None},
        {"effectiveDateTime": "2026-03-03T08:51:00"},
        {"effectiveDateTime": "2026-03-03T08:51Z"},
        {"effectiveDateTime": "2026-02-30T08:51:00Z"},
        {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-03-03T08:51:00Z"}},
        {"effectiveDateTime": "2099-01-01T00:00:00Z", "issued": None},
        {"effectiveDateTime": "2026-03-03T09:40:00.001Z", "issued": None},
    ],
)
def test_unusable_time_is_a_fault_and_not_judged(members: dict[str, object], now: int) -> None:
    (fault,) = readings_of(observation(valueQuantity=quantity(90, "%"), **members), judged_at=now)
    assert isinstance(fault, Unusable)
    assert (fault.why, fault.code, fault.reading) == ("time", "spo2", "Observation/o1")


def test_time_a_little_ahead_is_taken(now: int) -> None:
    raw = observation(valueQuantity=quantity(90, "%"), effectiveDateTime="2026-03-03T09:40:00Z", issued=None)
    reading = only(readings_of(raw, judged_at=now))
    assert reading.received is None


def test_dated_ahead_of_its_receiving_is_the_engines_to_judge(now: int) -> None:
    raw = observation(valueQuantity=quantity(90, "%"), effectiveDateTime="2099-01-01T00:00:00Z")
    assert only(readings_of(raw, judged_at=now)).effective == parse_instant("2099-01-01T00:00:00Z")


def test_end_of_a_period_is_when_it_was_measured(now: int) -> None:
    raw = observation(
        valueQuantity=quantity(90, "%"),
        effectiveDateTime=None,
        effectivePeriod={"start": "2026-03-03T06:00:00Z", "end": "2026-03-03T06:05:00Z"},
    )
    assert only(readings_of(raw, judged_at=now)).effective == parse_instant("2026-03-03T06:05:00Z")


def test_entered_in_error_is_handed_over_and_raises_no_fault(now: int) -> None:
    raw = observation(valueQuantity=quantity(90, "%"), status="entered-in-error")
    assert only(readings_of(raw, judged_at=now)).withdrawn
    raw["effectiveDateTime"] = "2026-03-03"
    assert readings_of(raw, judged_at=now) == []


def test_text_of_a_measured_code_stays_a_string(now: int) -> None:
    assert only(readings_of(observation(valueString="LO"), judged_at=now)).value == "LO"
    unjudgeable = observation(valueRange={"low": {"value": 1}})
    assert only(readings_of(unjudgeable, judged_at=now)).value == "range"


@pytest.mark.parametrize("value", ['"86"', "true", "[1]", "{}"])
def test_value_of_another_type_is_a_typed_error(value: str, now: int) -> None:
    raw = decode(f'{{"resourceType":"Observation","id":"o1","valueQuantity":{{"value":{value}}}}}'.encode())
    with pytest.raises(BadElement, match=r"^Observation/o1: Observation\.valueQuantity\.value: "):
        readings_of(raw, judged_at=now)

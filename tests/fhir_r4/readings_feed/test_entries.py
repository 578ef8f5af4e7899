"""What of an Observation travels in columns, and what as it is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fhir_r4.observations import observed_of
from fhir_r4.raw import Raw, encode
from fhir_r4.readings_feed import Odd, Page, Plain, decode, entry_of, observed_in
from fhir_r4.readings_feed import encode as page_of
from threshold_engine.instants import parse_instant

AT = "2026-03-03T07:00:00Z"
UPDATED = parse_instant("2026-03-03T08:00:00Z")


def observation(**members: object) -> Raw:
    raw: Raw = {
        "resourceType": "Observation",
        "id": "o-1",
        "meta": {"versionId": "3", "lastUpdated": "2026-03-03T08:00:00.000001Z"},
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5", "display": "SpO2"}]},
        "subject": {"reference": "Patient/p-1"},
        "effectiveDateTime": AT,
        "issued": AT,
        "valueQuantity": {"value": 93, "system": "http://unitsofmeasure.org", "code": "%"},
        **members,
    }
    return {name: value for name, value in raw.items() if value is not None}


def sent(raw: Raw, *, with_id: bool = True) -> Plain | Odd:
    """What the other side gets of an Observation."""
    entry = entry_of(raw, encode(raw), handle=7, version=3, updated=UPDATED, with_id=with_id)
    (got,) = decode(page_of(Page((entry,), "", False))).entries
    assert isinstance(got, Plain | Odd)
    return got


LOINC = "http://loinc.org"
PANEL = [
    {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "valueQuantity": {"value": value, "code": "mm[Hg]"},
    }
    for code, value in (("8480-6", 140), ("8462-4", Decimal("90.5")))
]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"identifier": [{"system": "http://device", "value": "MSG-0042"}]},
        {"identifier": [{"value": "no system"}]},
        {"issued": None},
        {"issued": "2026-03-03T06:59:00+01:00"},
        {"status": "entered-in-error"},
        {
            "code": {"coding": [{"system": LOINC, "code": "85354-9"}]},
            "valueQuantity": None,
            "component": PANEL,
        },
        {"valueQuantity": {"value": 30, "comparator": "<", "code": "%"}},
        {"valueQuantity": {"value": 30, "code": "[stone_av]"}},
        {"valueQuantity": {"value": 10**14, "code": "%"}},
        {"code": {"text": "Hb", "coding": [{"system": "urn:lab", "code": "x|1"}]}},
        {"valueQuantity": None, "valueString": "sure, 93"},
        {
            "valueQuantity": None,
            "valueBoolean": True,
            "code": {"coding": [{"code": "falt", "system": "s/f"}]},
        },
        {"effectiveDateTime": None, "effectivePeriod": {"start": AT, "end": "2026-03-03T07:30:00Z"}},
        {"derivedFrom": [{"reference": "QuestionnaireResponse/1"}]},
        {"performer": [{"reference": "Practitioner/x"}], "device": {"display": "Nonin"}},
    ],
)
def test_readings_come_out_as_search_would_give_them(members: Raw) -> None:
    raw = observation(**members)

    entry = sent(raw)

    assert isinstance(entry, Plain)
    assert list(observed_in(entry)) == observed_of(raw, judged_at=UPDATED)
    assert (entry.handle, entry.id, entry.version) == (7, "o-1", 3)


@pytest.mark.parametrize(
    "members",
    [
        {"note": [{"text": "Målt etter trapp"}]},
        {"dataAbsentReason": {"text": "ukjent"}},
        {"valueQuantity": None},
        {"effectiveDateTime": "2026-03-03"},
        {"effectiveDateTime": None},
        {"subject": {"identifier": {"system": "s", "value": "1"}}},
        {"interpretation": [{"text": "H"}]},
        {"extension": [{"url": "http://x", "valueString": "y"}]},
        {"valueQuantity": {"value": "not a number"}},
        {"issued": None, "effectiveDateTime": "2026-03-03T08:05:00Z"},
        {"code": {"coding": [{"code": "85354-9", "system": LOINC}]}, "component": PANEL * 101},
        {"component": [{"code": {"coding": [{"code": "c" * 300, "system": "s"}]}, "valueInteger": 1}]},
    ],
)
def test_what_says_more_than_its_readings_travels_as_it_is(members: Raw) -> None:
    raw = observation(**members)

    assert sent(raw) == Odd(7, encode(raw))


def test_an_id_is_left_out_only_where_the_readings_ids_dont_need_it() -> None:
    by_message = sent(observation(identifier=[{"system": "s", "value": "1"}]), with_id=False)
    by_id = sent(observation(), with_id=False)

    assert isinstance(by_message, Plain)
    assert isinstance(by_id, Plain)
    assert (by_message.id, [one.reading.id for one in observed_in(by_message)]) == (None, ["s|1"])
    assert (by_id.id, [one.reading.id for one in observed_in(by_id)]) == ("o-1", ["Observation/o-1"])

"""Older readings of one patient, fetched when somebody looks at her."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_r4.raw import Raw
from threshold_engine import format_instant
from triage_tui.sync.history import fetch_history

Make = Callable[..., Any]
NOW = 1_772_526_660_000
DAY = 86_400_000


def weight(number: int, kilos: int, days_ago: int, loinc: str = "29463-7") -> Raw:
    return {
        "resourceType": "Observation",
        "id": f"w{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": format_instant(NOW - days_ago * DAY),
        "valueQuantity": {"value": kilos, "system": "http://unitsofmeasure.org", "code": "kg"},
    }


def cached(console: Any) -> dict[str, list[int]]:
    with console.store.read() as snapshot:
        found: dict[str, list[int]] = {}
        for reading in snapshot.readings_of("p1"):
            found.setdefault(reading.code, []).append(reading.value // 1_000_000)
    return found


def test_newest_of_each_code_is_fetched_however_old(console: Make, centre: Any) -> None:
    old = [weight(number, 80 + number, 200 + 100 * number) for number in range(3)]
    centre.put(*old, weight(9, 97, 400, "59408-5"))
    kari = console()
    kari.sync()
    assert "weight" not in cached(kari)

    with kari.client() as client:
        put = fetch_history(kari.store, client, "p1", now=NOW)

    assert put == 1
    assert cached(kari)["weight"] == [80]
    assert cached(kari)["spo2"] == [86]  # a newer one is cached already


def test_days_asked_for_come_in_full_and_once(console: Make, centre: Any) -> None:
    centre.put(*(weight(number, 80, 100 + number) for number in range(250)))
    kari = console()
    kari.sync()
    with kari.client() as client:
        put = fetch_history(kari.store, client, "p1", now=NOW, since=NOW - 320 * DAY)
        before = client.requests
        again = fetch_history(kari.store, client, "p1", now=NOW, since=NOW - 200 * DAY)
        asked = client.requests - before

    assert put == 221
    assert len(cached(kari)["weight"]) == 221
    assert (again, asked) == (0, 0)


def test_form_answers_are_fetched_too(console: Make, centre: Any) -> None:
    form = {
        "resourceType": "QuestionnaireResponse",
        "id": "f1",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/kols",
        "subject": {"reference": "Patient/p1"},
        "authored": format_instant(NOW - 300 * DAY),
        "item": [{"linkId": "1", "answer": [{"valueInteger": 3}]}],
    }
    centre.put(form)
    kari = console()
    kari.sync()

    with kari.client() as client:
        fetch_history(kari.store, client, "p1", now=NOW)

    assert cached(kari)["kols/1"] == [3]

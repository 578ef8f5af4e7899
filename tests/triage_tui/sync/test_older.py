"""What is older than 90 days comes when it is asked for, and only of the patient it is asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fhir_r4 import communications
from fhir_r4.client_errors import ServerUnreachable
from fhir_r4.raw import Raw
from threshold_engine import format_instant
from triage_tui.chart.read import read_chart
from triage_tui.sync.older import fetch_older

Make = Callable[..., Any]
NOW = 1_772_526_660_000
DAY = 86_400_000


def form(number: int, patient: str, days_ago: int) -> Raw:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"f{number}",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/copd-daily",
        "subject": {"reference": f"Patient/{patient}"},
        "authored": format_instant(NOW - days_ago * DAY),
        "item": [{"linkId": "breathlessness", "answer": [{"valueBoolean": True}]}],
    }


def message(number: int, days_ago: int) -> Raw:
    op = f"00000000-0000-4000-8000-{number:012d}"
    at = NOW - days_ago * DAY
    raw = communications.message(op, patient="p1", author="Patient/p1", at=at, text="hei")
    return {**raw, "id": f"c{number}"}


def test_forms_and_messages_of_the_years_asked_for_are_fetched_once(console: Make, centre: Any) -> None:
    centre.put(form(1, "p1", 10), form(2, "p1", 200), form(3, "p1", 900), form(4, "p2", 200), message(1, 300))
    kari = console()
    kari.sync()
    assert len(read_chart(kari.store, "p1", NOW).forms) == 1

    with kari.client() as client:
        first = fetch_older(kari.store, client, "p1", now=NOW, since=NOW - 455 * DAY)
        again = fetch_older(kari.store, client, "p1", now=NOW, since=NOW - 455 * DAY)

    chart = read_chart(kari.store, "p1", NOW)
    assert [one.id for one in chart.forms] == ["QuestionnaireResponse/f1", "QuestionnaireResponse/f2"]
    assert [one.text for one in chart.thread] == ["hei"]
    assert first > 0
    assert again == 0
    assert read_chart(kari.store, "p2", NOW).forms == ()


def test_without_a_link_it_fails_and_what_is_cached_stays(console: Make, centre: Any) -> None:
    centre.put(form(1, "p1", 10))
    kari = console()
    kari.sync()
    kari.url = "http://127.0.0.1:9/fhir"
    with kari.client() as client, pytest.raises(ServerUnreachable):
        fetch_older(kari.store, client, "p1", now=NOW, since=NOW - 455 * DAY)
    assert len(read_chart(kari.store, "p1", NOW).forms) == 1

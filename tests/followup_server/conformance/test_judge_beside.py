"""The judge beside a FHIR server that isn't ours: a red reading becomes an alert and work there, once."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from fhir_r4.beside.lease import Lease
from fhir_r4.beside.rounds import Rounds
from fhir_r4.care_plans import care_plan
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from threshold_engine import format_instant
from work_items import Centre

MINUTE = 60_000
RULE = {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88}


def clock() -> int:
    return time.time_ns() // 1_000_000


def spo2(patient: str, value: int, minutes_ago: int) -> Raw:
    at = format_instant(clock() - minutes_ago * MINUTE)
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": patient},
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "%"},
    }


@pytest.mark.slow
def test_a_red_reading_becomes_an_alert_and_work_there(medplum: str) -> None:
    with FhirClient(medplum, authorization=None, timeout=20, clock=clock) as client:
        patient = client.create({"resourceType": "Patient"}).reference
        version = {"version": 1, "valid_from": format_instant(clock() - 1000 * MINUTE), "rules": [RULE]}
        client.create(care_plan(patient.partition("/")[2], {"versions": [version]}, title="Kols"))
        client.create(spo2(patient, 90, 30))
        lease = Lease(client, "a", 60, client.server_now, time.monotonic)
        rounds = Rounds(client, lease, Centre(), client.server_now, time.monotonic)

        assert rounds.round()
        first = (rounds.report.judged, rounds.report.written, dict(rounds.report.failures))
        assert rounds.round()
        idle = rounds.report.judged
        client.create(spo2(patient, 86, 5))
        assert rounds.round()
        lease.give_back()

        task: Any
        issue: Any
        (task,), (issue,) = (client.search(kind).resources for kind in ("Task", "DetectedIssue"))
    assert (first, idle) == ((1, 2, {}), 0)
    assert (task["priority"], task["status"]) == ("stat", "requested")
    assert task["focus"]["reference"] == f"DetectedIssue/{issue['id']}"
    assert (issue["severity"], issue["status"]) == ("high", "preliminary")
    again = httpx.get(f"{medplum}/Basic?code=judge-lease", trust_env=False).json()
    assert len(again["entry"]) == 1

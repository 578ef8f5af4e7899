"""Every error is an OperationOutcome that names what is at fault and leaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from followup_server.http import fhir_endpoint
from tests.followup_server.conftest import told

Made = Callable[..., dict[str, Any]]
SECRET = "Hemmelig"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "http://127.0.0.1/", 404, "not-found"),
        ("GET", "http://127.0.0.1/fhirx/Patient", 404, "not-found"),
        ("GET", "/Nothing", 404, "not-found"),
        ("GET", "/Parameters", 404, "not-found"),
        ("GET", "/Patient/1/2/3/4", 404, "not-found"),
        ("GET", "/Patient/a_b", 404, "not-found"),
        ("GET", "/Patient/unknown", 404, "not-found"),
        ("GET", "/Patient/unknown/_history", 404, "not-found"),
        ("GET", "/Patient/unknown/_history/1", 404, "not-found"),
        ("GET", "/Practitioner/demo-kari/_history/9", 404, "not-found"),
        ("GET", "/Practitioner/demo-kari/_history/x", 404, "not-found"),
        ("GET", "/$everything", 404, "not-found"),
        ("PATCH", "/Patient", 405, "not-supported"),
        ("PUT", "/Patient", 400, "structure"),
        ("DELETE", "/Patient", 405, "not-supported"),
        ("POST", "/Patient/1", 405, "not-supported"),
        ("POST", "/metadata", 405, "not-supported"),
        ("GET", "", 400, "not-supported"),
        ("OPTIONS", "/Patient", 405, "not-supported"),
        ("GET", "/Practitioner/demo-kari?colour=red", 400, "not-supported"),
        ("GET", "/Patient/_history?_since=soon", 400, "not-supported"),
        ("GET", "/Patient?_format=xml", 406, "not-supported"),
    ],
)
def test_addresses_and_methods_that_lead_nowhere(
    shared: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    issue = told(shared.request(method, path), status, code)
    assert issue["severity"] == "error"


def test_405_says_what_is_possible(shared: httpx.Client) -> None:
    assert shared.post("/Patient/1", json={}).headers["allow"] == "DELETE, GET, PATCH, PUT"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "structure"),
        (b"{", "structure"),
        (b"[]", "structure"),
        (b'{"resourceType":"Patient","x":NaN}', "structure"),
        (b'{"resourceType":"Patient","x":"\xff"}', "structure"),
        (b'{"a":' * 100_000, "structure"),
        (b"{}", "invalid"),
        (b'{"resourceType":7}', "invalid"),
        (b'{"resourceType":"Observation","status":"final","code":{}}', "invalid"),
    ],
)
def test_bodies_that_are_no_such_resource(shared: httpx.Client, body: bytes, code: str) -> None:
    told(shared.post("/Patient", content=body, headers={"Content-Type": "application/fhir+json"}), 400, code)


@pytest.mark.parametrize(
    ("members", "element"),
    [
        ({"status": "finale"}, "Observation.status"),
        ({"status": None}, "Observation.status"),
        ({"status": ["final"]}, "Observation.status"),
        ({"code": "59408-5"}, "Observation.code"),
        ({"code": {}}, "Observation.code"),
        ({"effectiveDateTime": "2026-02-30T10:00:00Z"}, "Observation.effectiveDateTime"),
        ({"effectiveDateTime": "2026-02-03T25:00:00Z"}, "Observation.effectiveDateTime"),
        ({"effectiveDateTime": "2026-02-03T10:00Z"}, "Observation.effectiveDateTime"),
        ({"effectiveDateTime": "i går"}, "Observation.effectiveDateTime"),
        ({"effectiveDateTime": 20260203}, "Observation.effectiveDateTime"),
        ({"effectivePeriod": {"start": "x"}}, "Observation.effectivePeriod.start"),
        ({"issued": "2026-02-03"}, "Observation.issued"),
        ({"issued": "2026-02-03T10:00:00"}, "Observation.issued"),
        ({"subject": {"reference": SECRET}}, "Observation.subject.reference"),
        ({"subject": {"reference": "Person 1"}}, "Observation.subject.reference"),
        ({"performer": [{"reference": "Nurse/1"}]}, "Observation.performer.reference"),
        ({"subject": SECRET}, "Observation.subject"),
        ({"valueQuantity": {"value": "93"}}, "Observation.valueQuantity.value"),
        ({"component": [{"valueQuantity": {"value": True}}]}, "Observation.component.valueQuantity.value"),
        ({"identifier": ["x"]}, "Observation.identifier"),
        ({"identifier": [{"value": 1}]}, "Observation.identifier.value"),
        ({"meta": []}, "Observation.meta"),
        ({"id": "a b"}, "Observation.id"),
    ],
)
def test_element_at_fault_is_named_and_its_content_isnt(
    shared: httpx.Client, observation: Made, members: dict[str, Any], element: str
) -> None:
    response = shared.post("/Observation", json={**observation(), **members})

    issue = told(response, 400, "invalid")
    assert issue["expression"] == [element]
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("type_name", "members", "element"),
    [
        ("Task", {"status": "done", "intent": "order"}, "Task.status"),
        ("Task", {"status": "requested"}, "Task.intent"),
        (
            "Task",
            {"status": "requested", "intent": "order", "restriction": {"period": {"end": "x"}}},
            "Task.restriction.period.end",
        ),
        ("CarePlan", {"status": "active", "intent": "plan"}, "CarePlan.subject"),
        ("Patient", {"birthDate": "1950-01-01T00:00:00Z"}, "Patient.birthDate"),
        ("Patient", {"gender": "f"}, "Patient.gender"),
        ("Communication", {"status": "sent"}, "Communication.status"),
        ("Communication", {"status": "completed", "sent": "x"}, "Communication.sent"),
        ("DetectedIssue", {"status": "final", "severity": "red"}, "DetectedIssue.severity"),
        ("ServiceRequest", {"status": "active", "intent": "want"}, "ServiceRequest.intent"),
        ("AuditEvent", {"type": {"code": "x"}, "agent": [{}], "source": {"a": 1}}, "AuditEvent.recorded"),
    ],
)
def test_each_type_has_its_rules(
    shared: httpx.Client, type_name: str, members: dict[str, Any], element: str
) -> None:
    response = shared.post(f"/{type_name}", json={"resourceType": type_name, **members})

    assert told(response, 400, "invalid")["expression"] == [element]


@pytest.mark.parametrize("at", ["2026-02-03T10:00:00", "2026-02-03", "2026-02", "2026-02-03T10:00:60Z"])
def test_a_time_that_the_judge_cant_use_is_let_in(shared: httpx.Client, observation: Made, at: str) -> None:
    assert shared.post("/Observation", json={**observation(), "effectiveDateTime": at}).status_code == 201


def test_types_without_rules_of_ours_are_kept(shared: httpx.Client) -> None:
    encounter = {"resourceType": "Encounter", "status": "finished", "subject": {"reference": "Patient/e-1"}}
    assert shared.post("/Encounter", json=encounter).status_code == 201
    assert shared.get("/Encounter?patient=e-1&status=finished").json()["total"] == 1


def test_formats_that_we_neither_read_nor_write(shared: httpx.Client) -> None:
    xml = {"Content-Type": "application/fhir+xml"}
    told(shared.post("/Patient", content=b"<Patient/>", headers=xml), 415, "not-supported")
    told(shared.get("/Patient", headers={"Accept": "application/fhir+xml"}), 406, "not-supported")
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    told(shared.post("/Patient", content=b"x", headers=packed), 415, "not-supported")
    told(shared.post("/Patient/_search", json={}), 415, "not-supported")
    both = {"Accept": "text/html, application/json;q=0.9"}
    assert shared.get("/Patient", headers=both).status_code == 200


def test_if_match_and_if_none_exist_have_a_form(shared: httpx.Client) -> None:
    patient = {"resourceType": "Patient", "id": "p-9"}
    told(shared.put("/Patient/p-9", json=patient, headers={"If-Match": "3"}), 400, "invalid")
    told(shared.put("/Patient/p-9", json=patient, headers={"If-Match": 'W/"1"'}), 412, "conflict")
    for condition in (
        "",
        "?",
        "colour=red",
        "_count=1",
        "_format=json",
        "_include:iterate=Patient:organization",
    ):
        header = {"If-None-Exist": condition}
        told(shared.post("/Patient", json=patient, headers=header), 400, "not-supported")
        told(shared.put(f"/Patient?{condition}", json=patient), 400, "not-supported")


def test_a_fault_of_our_own_leaks_nothing(
    login: Callable[[str], httpx.Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(fhir_endpoint, "answer", broken)
    response = login("kari").get("/Patient")

    told(response, 500, "exception")
    assert SECRET not in response.text + caplog.text
    assert "RuntimeError at" in caplog.text

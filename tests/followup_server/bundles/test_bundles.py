"""Batches and transactions."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle

from tests.followup_server.conformance.visit import entry

Made = Callable[..., dict[str, Any]]


def post(client: httpx.Client, kind: str, *entries: dict[str, Any], **headers: str) -> httpx.Response:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    response = client.post("http://127.0.0.1/fhir", json=bundle, headers=headers)
    if response.status_code == 200:
        Bundle.model_validate_json(response.content)
        assert response.json()["type"] == f"{kind}-response"
    return response


def statuses(response: httpx.Response) -> list[str]:
    return [one["response"]["status"].partition(" ")[0] for one in response.json()["entry"]]


def patient(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", **members}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """The Binary that a bundle carries a JSON Patch in."""
    data = base64.b64encode(json.dumps(operations).encode()).decode()
    return {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}


def test_batch_entries_succeed_and_fail_each_by_itself(kari: httpx.Client) -> None:
    answered = post(
        kari,
        "batch",
        entry("PUT", "Patient/p-1", patient(id="p-1")),
        entry("POST", "Patient", patient(gender="x")),
        entry("GET", "Patient/p-1"),
        entry("GET", "Patient/none"),
        entry("GET", "Patient?_id=p-1"),
        entry("PUT", "Patient/p-1", patient(id="p-1"), ifMatch='W/"7"'),
        entry("DELETE", "Patient/p-1"),
        entry("PATCH", "Patient/p-1"),
        entry("GET", "Patient/p-1", ifNoneMatch='W/"9"'),
        {"resource": patient()},
    )

    assert statuses(answered) == ["201", "400", "200", "404", "200", "412", "204", "400", "410", "400"]
    entries = answered.json()["entry"]
    assert entries[0]["response"]["etag"] == 'W/"1"'
    assert entries[0]["response"]["location"].endswith("/Patient/p-1/_history/1")
    assert entries[1]["response"]["outcome"]["issue"][0]["expression"] == ["Patient.gender"]
    assert entries[2]["resource"]["id"] == "p-1"
    assert entries[4]["resource"]["type"] == "searchset"


def test_batch_creates_only_once_by_condition(kari: httpx.Client) -> None:
    raw = patient(identifier=[{"system": "s", "value": "1"}])
    conditional = entry("POST", "Patient", raw, ifNoneExist="identifier=s|1")

    answered = post(kari, "batch", conditional, conditional, Prefer="return=representation")

    assert statuses(answered) == ["201", "200"]
    first, second = (one["resource"]["id"] for one in answered.json()["entry"])
    assert first == second


def test_transaction_resolves_references_between_its_entries(kari: httpx.Client, observation: Made) -> None:
    urn, other = f"urn:uuid:{uuid.uuid4()}", f"urn:uuid:{uuid.uuid4()}"
    known = [{"system": "urn:ietf:rfc:3986", "value": urn}]
    answered = post(
        kari,
        "transaction",
        entry("POST", "Observation", observation(subject={"reference": urn}), other),
        entry("POST", "Patient", patient(identifier=known), urn),
        entry("GET", "Observation?_include=Observation:patient"),
    )

    assert statuses(answered) == ["201", "201", "200"]
    found = [one["resource"] for one in answered.json()["entry"][2]["resource"]["entry"]]
    assert found[0]["subject"]["reference"] == f"Patient/{found[1]['id']}"
    assert found[1]["identifier"] == known, "only references are resolved"


def test_transaction_refers_to_what_a_condition_finds(kari: httpx.Client, observation: Made) -> None:
    kari.put("/Patient/p-1", json=patient(id="p-1", identifier=[{"system": "s", "value": "1"}]))
    urn = f"urn:uuid:{uuid.uuid4()}"
    answered = post(
        kari,
        "transaction",
        entry("POST", "Patient", patient(), urn, ifNoneExist="identifier=s|1"),
        entry("PUT", "Observation/o-1", observation(id="o-1", subject={"reference": urn})),
        entry(
            "PUT",
            "Observation/o-2",
            observation(id="o-2", subject={"reference": "Patient?identifier=s|1"}),
        ),
    )

    assert statuses(answered) == ["200", "201", "201"]
    assert kari.get("/Observation?patient=p-1").json()["total"] == 2


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (entry("POST", "Patient", patient(gender="x")), 400),
        (entry("PUT", "Patient/p-2", patient(id="p-2"), ifMatch='W/"5"'), 412),
        (entry("DELETE", "Patient/none"), 404),
        (entry("PUT", "Patient/p-1", patient(id="p-1")), 400),
        (entry("DELETE", "Patient?identifier=1"), 405),
        (entry("PUT", "Patient", patient()), 405),
        (entry("PATCH", "Patient/none", patch({"op": "add", "path": "/gender", "value": "male"})), 404),
        (entry("PATCH", "Practitioner/demo-kari", patch({"op": "add", "path": "/x/y", "value": 1})), 409),
        (entry("PATCH", "Practitioner/demo-kari", patch({"op": "add", "path": "/gender", "value": 1})), 422),
        (entry("PATCH", "Practitioner/demo-kari", patient()), 400),
        (entry("POST", "Flag", {"resourceType": "Flag"}), 400),
        (entry("POST", "Nothing", {"resourceType": "Nothing"}), 400),
        (
            entry("PUT", "Group/g", {"resourceType": "Group", "id": "g", "x": {"reference": "urn:uuid:1"}}),
            400,
        ),
        (
            entry(
                "PUT", "Group/g", {"resourceType": "Group", "id": "g", "x": {"reference": "Patient?_id=9"}}
            ),
            404,
        ),
    ],
)
def test_transaction_is_all_or_nothing(kari: httpx.Client, bad: dict[str, Any], status: int) -> None:
    before = kari.get("/_history").content

    refused = post(kari, "transaction", entry("PUT", "Patient/p-1", patient(id="p-1")), bad)

    assert refused.status_code == status, refused.text
    assert refused.json()["resourceType"] == "OperationOutcome"
    assert kari.get("/_history").content == before
    assert kari.get("/Patient/p-1").status_code == 404


def test_transaction_deletes_first_and_reads_last(kari: httpx.Client) -> None:
    raw = patient(identifier=[{"system": "s", "value": "1"}])
    kari.put("/Patient/p-1", json={**raw, "id": "p-1"})

    answered = post(
        kari,
        "transaction",
        entry("GET", "Patient?_summary=count"),
        entry("PUT", "Patient/p-3", patient(id="p-3")),
        entry("POST", "Patient", patient()),
        entry("DELETE", "Patient/p-1"),
    )

    assert statuses(answered) == ["200", "201", "201", "204"]
    assert answered.json()["entry"][0]["resource"]["total"] == 2


@pytest.mark.parametrize(("url", "status"), [("Patient/none", 404), ("Patient?colour=red", 400)])
def test_transaction_with_a_read_that_fails_writes_nothing(kari: httpx.Client, url: str, status: int) -> None:
    answered = post(kari, "transaction", entry("POST", "Patient", patient()), entry("GET", url))

    assert (answered.status_code, answered.json()["resourceType"]) == (status, "OperationOutcome")
    assert kari.get("/Patient").json()["total"] == 0


def test_transaction_tells_of_a_read_of_what_it_deleted_by_itself(kari: httpx.Client) -> None:
    kari.put("/Patient/p-1", json=patient(id="p-1"))

    answered = post(kari, "transaction", entry("GET", "Patient/p-1"), entry("DELETE", "Patient/p-1"))

    assert statuses(answered) == ["410", "204"]


def test_two_entries_that_would_create_one_resource_are_refused(kari: httpx.Client) -> None:
    raw = patient(identifier=[{"system": "s", "value": "1"}])
    twice = entry("POST", "Patient", raw, ifNoneExist="identifier=s|1")

    assert post(kari, "transaction", twice, twice).status_code == 412
    assert kari.get("/Patient").json()["total"] == 0


@pytest.mark.parametrize(
    "bundle",
    [
        {"resourceType": "Patient"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "type": "searchset"},
        {"resourceType": "Bundle", "type": "batch", "entry": {}},
        {"resourceType": "Bundle", "type": "batch", "entry": [1]},
        {"resourceType": "Bundle", "type": "transaction", "entry": [{}]},
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [{"request": {"method": "POST", "url": "x"}}],
        },
    ],
)
def test_bundles_of_no_use_are_refused(kari: httpx.Client, bundle: dict[str, Any]) -> None:
    refused = kari.post("http://127.0.0.1/fhir/", json=bundle)
    assert refused.status_code == 400, refused.text


def test_empty_batch_has_an_empty_answer(kari: httpx.Client) -> None:
    assert post(kari, "batch").json() == {"resourceType": "Bundle", "type": "batch-response"}

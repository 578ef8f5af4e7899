"""What the server says of itself."""

from __future__ import annotations

import gzip

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement


def test_capability_statement_is_valid_and_true(shared: httpx.Client) -> None:
    response = shared.get("/metadata", headers={"Authorization": ""})

    statement = CapabilityStatement.model_validate_json(response.content)
    assert statement.fhirVersion == "4.0.1"
    rest = response.json()["rest"][0]
    assert {one["code"] for one in rest["interaction"]} == {"transaction", "batch", "history-system"}
    task = next(resource for resource in rest["resource"] if resource["type"] == "Task")
    assert (task["conditionalCreate"], task["updateCreate"], task["readHistory"]) == (True, True, True)
    for param in task["searchParam"]:
        value = "2026-01-01" if param["type"] == "date" else "x"
        assert shared.get(f"/Task?{param['name']}={value}").status_code == 200, param
    for include in task["searchInclude"]:
        assert shared.get(f"/Task?_include={include}").status_code == 200, include


def test_answers_are_compressed_for_who_asks(shared: httpx.Client) -> None:
    with shared.stream("GET", "/metadata", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert len(raw) * 10 < len(gzip.decompress(raw))
    plain = shared.get("/metadata", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path",
    [
        "/Practitioner",
        "/Practitioner?_summary=count",
        "/Practitioner?_elements=id",
        "/PractitionerRole?_include=PractitionerRole:practitioner",
        "/Patient",
        "/Practitioner/_history?_count=2",
        "/Practitioner/demo-kari/_history",
        "/_history?_since=2026-01-01",
    ],
)
def test_bundles_are_valid(shared: httpx.Client, path: str) -> None:
    response = shared.get(path)

    assert response.status_code == 200
    Bundle.model_validate_json(response.content)

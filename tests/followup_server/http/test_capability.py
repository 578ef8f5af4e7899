"""What the server says of itself."""

from __future__ import annotations

import gzip
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from followup_server.search.params import DESCRIBED_TYPES

SOME_TYPES = sorted(DESCRIBED_TYPES | {"Basic", "Group"})
SENT = {"token": "a|b", "date": "2026-01-01", "reference": "a/b", "string": "x", "uri": "urn:x"}
ROOT = "http://127.0.0.1/fhir"


@pytest.fixture(scope="module")
def rest(shared: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = shared.get("/metadata").json()["rest"][0]
    return found


def declared(rest: dict[str, Any], type_name: str) -> dict[str, Any]:
    (found,) = [one for one in rest["resource"] if one["type"] == type_name]
    return dict(found)


def test_capability_statement_needs_no_login_and_is_valid(shared: httpx.Client) -> None:
    response = shared.get("/metadata", headers={"Authorization": ""})

    statement = CapabilityStatement.model_validate_json(response.content)
    assert statement.fhirVersion == "4.0.1"


def test_what_is_said_of_the_whole_server_is_true(shared: httpx.Client, rest: dict[str, Any]) -> None:
    assert {one["code"] for one in rest["interaction"]} == {
        "transaction",
        "batch",
        "history-system",
        "search-system",
    }
    for kind in ("transaction", "batch"):
        assert shared.post(ROOT, json={"resourceType": "Bundle", "type": kind}).status_code == 200
    assert shared.get("/_history").status_code == 200
    assert [one["name"] for one in rest["operation"]] == ["readings"]
    assert shared.get("/$readings").status_code == 200
    for param in rest["searchParam"]:
        asked = {"_type": ",".join(SOME_TYPES), param["name"]: SENT[param["type"]]}
        assert shared.get("/", params=asked).status_code == 200, param


@pytest.mark.parametrize("type_name", SOME_TYPES)
def test_each_interaction_declared_works_and_no_other_does(
    shared: httpx.Client, rest: dict[str, Any], type_name: str
) -> None:
    one, patched = f"/{type_name}/none", {"headers": {"Content-Type": "application/json-patch+json"}}
    works = {  # on what isn't there, so that it's told by 404 and not by 405 that it would be done
        "read": shared.get(one),
        "vread": shared.get(f"{one}/_history/1"),
        "history-instance": shared.get(f"{one}/_history"),
        "history-type": shared.get(f"/{type_name}/_history"),
        "search-type": shared.get(f"/{type_name}"),
        "create": shared.post(f"/{type_name}", json={"resourceType": "none"}),
        "update": shared.put(one, json={"resourceType": "none"}),
        "patch": shared.patch(one, content="[]", **patched),
        "delete": shared.delete(one),
    }
    found = declared(rest, type_name)

    assert {code for code, answer in works.items() if answer.status_code in (200, 400, 404)} == {
        interaction["code"] for interaction in found["interaction"]
    }
    assert found["conditionalUpdate"]
    assert shared.put(f"/{type_name}?_id=none", json={"resourceType": "none"}).status_code == 400
    assert found["conditionalDelete"] == "not-supported"
    assert shared.delete(f"/{type_name}?_id=none").status_code == 405


@pytest.mark.parametrize("type_name", SOME_TYPES)
def test_each_search_parameter_declared_works_and_no_other_does(
    shared: httpx.Client, rest: dict[str, Any], type_name: str
) -> None:
    found = declared(rest, type_name)
    kinds = {param["name"]: param["type"] for param in found["searchParam"]}
    everywhere = {param["name"] for one in rest["resource"] for param in one["searchParam"]}
    for name in everywhere:
        answer = shared.get(f"/{type_name}", params={name: SENT[kinds.get(name, "token")]})
        assert answer.status_code == (200 if name in kinds else 400), name
    for kind in ("Include", "RevInclude"):
        for value in found.get(f"search{kind}", [])[:40]:
            answer = shared.get(f"/{type_name}", params={f"_{kind.lower()}": value, "_count": 1})
            assert answer.status_code == 200, value


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

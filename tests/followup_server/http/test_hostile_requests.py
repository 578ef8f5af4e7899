"""Whatever is asked, the answer is FHIR and never a fault of the server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_NAMES = (
    "_id _lastUpdated _tag _sort _count _page _elements _summary _total _include _revinclude _profile"
    " identifier patient subject code date status status:not date:missing subject:identifier code:text"
    " derived-from value _format _type _include:iterate _revinclude:iterate _sort:x"
)
NAMES = st.sampled_from(_NAMES.split())
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["|", "a|", "|a", "\\", "\\,", ",", "-", "ge", "9" * 40, "-date,-date", "WzFd", "\x00"]),
    st.dates().map(lambda day: f"ge{day}"),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_MEMBERS = (
    "status code subject identifier meta id effectiveDateTime effectivePeriod issued valueQuantity component"
    " performer derivedFrom category extension"
)
HEADERS = st.sampled_from(
    [
        "If-Match",
        "If-None-Match",
        "If-None-Exist",
        "Accept",
        "Prefer",
        "Content-Type",
        "Host",
        "Authorization",
    ]
)
MEMBERS = st.sampled_from(_MEMBERS.split())
UNHURRIED = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def assert_told(response: httpx.Response) -> None:
    assert response.status_code < 500, response.request.url
    assert response.json()["resourceType"] in ("Bundle", "OperationOutcome", "Observation")


@UNHURRIED
@given(params=st.lists(st.tuples(NAMES, VALUES), max_size=4))
def test_searches(shared: httpx.Client, params: list[tuple[str, str]]) -> None:
    assert_told(shared.get("/Observation", params=params))
    assert_told(shared.get("/", params=[("_type", "Observation,Task"), *params]))
    assert_told(shared.put("/Observation", params=params, json={"resourceType": "Observation"}))


@UNHURRIED
@given(members=st.dictionaries(MEMBERS, JSON, max_size=4))
def test_resources(shared: httpx.Client, members: dict[str, Any]) -> None:
    body = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **members}
    assert_told(shared.post("/Observation", content=json.dumps(body), headers={"Content-Type": "text/json"}))
    headers = {"Content-Type": "application/json"}
    assert_told(shared.post("/Observation", content=json.dumps(body), headers=headers))


@UNHURRIED
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_addresses(shared: httpx.Client, path: str) -> None:
    response = shared.get(f"http://127.0.0.1/fhir/{quote(path)}")
    assert response.status_code < 500


@UNHURRIED
@given(
    entries=st.lists(st.dictionaries(st.sampled_from(["request", "resource", "fullUrl"]), JSON), max_size=3)
)
def test_bundles(shared: httpx.Client, entries: list[Any]) -> None:
    for kind in ("batch", "transaction"):
        bundle = {"resourceType": "Bundle", "type": kind, "entry": entries}
        assert_told(shared.post("http://127.0.0.1/fhir", json=bundle))


POINTERS = st.sampled_from(
    ["", "/", "/status", "/code", "/code/coding/0", "/code/coding/-", "/x~1y", "status", "/~"]
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "append", 1]),
        "path": POINTERS | JSON,
        "from": POINTERS,
        "value": JSON,
    },
)


@UNHURRIED
@given(operations=st.lists(OPERATIONS, max_size=4) | JSON)
def test_patches(shared: httpx.Client, operations: Any) -> None:
    raw = {
        "resourceType": "Observation",
        "id": "patched",
        "status": "final",
        "code": {"coding": [{"code": "1"}]},
    }
    shared.put("/Observation/patched", json=raw)
    kind = {"Content-Type": "application/json-patch+json"}
    assert_told(shared.patch("/Observation/patched", content=json.dumps(operations), headers=kind))


@UNHURRIED
@given(headers=st.dictionaries(HEADERS, st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]))))
def test_headers(shared: httpx.Client, headers: dict[str, str]) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    assert shared.get("/Practitioner/demo-kari", headers=sent).status_code < 500
    raw = {"resourceType": "Basic", "id": "with-headers"}
    assert shared.put("/Basic/with-headers", json=raw, headers=sent).status_code < 500
    assert shared.post("/Basic", json=raw, headers=sent).status_code < 500

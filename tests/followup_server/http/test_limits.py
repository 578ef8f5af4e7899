"""Who asks for more than the server gives is told so, plainly and in FHIR; the server goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from followup_server.http import fhir_endpoint
from followup_server.http.app import create_app
from followup_server.http.limits import Limits, limits_from
from followup_server.problems import ServeError
from followup_server.search import query_time
from followup_server.storage.store import ResourceStore
from tests.followup_server.conftest import HERE, MovableClock, TestClient, told

WithLimits = Callable[..., httpx.Client]
ROOT = "http://127.0.0.1/fhir"


def serving(store: ResourceStore, clock: MovableClock, **limits: int) -> httpx.Client:
    """A client of a server with these limits."""
    app = create_app(store, auth="none", clock=clock, limits=Limits(**limits))
    return TestClient(app, base_url=ROOT, raise_server_exceptions=False, client=HERE)


@pytest.fixture
def within(store: ResourceStore, clock: MovableClock) -> WithLimits:
    """Makes clients of servers with these limits."""
    return partial(serving, store, clock)


def test_too_large_a_body_is_refused_whether_announced_or_not(within: WithLimits) -> None:
    def streamed() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100

    client = within(body_bytes=1_000)
    told(client.post("/Patient", json={"resourceType": "Patient", "language": "x" * 1_000}), 413, "too-long")
    kind = {"Content-Type": "application/json"}
    told(client.post("/Patient", content=streamed(), headers=kind), 413, "too-long")


@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_too_many_entries_are_refused(within: WithLimits, kind: str) -> None:
    read = {"request": {"method": "GET", "url": "Patient"}}
    bundle = {"resourceType": "Bundle", "type": kind, "entry": [read] * 3}
    assert within(bundle_entries=3).post(ROOT, json=bundle).status_code == 200

    issue = told(within(bundle_entries=2).post(ROOT, json=bundle), 413, "too-long")

    assert issue["expression"] == ["Bundle.entry"]


def test_json_that_is_too_deep_is_refused(within: WithLimits) -> None:
    client = within(json_depth=5)
    for depth, status in ((4, 201), (5, 400)):
        nested: Any = "x"
        for _ in range(depth):
            nested = [nested]
        response = client.post("/Basic", json={"resourceType": "Basic", "x": nested})
        assert response.status_code == status, depth
    told(response, 400, "structure")


def test_the_deepest_json_that_is_let_in_is_stored_searched_and_read(within: WithLimits) -> None:
    nested: Any = {"reference": "Patient/1"}
    for _ in range(62):
        nested = {"x": nested}
    client = within()
    made = client.post("/Basic", json={"resourceType": "Basic", **nested})
    assert made.status_code == 201
    assert client.get(f"/Basic?_id={made.json()['id']}&_elements=x").json()["total"] == 1


def test_a_page_has_at_most_so_many(within: WithLimits) -> None:
    client = within(page_size=2)
    for path in (
        "/Practitioner?_count=50",
        "/Practitioner",
        "/Practitioner/_history",
        "/?_type=Practitioner",
    ):
        page = client.get(path).json()
        assert len(page["entry"]) == 2, path
        assert page["link"][-1]["relation"] == "next"


def test_a_search_that_takes_too_long_is_broken_off_and_the_next_is_not(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_time, "_STEPS", 1)
    store = ResourceStore(tmp_path / "hurried.db", clock)
    hurried = serving(store, clock, search_seconds=0)

    for path in (
        "/Practitioner?name=k",
        "/Practitioner/_history",
        "/?_type=Practitioner,Device",
        "/$readings",
    ):
        refused = hurried.get(path)
        told(refused, 429, "too-costly")
        assert refused.headers["retry-after"] == "10"
    assert hurried.get("/Practitioner/demo-kari").status_code == 200
    assert serving(store, clock).get("/Practitioner?name=k").json()["total"] == 1
    store.close()


def test_more_requests_than_at_once_are_sent_away_to_come_again(
    within: WithLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    really = fhir_endpoint.answer

    def slow(server: Any, call: Any) -> Any:
        begun.set()
        go_on.wait(20)
        return really(server, call)

    monkeypatch.setattr(fhir_endpoint, "answer", slow)
    with within(requests=1) as client:
        first = threading.Thread(target=client.get, args=("/Patient",))
        first.start()
        begun.wait(20)
        refused = client.get("/Patient")
        health = client.get("http://127.0.0.1/health")
        go_on.set()
        first.join()
        told(refused, 429, "throttled")
        assert refused.headers["retry-after"] == "1"
        assert health.status_code == 200
        assert client.get("/Patient").status_code == 200


@pytest.mark.parametrize("text", ["0", "-1", "many", "1e3", "", "9" * 30, "١"])
def test_a_limit_is_a_whole_number_above_zero(text: str) -> None:
    with pytest.raises(ServeError, match="TRIAGE_SERVER_BODY_BYTES"):
        limits_from({"TRIAGE_SERVER_BODY_BYTES": text})


def test_limits_come_from_the_environment() -> None:
    assert limits_from({}) == Limits()
    assert limits_from({"TRIAGE_SERVER_PAGE_SIZE": "20"}) == Limits(page_size=20)

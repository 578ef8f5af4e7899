"""What the machine's own watchers are told."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from followup_server.storage.store import ResourceStore
from tests.followup_server.conftest import HERE, TestClient

ROOT = "http://127.0.0.1"


def sample(client: httpx.Client, name: str, **labels: str) -> float:
    """The sum of a metric over what these labels select."""
    text = client.get(f"{ROOT}/metrics", headers={"Authorization": ""}).text
    return sum(
        one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name == name and labels.items() <= one.labels.items()
    )


def test_health_needs_no_login(kari: httpx.Client) -> None:
    answer = kari.get(f"{ROOT}/health", headers={"Authorization": ""})

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


def test_a_database_that_fails_is_no_health(
    kari: httpx.Client, store: ResourceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        raise OperationalError("select", None, RuntimeError("gone"))

    monkeypatch.setattr(store, "check", failing)
    answer = kari.get(f"{ROOT}/health")

    assert (answer.status_code, answer.json()["database"]) == (503, "failing")


def test_requests_are_counted_and_timed(kari: httpx.Client) -> None:
    for _ in range(3):
        kari.get("/Patient")
    kari.get("/Patient/none")

    labels = {"method": "GET", "type": "Patient"}
    assert sample(kari, "triage_requests_total", interaction="search-type", status="200", **labels) == 3
    assert sample(kari, "triage_requests_total", interaction="read", status="404", **labels) == 1
    assert sample(kari, "triage_request_seconds_count", interaction="search-type") == 3
    assert sample(kari, "triage_response_bytes_total", interaction="search-type") > 0
    assert sample(kari, "triage_requests_under_way") == 1  # this one


def test_who_waits_for_the_judge_is_counted(kari: httpx.Client, store: ResourceStore) -> None:
    assert sample(kari, "triage_judge_queue") == 0
    with store.write() as session:  # nobody judges what comes by this way
        for logical in ("p-1", "p-2"):
            session.update(logical, {"resourceType": "Patient", "id": logical})

    assert sample(kari, "triage_judge_queue") == 2


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_only_this_machine_is_told(app: Starlette, path: str) -> None:
    elsewhere = TestClient(app, base_url=ROOT, client=("192.0.2.7", 50_000))
    assert elsewhere.get(path).status_code == 404
    here = TestClient(app, base_url=ROOT, client=HERE)
    assert here.get(path).status_code == 200
    assert here.get(path, headers={"Host": "evil.example"}).status_code == 404

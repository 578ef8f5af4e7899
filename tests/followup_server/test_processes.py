"""Several server processes on one database: nothing doubled, nothing missed, in one order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from fhir_r4.care_plans import care_plan
from followup_server.bulk import loading
from followup_server.storage.store import ResourceStore

pytestmark = pytest.mark.slow

Made = Callable[..., dict[str, Any]]
HEADERS = {"Authorization": "Bearer demo-device"}
START = "2000-01-01T00:00:00.000000Z"
PATIENTS = 3
EACH = 12
"""Readings of each patient that each of two processes takes in."""


@contextmanager
def served(database: str) -> Iterator[httpx.Client]:
    """A client of a server process of its own; its clock goes."""
    command = [sys.executable, "-m", "triage_tui", "server", "run", "--port", "0", "--database", database]
    environment = {name: value for name, value in os.environ.items() if name != "TRIAGE_NOW"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        base = process.stderr.readline().split()[-1]
        try:
            with httpx.Client(base_url=base, headers=HEADERS, trust_env=False, timeout=60) as client:
                yield client
        finally:
            process.kill()


def low_reading(observation: Made, patient: int, at: int) -> dict[str, Any]:
    """SpO2 of 80 or 99 in turn, an hour apart: each second one begins an episode."""
    when = f"2026-05-{20 + at // 24:02}T{at % 24:02}:00:00Z"
    return observation(80 if at % 2 else 99, when, subject={"reference": f"Patient/p-{patient}"})


def everything(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    """All resources of a search, over all pages."""
    found, url = [], query
    while url:
        page = client.get(url).json()
        found += [entry["resource"] for entry in page.get("entry", [])]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    return found


def poll(client: httpx.Client, finished: threading.Event) -> list[str]:
    """Ids of the Observations that come by asking for what is newer than the newest seen."""
    seen: list[str] = []
    cursor, last_round = START, False
    while True:
        query = {"_lastUpdated": f"gt{cursor}", "_sort": "_lastUpdated", "_count": "1000"}
        found = client.get("/Observation", params=query).json().get("entry", [])
        seen += [entry["resource"]["id"] for entry in found]
        if found:
            cursor = found[-1]["resource"]["meta"]["lastUpdated"]
        elif last_round:
            return seen
        last_round = finished.is_set()


def test_two_processes_and_a_load_beside_them(database: str, observation: Made) -> None:
    rule = {"id": "spo2", "kind": "limit", "code": "spo2", "red_below": 88}
    version = {"version": 1, "valid_from": "2026-05-01T00:00:00Z", "rules": [rule]}
    store = ResourceStore(database, lambda: 1_780_000_000_000)
    for number in range(PATIENTS):
        plan = care_plan(f"p-{number}", {"versions": [version]}, title="Kols")
        patient = {"resourceType": "Patient", "id": f"p-{number}"}
        loading.load(store, [patient, {**plan, "id": f"plan-{number}"}])

    def late_load() -> None:
        """One transaction that gives out its first stamp long before it commits."""
        with store.write() as session:
            for at in range(200):
                session.create(observation(97, "2026-05-01T00:00:00Z", subject={"reference": "Patient/x"}))
                if at == 100:
                    begun.set()
                    clients[0].get("/Patient")  # others read meanwhile

    def post(client: httpx.Client, patient: int, first: int) -> None:
        for at in range(first, 2 * EACH, 2):
            answer = client.post("/Observation", json=low_reading(observation, patient, at))
            assert answer.status_code == 201

    begun, finished = threading.Event(), threading.Event()
    with ExitStack() as stack, ThreadPoolExecutor(2 * PATIENTS + 2) as pool:
        clients = [stack.enter_context(served(database)) for _ in range(2)]
        reading = pool.submit(poll, clients[1], finished)
        late = pool.submit(late_load)
        assert begun.wait(60)
        posting = [
            pool.submit(post, client, patient, first)
            for first, client in enumerate(clients)
            for patient in range(PATIENTS)
        ]
        for each in [late, *posting]:
            each.result()
        finished.set()
        seen = reading.result()
        observations = everything(clients[0], "/Observation?_count=1000&_sort=_lastUpdated")
        tasks = everything(clients[1], "/Task?_count=1000")
        issues = everything(clients[0], "/DetectedIssue?_count=1000&status=preliminary,final")
        history = everything(clients[1], "/_history?_count=1000")
    store.close()

    assert len(observations) == PATIENTS * 2 * EACH + 200
    assert sorted(seen) == sorted(one["id"] for one in observations), "the reader missed or doubled none"
    stamps = [one["meta"]["lastUpdated"] for one in history]
    assert stamps == sorted(set(stamps), reverse=True), "no stamp stands twice"
    once = Counter(task["identifier"][0]["value"] for task in tasks)
    assert set(once.values()) == {1}, "no work item is there twice"
    assert Counter(task["for"]["reference"] for task in tasks) == {
        f"Patient/p-{number}": EACH for number in range(PATIENTS)
    }
    assert len(issues) == PATIENTS * EACH

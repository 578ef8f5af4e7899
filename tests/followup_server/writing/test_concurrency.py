"""Several clients at once, against a real server on a socket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, Any]]
DEVICE = {"Authorization": "Bearer demo-device"}


@pytest.fixture
def client(base: str) -> Iterator[httpx.Client]:
    limits = httpx.Limits(max_connections=20)
    with httpx.Client(base_url=base, headers=DEVICE, trust_env=False, timeout=30, limits=limits) as opened:
        yield opened


def at_once(tasks: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Run all, begun together."""
    together = threading.Barrier(len(tasks))

    def run(task: Callable[[], httpx.Response]) -> httpx.Response:
        together.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_a_new_database_can_be_opened_by_several_at_once(empty_database: str) -> None:
    together = threading.Barrier(6)

    def open_it(_: int) -> int | None:
        together.wait()
        store = ResourceStore(empty_database, lambda: 0)
        total = store.search("Practitioner", [("_summary", "count")]).total
        store.close()
        return total

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(open_it, range(6))) == [3] * 6


@pytest.mark.parametrize("condition", ["identifier=s|1", "_tag=http://triage-tui.org/fhir/op|1"])
def test_eight_conditional_creates_at_once_make_one(client: httpx.Client, condition: str) -> None:
    raw = {
        "resourceType": "Basic",
        "identifier": [{"system": "s", "value": "1"}],
        "meta": {"tag": [{"system": "http://triage-tui.org/fhir/op", "code": "1"}]},
    }

    answers = at_once([lambda: client.post("/Basic", json=raw, headers={"If-None-Exist": condition})] * 8)

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert client.get("/Basic?_summary=count").json()["total"] == 1


def test_of_eight_updates_over_one_version_one_wins(client: httpx.Client) -> None:
    task = {"resourceType": "Task", "id": "t-1", "status": "requested", "intent": "order"}
    client.put("/Task/t-1", json=task)

    answers = at_once([lambda: client.put("/Task/t-1", json=task, headers={"If-Match": 'W/"1"'})] * 8)

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert client.get("/Task/t-1").headers["etag"] == 'W/"2"'


def test_reader_who_polls_by_stamp_misses_nothing(client: httpx.Client) -> None:
    each, writers = 40, 6
    written: list[str] = []
    finished = threading.Event()
    seen: list[str] = []

    def write(number: int) -> None:
        for at in range(each):
            if at % 4 == 0:  # a transaction takes longer from its first stamp to its commit
                posts = [{"method": "POST", "url": "Basic"}] * 5
                entries = [{"request": request, "resource": {"resourceType": "Basic"}} for request in posts]
                bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
                answered = client.post("", json=bundle).json()["entry"]
                written.extend(one["response"]["location"].split("/")[-3] for one in answered)
            else:
                written.append(client.post("/Basic", json={"resourceType": "Basic"}).json()["id"])

    def poll() -> None:
        cursor = "2000-01-01T00:00:00.000000Z"
        last_round = False
        while True:
            query = {"_lastUpdated": f"gt{cursor}", "_sort": "_lastUpdated", "_count": "1000"}
            found = client.get("/Basic", params=query).json().get("entry", [])
            seen.extend(entry["resource"]["id"] for entry in found)
            if found:
                cursor = found[-1]["resource"]["meta"]["lastUpdated"]
            elif last_round:
                return
            last_round = finished.is_set()

    reader = threading.Thread(target=poll)
    reader.start()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    finished.set()
    reader.join()

    assert len(written) == writers * (each // 4 * 5 + each * 3 // 4)
    assert sorted(seen) == sorted(written)

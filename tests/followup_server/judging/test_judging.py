"""What is written is judged: in the same request, when time alone changes something, and in bulk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy import select

from fhir_r4.care_plans import care_plan
from followup_server.bulk import loading
from followup_server.judging import patient_state, patients
from followup_server.judging.patients import judge_all, judge_patients
from followup_server.judging.timer import JudgeTimer
from followup_server.storage import schema
from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, Any]]
RULES = [
    {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
    {"id": "weight", "kind": "missing", "codes": ["weight"], "every": "P1D", "grace": "PT6H"},
]
HOUR = 3_600_000


class Clock(Protocol):
    now: int

    def __call__(self) -> int: ...


def patient(logical: str = "p-1") -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical}


def plan(logical: str = "p-1", **members: Any) -> dict[str, Any]:
    version = {"version": 1, "valid_from": "2026-05-28T06:00:00Z", "rules": RULES}
    raw = care_plan(logical, {"versions": [version]}, title="Kols")
    return {**raw, "id": f"plan-{logical}", **members}


@pytest.fixture
def followed(kari: httpx.Client) -> httpx.Client:
    """A client of a server with one patient who has a plan."""
    assert kari.put("/CarePlan/plan-p-1", json=plan()).status_code == 201
    kari.put("/Patient/p-1", json=patient())
    return kari


def found(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in client.get(query).json().get("entry", [])]


def due_of(store: ResourceStore) -> dict[str, int]:
    with store.reading() as connection:
        state = schema.patient_state.c
        rows = connection.execute(select(state.patient, state.due).where(state.due.is_not(None))).all()
    return dict(map(tuple, rows))


def work_by_patient(store: ResourceStore) -> dict[str, tuple[str, str, str]]:
    tasks = [stored.raw for stored in store.search("Task", []).matches]
    return {
        task["for"]["reference"]: (task["code"]["coding"][0]["code"], task["priority"], task["status"])
        for task in tasks
    }


def test_a_reading_beyond_its_limit_is_work_once_it_is_answered(
    followed: httpx.Client, observation: Made
) -> None:
    followed.post("/Observation", json=observation(86, "2026-05-28T20:20:00Z"))

    (task,) = found(followed, "/Task?patient=p-1&status=requested")
    (issue,) = found(followed, "/DetectedIssue?patient=p-1")
    assert task["priority"] == "stat"
    assert task["focus"]["reference"] == f"DetectedIssue/{issue['id']}"
    assert task["identifier"][0]["value"] == f"urn:uuid:{task['id']}"
    assert issue["implicated"][0]["reference"].startswith("Observation/")
    assert {one["id"] for one in found(followed, "/Task?_include=Task:focus")} == {task["id"], issue["id"]}


def test_judging_again_writes_nothing(
    followed: httpx.Client, store: ResourceStore, observation: Made
) -> None:
    followed.post("/Observation", json=observation(86, "2026-05-28T20:20:00Z"))
    before = followed.get("/_history").content

    assert judge_all(store, store.clock()) == 0
    followed.get("/Task")
    assert followed.get("/_history").content == before


def test_a_batch_of_readings_is_judged_as_one(followed: httpx.Client, observation: Made) -> None:
    entries = [
        {
            "resource": observation(value, f"2026-05-28T20:1{at}:00Z"),
            "request": {"method": "POST", "url": "Observation"},
        }
        for at, value in enumerate((86, 87, 95))
    ]
    followed.post("", json={"resourceType": "Bundle", "type": "batch", "entry": entries})

    (task,) = found(followed, "/Task")
    assert task["meta"]["versionId"] == "1"
    assert task["priority"] == "stat"


def test_a_transactions_reading_and_a_correction_are_judged(
    followed: httpx.Client, observation: Made
) -> None:
    low = observation(86, "2026-05-28T20:20:00Z", id="o-1")
    request = {"method": "PUT", "url": "Observation/o-1"}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": low, "request": request}],
    }
    followed.post("", json=bundle)
    assert len(found(followed, "/Task?status=requested")) == 1

    followed.put("/Observation/o-1", json={**low, "status": "entered-in-error"})
    assert [task["status"] for task in found(followed, "/Task")] == ["cancelled"]


def test_a_deleted_reading_takes_its_alert_back(followed: httpx.Client, observation: Made) -> None:
    followed.put("/Observation/o-1", json=observation(86, "2026-05-28T20:20:00Z", id="o-1"))
    followed.delete("/Observation/o-1")

    assert [task["status"] for task in found(followed, "/Task")] == ["cancelled"]


def test_readings_without_a_plan_are_work_too_and_unknown_patients_arent(
    kari: httpx.Client, observation: Made, store: ResourceStore
) -> None:
    kari.post("/Observation", json=observation(93, "2026-05-28T20:20:00Z"))
    assert found(kari, "/Task") == []
    assert due_of(store) == {}

    kari.put("/Patient/p-1", json=patient())
    (task,) = found(kari, "/Task")
    assert (task["code"]["coding"][0]["code"], task["priority"]) == ("technical", "urgent")


def test_time_alone_brings_work(
    followed: httpx.Client, store: ResourceStore, clock: Clock, observation: Made
) -> None:
    clock.now += 40 * HOUR
    judged = threading.Event()

    def judge(patients: Collection[str]) -> None:
        judge_patients(store, patients, clock())
        judged.set()

    timer = JudgeTimer(store, clock, judge)
    timer.start()  # what became due while nobody ran is judged at start
    assert judged.wait(20)
    timer.stop()

    (task,) = found(followed, "/Task")
    assert task["code"]["coding"][0]["code"] == "missing"


def test_timer_judges_when_the_patient_becomes_due(
    followed: httpx.Client, store: ResourceStore, clock: Clock
) -> None:
    (waits_until,) = due_of(store).values()
    assert waits_until > clock.now
    calls: list[Collection[str]] = []
    judged = threading.Event()

    def judge(patients: Collection[str]) -> None:
        judge_patients(store, patients, clock())
        calls.append(patients)
        judged.set()

    timer = JudgeTimer(store, clock, judge)
    timer.start()
    clock.now = waits_until
    timer.wake()
    assert judged.wait(20)
    timer.stop()

    assert calls == [["p-1"]]
    assert all(at > clock.now for at in due_of(store).values())


def test_the_running_server_judges_what_was_loaded_beside_it(
    base: str, store: ResourceStore, observation: Made
) -> None:
    loading.load(store, [patient("p-1"), plan(), observation(86, "2026-05-28T20:20:00Z", id="o-1")])
    headers = {"Authorization": "Bearer demo-device"}
    with httpx.Client(base_url=base, headers=headers, trust_env=False) as client:
        client.put("/Patient/p-9", json=patient("p-9"))  # any write wakes the timer
        for _ in range(2_000):
            if tasks := found(client, "/Task?patient=p-1"):
                break
    assert [task["priority"] for task in tasks] == ["stat"]


def test_an_odd_patient_keeps_no_other_from_being_judged(
    store: ResourceStore, observation: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for logical in ("p-1", "p-2"):
        subject = {"reference": f"Patient/{logical}"}
        low = observation(86, "2026-05-28T20:20:00Z", id=f"o-{logical}", subject=subject)
        loading.load(store, [patient(logical), plan(logical), low])
    really = patients.judge

    def failing(compartment: Any, now: int, centre: Any, seen: Any) -> Any:
        if compartment.patient == "p-1":
            raise ZeroDivisionError
        return really(compartment, now, centre, seen)

    monkeypatch.setattr(patients, "judge", failing)
    judge_all(store, store.clock())

    assert work_by_patient(store) == {
        "Patient/p-1": ("technical", "urgent", "requested"),
        "Patient/p-2": ("alert", "stat", "requested"),
    }
    assert due_of(store)["p-1"] == store.clock() + 60_000

    assert judge_all(store, store.clock() + 60_000) == 0, "one work item tells it"
    monkeypatch.undo()
    judge_patients(store, ["p-1"], store.clock() + 120_000)
    tasks = [stored.raw for stored in store.search("Task", [("patient", "Patient/p-1")]).matches]
    assert sorted((task["priority"], task["status"]) for task in tasks) == [
        ("stat", "requested"),
        ("urgent", "cancelled"),
    ]


def test_two_centres_loaded_alike_have_the_same_work(
    tmp_path_factory: pytest.TempPathFactory, clock: Clock, observation: Made
) -> None:
    outcomes = []
    for _ in range(2):
        store = ResourceStore(tmp_path_factory.mktemp("centre") / "fhir.db", clock)
        for at in range(30):
            subject = {"reference": f"Patient/p-{at}"}
            low = observation(80 + at % 15, "2026-05-28T20:20:00Z", id=f"o-{at}", subject=subject)
            loading.load(store, [patient(f"p-{at}"), plan(f"p-{at}"), low])
        told: list[tuple[int, int]] = []
        judge_all(store, clock(), progress=lambda done, total, told=told: told.append((done, total)))
        outcomes.append([stored.id for stored in store.search("Task", [("_sort", "_id")]).matches])
        store.close()

    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) == 24
    assert told == [(25, 30), (30, 30)]


def test_a_patient_is_due_at_once_until_she_is_judged(store: ResourceStore) -> None:
    store.create(patient("x"), logical="p-1")
    with store.reading() as connection:
        assert patient_state.overdue(connection, 0, 10) == ["p-1"]
        assert patient_state.earliest(connection) == 0

    judge_patients(store, ["p-1", "unknown"], store.clock())
    assert due_of(store) == {}

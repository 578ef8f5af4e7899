"""Rounds beside a server: what comes is judged, once, whoever writes meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_r4.beside import patient_round
from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.judging.patients import judge_all
from followup_server.simulator.generation import Simulation
from followup_server.storage.store import ResourceStore
from tests.fhir_r4.beside.conftest import MINUTE, NOW, MovableClock, Server, patient, plan, spo2
from work_items import Centre


def work(server: Server, **params: str) -> list[tuple[str, str, str]]:
    """Kind, priority and status of each Task, in their order."""
    found: list[Any] = server.all("Task", **params)
    return sorted((raw["code"]["coding"][0]["code"], raw["priority"], raw["status"]) for raw in found)


def told(raw: Any, references: dict[str, str]) -> Any:
    """A resource without what each server gives anew, its references by what they lead to."""
    if isinstance(raw, dict):
        kept = {name: told(value, references) for name, value in raw.items() if name not in ("id", "meta")}
        return (
            {**kept, "reference": references.get(raw["reference"], raw["reference"])}
            if "reference" in raw
            else kept
        )
    return [told(one, references) for one in raw] if isinstance(raw, list) else raw


def found_in(store: ResourceStore) -> dict[str, Any]:
    """Alerts and work by their identifiers."""
    raws: list[Any] = [
        stored.raw
        for kind in ("DetectedIssue", "Task")
        for stored in store.search(kind, [("_count", "1000")]).matches
    ]
    names = {f"{raw['resourceType']}/{raw['id']}": raw["identifier"][0]["value"] for raw in raws}
    return {names[f"{raw['resourceType']}/{raw['id']}"]: told(raw, names) for raw in raws}


def test_alerts_and_work_are_those_that_the_server_itself_would_have_found(tmp_path: Path) -> None:
    made = Simulation(16, 20, 4, NOW)
    clock = MovableClock()
    inside, outside = (ResourceStore(tmp_path / f"{name}.db", clock) for name in ("inside", "outside"))
    for store in (inside, outside):
        with store.write() as session:
            for raw in (*made.persons(), *made.sent()):
                session.update(str(raw["id"]), raw)
    judge_all(inside, NOW, Centre())
    with in_background(create_app(outside, auth="demo", clock=clock, judges=False)) as url:
        judge = Server(outside, clock, url).judge()
        judged, written = judge.round()
        again = judge.round()
        judge.client.close()

    found = found_in(outside)
    assert found == found_in(inside)
    assert (judged, written) == (16, len(found))
    assert len(found) >= 10
    assert again == (0, 0)
    inside.close()
    outside.close()


def test_a_new_instance_finds_nothing_to_write(server: Server) -> None:
    server.put(spo2(86, 20))
    first = server.judge()
    assert first.round() == (2, 2)
    first.lease.give_back()

    assert server.judge("b").round() == (2, 0)


def test_what_comes_is_judged_in_the_next_round_and_only_for_whom_it_comes(server: Server) -> None:
    judge = server.judge()
    assert judge.round() == (2, 0)
    server.put(spo2(90, 30))
    assert judge.round() == (1, 2)
    server.put(spo2(86, 40))  # measured before, received late: it was red first

    assert judge.round()[0] == 1
    assert {one[1:] for one in work(server)} == {("stat", "requested")}
    server.clock.now += 5 * MINUTE
    assert judge.round() == (0, 0)


def test_a_corrected_reading_takes_its_alert_back(server: Server) -> None:
    server.put(spo2(86, 30))
    judge = server.judge()
    judge.round()
    (issue,) = server.all("DetectedIssue")
    assert issue["status"] == "preliminary"
    server.put(spo2(96, 30, status="corrected"))

    judge.round()
    (issue,) = server.all("DetectedIssue")
    assert issue["status"] == "entered-in-error"
    assert [one[2] for one in work(server)] == ["cancelled"]


def test_time_alone_makes_work_when_it_is_due(server: Server) -> None:
    judge = server.judge()
    judge.round()
    wait = judge.rounds.seconds_until_due()
    assert wait is not None and 0 < wait <= 24 * 3600
    server.clock.now += round(wait * 1000) - 1000
    assert judge.round() == (0, 0)
    server.clock.now += 1000

    assert judge.round() == (2, 4)
    assert {one[0] for one in work(server)} == {"missing"}


def test_a_nurse_who_takes_it_in_between_keeps_it(server: Server) -> None:
    server.put(spo2(90, 30))
    judge = server.judge()
    judge.round()
    server.put(spo2(86, 20))
    taken: list[str] = []

    def take(request: httpx.Request) -> None:
        if request.method == "PUT" and "/Task/" in request.url.path and not taken:
            (task,) = server.all("Task")
            owner = {"reference": "Practitioner/kari"}
            server.put({**task, "status": "in-progress", "owner": owner})
            taken.append(str(task["id"]))

    judge.between.instead = take
    judge.round()

    (task,) = server.all("Task")
    assert taken == [task["id"]]
    assert (task["priority"], task["status"]) == ("stat", "in-progress")
    assert task["owner"] == {"reference": "Practitioner/kari"}


def test_half_written_findings_are_completed(server: Server) -> None:
    server.put(spo2(86, 30))
    judge = server.judge()
    judge.between.instead = lambda one: (
        httpx.Response(422) if one.method == "POST" and one.url.path.endswith("/Task") else None
    )
    assert judge.round() == (2, 0)
    assert judge.rounds.report.failures.total() == 1
    assert (len(server.all("DetectedIssue")), len(server.all("Task"))) == (1, 0)

    judge.between.instead = lambda _one: None
    server.clock.now += MINUTE
    assert judge.round() == (1, 1)
    (task,), (issue,) = server.all("Task"), server.all("DetectedIssue")
    focus: Any = task["focus"]
    assert focus["reference"] == f"DetectedIssue/{issue['id']}"


def test_what_a_race_has_made_twice_is_referred_to_and_not_made_again(server: Server) -> None:
    """Some servers create twice at once; the next conditional create finds several: 412."""
    server.put(spo2(86, 30))
    judge = server.judge()

    def twice(one: httpx.Request) -> httpx.Response | None:
        if one.method != "POST" or not one.url.path.endswith("/DetectedIssue"):
            return None
        server.put({**json.loads(one.content), "id": "the-first-of-two"})
        return httpx.Response(412)

    judge.between.instead = twice
    assert judge.round() == (2, 1)
    (task,) = server.all("Task")
    focus: Any = task["focus"]
    assert focus["reference"] == "DetectedIssue/the-first-of-two"


def test_a_patient_on_whom_the_judge_fails_is_told_and_holds_nobody_up(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(spo2(86, 30, "p-1"), spo2(86, 30, "p-2"))
    real = patient_round.judge

    def fails(compartment: Any, *others: Any) -> Any:
        if compartment.patient == "p-1":
            raise ZeroDivisionError
        return real(compartment, *others)

    monkeypatch.setattr(patient_round, "judge", fails)
    judge = server.judge()
    judge.round()

    (failure,) = judge.rounds.report.failures
    assert failure.startswith("the judge failed: ZeroDivisionError at ")
    assert [one[0] for one in work(server, patient="p-1")] == ["technical"]
    assert [one[1] for one in work(server, patient="p-2")] == ["stat"]


def test_the_last_readable_version_of_a_plan_stays_in_force(server: Server) -> None:
    server.put(plan("p-1", broken=True), spo2(86, 30))
    server.judge().round()

    kinds = [(one[0], one[1]) for one in work(server, patient="p-1")]
    assert ("technical", "urgent") in kinds
    assert any(priority == "stat" for _, priority in kinds)


def test_a_patient_who_comes_after_her_readings_is_judged(server: Server) -> None:
    judge = server.judge()
    judge.round()
    server.put(spo2(86, 30, "p-3"), plan("p-3"))
    assert judge.round() == (1, 0)
    server.put(patient("p-3"))

    assert judge.round() == (1, 2)


def test_a_server_that_breaks_down_over_its_changes_has_everybody_judged(server: Server) -> None:
    server.put(spo2(95, 60))
    judge = server.judge()
    judge.round()
    server.put(spo2(86, 30))

    def breaks(one: httpx.Request) -> httpx.Response | None:
        changes = "Observation" in one.url.path and "_lastUpdated=ge" in str(one.url)
        return httpx.Response(500) if changes else None

    judge.between.instead = breaks
    assert judge.round() == (2, 2)
    judge.between.instead = lambda _one: None
    judge.round()
    assert judge.round() == (0, 0)


def test_more_changes_than_a_page_holds_are_all_seen(server: Server) -> None:
    judge = server.judge()
    judge.round()
    server.put(*(spo2(95, number) for number in range(60, 600)), spo2(86, 20, "p-2"))

    assert judge.round()[0] == 2
    assert [one[1] for one in work(server, patient="p-2")] == ["stat"]

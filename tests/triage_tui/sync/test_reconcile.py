"""Once a day: what is gone from the server goes, and an emptied server empties nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from triage_tui import acts
from work_items import Centre

Make = Callable[..., Any]
NOW = 1_772_526_660_000
DAY = 86_400_000


def task_named(centre: Any, task: str) -> str:
    return next(raw["id"] for raw in centre.all("Task") if task in str(raw["identifier"]))


def test_removed_task_goes_after_a_day(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    centre.resources.delete("Task", task_named(centre, task))
    kari.sync()
    assert "pulse-high" in kari.items()

    clock.now += DAY
    report = kari.sync()

    assert report.complete
    published = {rule for rule, stored in kari.items().items() if stored.reference}
    assert published == {"spo2-low"}
    assert kari.items()["pulse-high"].item.local  # whose condition stands all the same


def test_removed_flag_and_plan_go_too(console: Make, centre: Any, clock: Any) -> None:
    flag = {
        "resourceType": "Flag",
        "id": "f1",
        "status": "active",
        "code": {"text": "bor alene"},
        "subject": {"reference": "Patient/p1"},
    }
    centre.put(flag, {**flag, "id": "f2", "code": {"text": "O₂ hjemme"}})
    kari = console()
    kari.sync()
    assert sorted(kari.store.patient("p1", NOW).person.warnings) == ["O₂ hjemme", "bor alene"]
    centre.resources.delete("Flag", "f1")
    centre.resources.delete("CarePlan", "plan-p1")

    clock.now += DAY
    kari.sync()

    view = kari.store.patient("p1", NOW)
    assert view.person.warnings == ("O₂ hjemme",)
    assert view.plan.problem == "No active plan"


def test_emptied_server_empties_nothing(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    for raw in centre.all("Task"):
        centre.resources.delete("Task", raw["id"])

    clock.now += DAY
    kari.sync()

    assert len(kari.store.queue(NOW, Centre()).entries) == 2


def test_task_with_something_unsent_about_it_stays(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    task = kari.task("pulse-high")
    centre.resources.delete("Task", task_named(centre, task))
    clock.now += DAY
    done = acts.complete(kari.store, kari.nurse, task, "advice-given", clock())

    kari.sync()

    state, answer = kari.state(done.op)
    assert state == "parked" and "no longer" in answer
    assert "pulse-high" in kari.items()


def test_row_that_every_pull_missed_is_found(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    clock.now += DAY
    raw = next(one for one in centre.all("Task") if one["for"] == {"reference": "Patient/p2"})
    with centre.resources.write() as session:
        session._stamp = (NOW - DAY) * 1000  # another server's stamp, far behind the cursor
        session.update(raw["id"], {**raw, "priority": "stat"})
        session._stamp = (NOW + DAY) * 1000

    kari.sync()

    assert kari.items("p2")["spo2-low"].item.band.word == "red"

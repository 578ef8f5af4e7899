"""A pause goes into whichever plan the server has, stops what is missing, and ends when somebody says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from fhir_r4.care_plans import with_plan_json
from fhir_r4.raw import Raw
from triage_tui import acts
from triage_tui.acts import ActRefused, sentences
from triage_tui.acts.measured import read_measured
from triage_tui.sync import answers
from work_items import Band

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
RULES = [{"id": "gone", "kind": "missing", "codes": ["spo2"], "every": "P1D", "grace": "PT0S"}]


@pytest.fixture
def kari(console: Make, centre: Any, clock: Any) -> Iterator[Any]:
    """Her patient p1 hasn't measured since an hour ago; tomorrow that is an alert."""
    plan = {"versions": [{"version": 1, "valid_from": "2025-12-01T00:00:00Z", "rules": RULES}]}
    [raw] = [raw for raw in centre.all("CarePlan") if raw["id"] == "plan-p1"]
    centre.put(with_plan_json({**raw, "description": "of a member that we never write"}, plan))
    made = console()
    made.sync()
    yield made


def plan_of(centre: Any) -> Raw:
    return next(raw for raw in centre.all("CarePlan") if raw["id"] == "plan-p1")


def written(raw: Raw, name: str = "engine-plan") -> Any:
    extensions = {one["url"].rpartition("/")[2]: one["valueString"] for one in raw["extension"]}
    return json.loads(extensions[name])


def test_nothing_is_missed_in_a_pause_and_it_is_on_the_server(kari: Any, centre: Any, clock: Any) -> None:
    acts.pause(kari.store, kari.nurse, "p1", NOW, "Innlagt UNN", NOW)
    plan = kari.store.patient("p1", NOW).plan
    assert (plan.paused.reason, plan.paused.by, plan.version) == ("Innlagt UNN", "Kari Nordmann", 1)
    assert kari.sync().pending == 0

    raw = plan_of(centre)
    assert written(raw)["pauses"] == [{"from": "2026-03-03T08:31:00.000Z"}]
    assert written(raw)["versions"][0]["rules"] == RULES
    assert raw["description"] == "of a member that we never write"
    assert written(raw, "engine-plan-pauses")[0]["reason"] == "Innlagt UNN"
    assert kari.store.patient("p1", NOW).plan.paused.reason == "Innlagt UNN"
    clock.now += 3 * DAY
    centre.judge()
    kari.sync()
    assert "gone" not in kari.items()


def test_resuming_ends_it_and_what_is_missing_counts_again(kari: Any, centre: Any, clock: Any) -> None:
    acts.pause(kari.store, kari.nurse, "p1", NOW, "Innlagt", NOW, until=NOW + 30 * DAY)
    clock.now += HOUR
    acts.resume(kari.store, kari.nurse, "p1", clock())
    assert kari.store.patient("p1", clock()).plan.paused is None
    kinds = [
        one.kind for one in kari.store.patient("p1", clock()).timeline if one.kind in ("pause", "resume")
    ]
    assert kinds == ["resume", "pause"]

    assert kari.sync().pending == 0

    assert written(plan_of(centre))["pauses"] == [
        {"from": "2026-03-03T08:31:00.000Z", "to": "2026-03-03T09:31:00.000Z"}
    ]
    told = kari.store.patient("p1", clock()).timeline
    assert [one.author for one in told if one.kind in ("pause", "resume")] == ["Kari Nordmann"] * 2
    clock.now += 3 * DAY
    centre.judge()
    kari.sync()
    assert "gone" in kari.items()


def test_a_colleagues_change_of_the_plan_survives(kari: Any, centre: Any) -> None:
    acts.pause(kari.store, kari.nurse, "p1", NOW, "Reise", NOW, until=NOW + DAY)
    centre.put({**plan_of(centre), "title": "Kols, ny plan"})
    assert kari.sync().pending == 0
    raw = plan_of(centre)
    assert raw["title"] == "Kols, ny plan" and len(written(raw)["pauses"]) == 1


def test_a_pull_before_the_push_shows_the_pause_all_the_same(kari: Any, centre: Any, refuses: Any) -> None:
    acts.pause(kari.store, kari.nurse, "p1", NOW, "Reise", NOW)
    centre.put({**plan_of(centre), "title": "Kols, ny plan"})
    kari.transport = refuses(lambda request: httpx.Response(500) if request.method == "PUT" else None)
    assert kari.sync().pending == 1
    view = kari.store.patient("p1", NOW).plan
    assert (view.title, view.paused.reason) == ("Kols, ny plan", "Reise")


def test_of_a_plan_that_is_out_of_force_by_now_it_is_parked_and_taken_back(kari: Any, centre: Any) -> None:
    done = acts.pause(kari.store, kari.nurse, "p1", NOW, "Reise", NOW)
    centre.put({**plan_of(centre), "status": "revoked"})
    kari.sync()
    assert kari.state(done.op) == ("parked", answers.PLAN_OVER)
    assert kari.store.patient("p1", NOW).plan.paused is None


def test_a_lost_answer_pauses_once(kari: Any, centre: Any, loses_answers: Any) -> None:
    acts.pause(kari.store, kari.nurse, "p1", NOW, "Reise", NOW)
    lost = {"on": True}
    kari.transport = loses_answers(lambda request: lost["on"] and request.method == "PUT")
    kari.sync()
    lost["on"] = False
    assert kari.sync().pending == 0
    assert len(written(plan_of(centre))["pauses"]) == len(written(plan_of(centre), "engine-plan-pauses")) == 1


def test_what_makes_no_sense_is_refused(kari: Any) -> None:
    store, nurse = kari.store, kari.nurse
    with pytest.raises(ActRefused) as refused:
        acts.resume(store, nurse, "p1", NOW)
    assert refused.value.message_id == sentences.NOT_PAUSED
    with pytest.raises(ActRefused, match="before it begins"):
        acts.pause(store, nurse, "p1", NOW, "Reise", NOW, until=NOW)
    with pytest.raises(ActRefused, match="no reason"):
        acts.pause(store, nurse, "p1", NOW, " ", NOW)
    acts.pause(store, nurse, "p1", NOW, "Reise", NOW)
    with pytest.raises(ActRefused, match="already"):
        acts.pause(store, nurse, "p1", NOW + DAY, "Reise", NOW, until=NOW + 2 * DAY)


def test_an_ended_follow_up_is_no_missing_plan_unless_readings_go_on(
    kari: Any, centre: Any, clock: Any
) -> None:
    acts.end_follow_up(kari.store, kari.nurse, "p1", "Flyttet til sykehjem", NOW)
    assert kari.store.patient("p1", NOW).plan.version is None
    assert kari.sync().pending == 0
    clock.now += 3 * DAY
    centre.judge()
    kari.sync()
    assert plan_of(centre)["status"] == "completed"
    assert not {"gone", "technical"} & set(kari.items())
    told = [one.text for one in kari.store.patient("p1", clock()).timeline if one.kind == "note"]
    assert told == ["Oppfølgingen er avsluttet: Flyttet til sykehjem"]

    reading = acts.reading(kari.store, kari.nurse, "p1", read_measured("spo2", "93"), clock())
    kari.sync()
    kari.sync()
    assert kari.state(reading.op)[0] == "sent"
    assert kari.items()["technical"].item.band is Band.YELLOW


def test_ending_twice_or_without_a_plan_is_refused_and_a_lost_answer_ends_once(
    kari: Any, centre: Any, loses_answers: Any
) -> None:
    lost = {"on": True}
    kari.transport = loses_answers(lambda request: lost["on"] and request.method == "PUT")
    done = acts.end_follow_up(kari.store, kari.nurse, "p1", "Avsluttet", NOW)
    with pytest.raises(ActRefused, match="no follow-up to end"):
        acts.end_follow_up(kari.store, kari.nurse, "p1", "Avsluttet", NOW)
    kari.sync()
    lost["on"] = False
    assert kari.sync().pending == 0
    assert kari.state(done.op)[0] == "sent"

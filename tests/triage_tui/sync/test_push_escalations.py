"""Escalations: sent with a Task that tracks them, waited for where the GP answers, counted for red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fhir_r4.communications import message
from fhir_r4.raw import Raw
from fhir_r4.references import to_uuid
from triage_tui import acts
from triage_tui.acts import ActRefused
from triage_tui.acts.escalate import draft_for
from triage_tui.wording import use_language
from work_items import Centre, ItemState

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture(params=["nb", "en"])
def spoken(request: pytest.FixtureRequest) -> Any:
    use_language(request.param)
    yield request.param
    use_language("nb")


def only(centre: Any, kind: str, op: str) -> Raw:
    [found] = [raw for raw in centre.all(kind) if op in str(raw["identifier"])]
    return found


def test_to_the_gp_is_a_request_and_a_task_that_waits_for_the_answer(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    red = kari.task()
    done = acts.escalate(kari.store, kari.nurse, "p1", "gp", NOW, text="S: SpO₂ 86 %", about=[red])

    assert kari.sync().pending == 0

    request = only(centre, "ServiceRequest", done.op)
    assert (request["status"], request["priority"]) == ("active", "stat")
    assert request["performer"] == [{"reference": "Practitioner/gp-berg"}]
    assert [one["reference"] for one in request["reasonReference"]] == ["Observation/o1"]
    supporting = {one["reference"].partition("/")[0] for one in request["supportingInfo"]}
    assert supporting == {"DetectedIssue", "Task"}
    assert request["note"] == [{"text": "S: SpO₂ 86 %"}]
    tracking = only(centre, "Task", done.tasks[0])
    assert tracking["focus"]["reference"] == f"ServiceRequest/{request['id']}"
    assert (tracking["status"], tracking["owner"]["reference"]) == ("in-progress", kari.nurse.reference)
    assert "'code': 'sent'" in str(tracking["businessStatus"])
    assert tracking["restriction"]["period"]["end"] == "2026-03-03T10:31:00.000Z"
    assert len(kari.store.queue(NOW, Centre()).entries[0].row.items) == 2


def test_lets_red_be_closed_and_its_answer_comes_back(console: Make, centre: Any) -> None:
    kari = console()
    kari.sync()
    red = kari.task()
    with pytest.raises(ActRefused):
        acts.complete(kari.store, kari.nurse, red, "escalated-gp", NOW)
    done = acts.escalate(kari.store, kari.nurse, "p1", "gp", NOW, about=[red])
    acts.complete(kari.store, kari.nurse, red, "escalated-gp", NOW + MINUTE)
    assert kari.sync().pending == 0
    answer = message("", patient="p1", author="Practitioner/gp-berg", at=NOW + MINUTE, text="Øk dosen")
    based = [to_uuid("ServiceRequest", done.op)]
    centre.put({**answer, "id": "a1", "identifier": [], "basedOn": based})
    centre.judge()
    kari.sync()
    assert "gp-answer" in kari.items()


@pytest.mark.parametrize("helper", ["legevakt", "113", "next-of-kin", "home-care"])
def test_to_anybody_else_it_was_spoken_and_nothing_is_waited_for(
    console: Make, centre: Any, clock: Any, helper: str
) -> None:
    kari = console()
    kari.sync()
    done = acts.escalate(kari.store, kari.nurse, "p1", helper, NOW, text="De kommer kl. 11")
    assert kari.sync().pending == 0
    assert only(centre, "ServiceRequest", done.op)["status"] == "completed"
    assert only(centre, "Task", done.tasks[0])["status"] == ItemState.COMPLETED.value
    clock.now += 24 * HOUR
    centre.judge()
    kari.sync()
    assert not {"gp-overdue", "gp-answer", "escalation"} & set(kari.items())
    line = next(one for one in kari.store.patient("p1", clock()).timeline if one.id == done.op)
    assert (line.kind, line.whom, line.text) == ("escalation", helper, "De kommer kl. 11")


def test_the_draft_tells_what_is_known_and_what_is_not(console: Make, spoken: str) -> None:
    kari = console()
    kari.sync()
    acts.contact(kari.store, kari.nurse, "p1", "phone", "reached", NOW, text="tungpust")
    draft = draft_for(kari.store, kari.nurse, "p1", "gp", NOW, centre="Nord-Troms oppfølgingssenter")
    lines = dict(line.split(": ", 1) for line in draft.split("\n"))
    assert list(lines) == ["I", "S", "B", "A", "R"]
    assert "Kari Nordmann, Nord-Troms oppfølgingssenter" in lines["I"]
    assert "Hansen, Nils" in lines["I"] and "13.01.1954" in lines["I"]
    assert "86 %" in lines["S"] and "88" in lines["S"] and "118" in lines["S"]
    assert "kols" in lines["B"] and "tungpust" in lines["B"]
    unknown = {"nb": "Ikke målt siste døgn", "en": "Not measured in the last 24 hours"}
    assert "NEWS2" in lines["A"] and unknown[spoken] in lines["A"]


def test_to_nobody_known_is_refused(console: Make) -> None:
    kari = console()
    kari.sync()
    with pytest.raises(ActRefused, match="legevakt"):
        acts.escalate(kari.store, kari.nurse, "p1", "presten", NOW)
    with pytest.raises(ActRefused, match="no patient"):
        acts.escalate(kari.store, kari.nurse, "p9", "gp", NOW)

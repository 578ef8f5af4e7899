"""Answered forms become readings, one for each answer item."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fhir_r4.questionnaires import form_of, readings_of_response
from fhir_r4.raw import Raw
from fhir_r4.readings import readings_of
from threshold_engine.instants import parse_instant
from threshold_engine.model import Value
from threshold_engine.readings import Reading


def response(*items: Raw, **members: object) -> Raw:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/copd-daily|2.0",
        "subject": {"reference": "https://fhir.example.org/r4/Patient/p1/_history/3"},
        "authored": "2026-03-03T08:00:00+01:00",
        "item": list(items),
        **members,
    }


def item(link: str, *answers: Raw, **members: object) -> Raw:
    return {"linkId": link, "answer": list(answers), **members}


def found(raw: Raw, now: int, mapping: dict[str, str] | None = None) -> list[tuple[str, str, Value]]:
    readings = readings_of(raw, judged_at=now, mapping=mapping)
    return [(r.id, r.code, r.value) for r in readings if isinstance(r, Reading)]


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"valueBoolean": False}, False),
        ({"valueInteger": 3}, 3_000_000),
        ({"valueDecimal": Decimal("2.5")}, 2_500_000),
        ({"valueString": "verre"}, "verre"),
        ({"valueCoding": {"system": "s", "code": "yellow", "display": "Gult"}}, "yellow"),
        ({"valueDate": "2026-03-01"}, "2026-03-01"),
        ({"valueQuantity": {"value": 7, "unit": "d"}}, 7_000_000),
    ],
)
def test_an_answer_is_a_reading(answer: Raw, value: Value, now: int) -> None:
    assert found(response(item("q1", answer)), now) == [("r1#q1", "copd-daily/q1", value)]


def test_patient_and_time_come_from_the_response(now: int) -> None:
    (reading,) = readings_of_response(response(item("q1", {"valueInteger": 1})), judged_at=now)
    assert isinstance(reading, Reading)
    assert (reading.patient, reading.effective) == ("p1", parse_instant("2026-03-03T07:00:00Z"))
    assert reading.received is None


def test_items_in_groups_and_below_answers_are_found(now: int) -> None:
    below = item("a.1", {"valueBoolean": True})
    raw = response({"linkId": "g", "item": [item("a", {"valueInteger": 1, "item": [below]})]})
    assert [code for _, code, _ in found(raw, now)] == ["copd-daily/a", "copd-daily/a.1"]


def test_several_answers_give_a_reading_for_each_chosen_value(now: int) -> None:
    raw = response(
        item("q", {"valueCoding": {"code": "cough"}}, {"valueCoding": {"code": "fever"}}, {"valueInteger": 2})
    )
    assert found(raw, now) == [
        ("r1#q/cough", "copd-daily/q/cough", True),
        ("r1#q/fever", "copd-daily/q/fever", True),
        ("r1#q/2", "copd-daily/q/2", True),
    ]


def test_question_that_may_repeat_gives_its_only_answer_the_same_way(now: int) -> None:
    form = form_of(
        {
            "resourceType": "Questionnaire",
            "url": "http://example.org/Questionnaire/copd-daily",
            "title": "Daglig kols",
            "item": [{"linkId": "g", "item": [{"linkId": "q", "text": "Hva plager?", "repeats": True}]}],
        }
    )
    raw = response(item("q", {"valueCoding": {"code": "cough"}}))
    (reading,) = readings_of_response(raw, judged_at=now, form=form)
    assert isinstance(reading, Reading)
    assert (reading.code, reading.value) == ("copd-daily/q/cough", True)
    assert (form.name, form.title, form.questions["q"]) == ("copd-daily", "Daglig kols", "Hva plager?")


def test_plan_maps_an_answer_to_a_code_of_the_engine(now: int) -> None:
    mapping = {"copd-daily/w": "weight", "copd-daily/t": "temperature"}
    amount = {"valueQuantity": {"value": 180, "system": "http://unitsofmeasure.org", "code": "[lb_av]"}}
    raw = response(item("w", amount), item("t", {"valueDecimal": Decimal("37.9")}))
    assert found(raw, now, mapping) == [
        ("r1#w", "weight", 81_646_627),
        ("r1#t", "temperature", 37_900_000),
    ]


@pytest.mark.parametrize("authored", [None, "2026-03-03", "2099-01-01T00:00:00Z"])
def test_unusable_time_of_a_form_is_a_fault_of_each_answer(authored: str | None, now: int) -> None:
    raw = response(item("q1", {"valueInteger": 1}), authored=authored)
    if authored is None:
        del raw["authored"]
    (fault,) = readings_of_response(raw, judged_at=now)
    assert not isinstance(fault, Reading)
    assert (fault.why, fault.code, fault.reading) == ("time", "copd-daily/q1", "r1#q1")


def test_item_without_answer_is_no_reading(now: int) -> None:
    assert found(response(item("q1"), item("q2", {})), now) == []

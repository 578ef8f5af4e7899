"""What has been seen of readings is carried on like judging all of them, or refuses to be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from fhir_r4.care_plans import care_plan, with_form_mapping
from fhir_r4.compartment import Compartment, evidence_of
from fhir_r4.seen_readings import SeenReadings, judged_anew
from fhir_r4.seen_state import resumed, written
from threshold_engine import StateError, format_instant, parse_instant
from threshold_engine.errors import StateOutdated
from work_items.patient_work import PatientWork
from work_items.rises import steps_beyond

HOUR = 3_600_000
START = parse_instant("2026-03-02T08:00:00Z")
RULES: list[dict[str, Any]] = [
    {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": 92, "need": 2, "of": 3, "clear": 2},
    {"id": "bad", "kind": "answer", "code": "cat/q1", "red": ["bad"]},
]


def reading(number: int, value: float, at: int, **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"o-{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": "Patient/p-1"},
        "effectiveDateTime": format_instant(at),
        "issued": format_instant(at + HOUR // 2),
        "valueQuantity": {"value": Decimal(str(value)), "system": "http://unitsofmeasure.org", "code": "%"},
        **members,
    }


def answer(at: int) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q-1",
        "status": "completed",
        "questionnaire": "http://x/cat",
        "subject": {"reference": "Patient/p-1"},
        "authored": format_instant(at),
        "item": [{"linkId": "q1", "answer": [{"valueString": "fine"}]}],
    }


def compartment(*readings: dict[str, Any], mapping: dict[str, str] | None = None) -> Compartment:
    version = {"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": RULES}
    plan = {**care_plan("p-1", {"versions": [version]}, title="Kols"), "id": "plan"}
    if mapping:
        plan = with_form_mapping(plan, mapping)
    return Compartment.of("p-1", [plan, *readings])


def seen_of(*readings: dict[str, Any], now: int = START, forms: int = 1) -> SeenReadings:
    return judged_anew(evidence_of(compartment(*readings), now), now, forms)


def again(seen: SeenReadings) -> SeenReadings:
    return resumed(written(seen), seen.evidence.choice)


def nothing_new(now: int, **options: Any) -> Any:
    return evidence_of(compartment(**options), now)


def in_alerts(seen: SeenReadings) -> Iterator[Any]:
    """What of the readings in each alert decides when work about it is raised again."""
    facts = seen.facts
    assert seen.judgement is not None
    work = PatientWork(patient="p-1", steps=facts.steps(seen.judgement))
    for episode in seen.judgement.episodes:
        for step in steps_beyond(episode, work):
            yield episode.id, step, facts.received.get(step.reading), step.reading in facts.impossible
        for change in episode.changes:
            reference = facts.references.get(change.reading) if change.reading else None
            yield episode, change, reference, facts.received.get(change.reading or "")


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_down_knows_all_that_alerts_rest_on(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    values = [chance.choice((96, 91, 90, 30, 93)) for _ in range(60)]
    raws = [reading(n, value, START + n * 5 * HOUR) for n, value in enumerate(values)]
    carried = seen_of(*raws[:30], now=START + 150 * HOUR)
    for number in range(30, 60):
        now = START + number * 5 * HOUR + HOUR
        assert carried.go_on(evidence_of(compartment(raws[number]), now), now, 1)
        if chance.random() < 0.4:
            carried = again(carried)

    full = seen_of(*raws, now=carried.now)
    assert list(in_alerts(carried)) == list(in_alerts(full))
    assert len(list(in_alerts(full))) > 20
    assert len(carried.facts.references) < len(full.facts.references)


def test_a_reading_dated_ahead_is_judged_anew_once_its_time_has_come() -> None:
    ahead = reading(1, 91, START + 2 * HOUR)
    del ahead["issued"]
    for seen in (seen_of(ahead), again(seen_of(ahead))):
        assert [one.why for one in seen.evidence.unusable] == ["time"]
        assert seen.go_on(nothing_new(START + HOUR), START + HOUR, 1)
        assert not seen.go_on(nothing_new(START + 2 * HOUR), START + 2 * HOUR, 1)


def test_another_questionnaire_matters_only_where_answers_were_given() -> None:
    assert seen_of(reading(1, 96, START)).go_on(nothing_new(START), START, 2)
    assert again(seen_of(answer(START))).go_on(nothing_new(START), START, 1)
    assert not again(seen_of(answer(START))).go_on(nothing_new(START), START, 2)


def test_answers_that_stand_for_another_measure_are_read_anew() -> None:
    seen = seen_of(answer(START))
    other = evidence_of(compartment(mapping={"cat/q1": "spo2"}), START)
    assert not seen.go_on(other, START, 1)
    with pytest.raises(StateOutdated):
        resumed(written(seen_of(answer(START))), other.choice)


def test_time_that_goes_back_is_judged_anew() -> None:
    assert not seen_of(reading(1, 96, START)).go_on(nothing_new(START - 1), START - 1, 1)


def test_without_a_plan_it_is_known_that_something_was_measured() -> None:
    def without_plan(*readings: dict[str, Any]) -> Any:
        return evidence_of(Compartment.of("p-1", readings), START)

    seen = again(judged_anew(without_plan(reading(1, 96, START)), START, 1))
    assert seen.judgement is None
    assert seen.evidence.measured
    assert seen.go_on(without_plan(), START, 1)
    assert not seen.go_on(nothing_new(START), START, 1), "now there is a plan"
    with pytest.raises(StateError):
        resumed(written(seen), nothing_new(START).choice)

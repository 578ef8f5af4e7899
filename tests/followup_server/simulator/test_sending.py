"""What made-up patients send beside measurements: forms, messages, pictures; and when they are away."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections import Counter

import pytest

from fhir_r4.care_plans import plan_of
from fhir_r4.communications import entry_of
from fhir_r4.raw import Raw, child, text_at
from fhir_r4.readings import readings_of
from followup_server.simulator.generation import Simulation
from followup_server.simulator.pictures import HEIGHT, WIDTH, wound
from followup_server.simulator.sending import Filled, consultation_form
from followup_server.simulator.stories import DAY
from threshold_engine.instants import parse_instant
from threshold_engine.judge import judge_patient
from threshold_engine.readings import Reading

UNTIL = parse_instant("2026-03-03T08:31:00Z")


@pytest.fixture(scope="module")
def made() -> Simulation:
    return Simulation(300, 21, 4, UNTIL)


@pytest.fixture(scope="module")
def sent(made: Simulation) -> list[Raw]:
    return [
        raw
        for numbers, person, arrival in made.arrived()
        if arrival.kinds != ("Observation",)
        for raw in arrival.resources(made.seed, numbers, made.patient_id(person))
    ]


def of_type(resources: list[Raw], kind: str) -> list[Raw]:
    return [raw for raw in resources if raw["resourceType"] == kind]


def test_of_those_asked_two_thirds_want_no_consultation_and_few_dont_answer() -> None:
    made = Simulation(4_000, 3, 1, UNTIL)
    answers = Counter(
        None if form is None else dict(form.answers)["wants-consultation"]
        for person in made.people
        if person.programme == "wrist_fracture"
        for form in [consultation_form(1, person, made.planned(person))]
    )
    shares = {wish: round(100 * count / answers.total()) for wish, count in answers.items()}

    assert answers.total() > 100
    assert abs(shares[False] - 63) <= 8
    assert abs(shares[True] - 32) <= 8
    assert 1 <= shares[None] <= 10


def test_a_wish_is_yellow_none_is_green_and_silence_is_missing() -> None:
    made = Simulation(1_500, 3, 1, UNTIL)
    seen: Counter[tuple[str, ...]] = Counter()
    for person in made.people:
        if person.programme != "wrist_fracture":
            continue
        plan = plan_of(made.care_plan(person)).plan
        answers = [
            reading
            for arrival in made.arrivals(person, made.start, UNTIL)
            if isinstance(arrival, Filled)
            for raw in arrival.resources(1, (1,), plan.patient)
            for reading in readings_of(raw, judged_at=UNTIL)
            if isinstance(reading, Reading)
        ]
        wish = next((one.value for one in answers if one.code == "wrist-fracture/wants-consultation"), None)
        rules = tuple(sorted({e.rule for e in judge_patient(plan, answers, UNTIL).episodes}))
        if wish is True:
            assert "wants-consultation" in rules
        elif wish is False:
            assert rules == ()
        else:
            assert rules in ((), ("no-answer",)), "not asked long enough ago, or overdue"
        seen[rules] += 1
    assert seen[()] and seen["no-answer",] and seen["wants-consultation",]


def test_the_ill_answer_daily_that_they_are_worse(made: Simulation) -> None:
    days: Counter[bool] = Counter()
    worse: Counter[bool] = Counter()
    for _, person, arrival in made.arrived():
        illness = made.story(person).deterioration
        if isinstance(arrival, Filled) and arrival.form in ("copd-daily", "heart-failure-daily"):
            severity = illness.severity(arrival.at) if illness else 0.0
            if 0.2 < severity < 0.6:
                continue  # on the way
            is_ill = severity > 0.5
            days[is_ill] += 1
            worse[is_ill] += dict(arrival.answers)["breathlessness"] == "worse"
    assert worse[True] > 0.7 * days[True] > 10
    assert worse[False] < 0.1 * days[False]


def test_a_score_is_derived_from_the_answers_that_it_sums_up(sent: list[Raw]) -> None:
    responses = {f"QuestionnaireResponse/{raw['id']}": raw for raw in of_type(sent, "QuestionnaireResponse")}
    scores = of_type(sent, "Observation")
    assert scores
    for score in scores:
        source = responses[score["derivedFrom"][0]["reference"]]  # type: ignore[index]
        points = [item["answer"][0]["valueInteger"] for item in source["item"]]  # type: ignore[index, attr-defined]
        assert (len(points), sum(points)) == (9, score["valueInteger"])
        assert source["subject"] == score["subject"]


def test_messages_come_from_the_patients_themselves(sent: list[Raw]) -> None:
    entries = [entry_of(raw) for raw in of_type(sent, "Communication")]
    assert 15 <= len(entries) <= 120
    assert all(
        one.inbound and one.category == "message" and one.text and one.medium == "app" for one in entries
    )


def test_a_picture_is_a_small_png_and_says_whose(sent: list[Raw]) -> None:
    binaries = {f"Binary/{raw['id']}": raw for raw in of_type(sent, "Binary")}
    pictures = of_type(sent, "Media")
    assert len(pictures) == len(binaries) > 5
    for media in pictures:
        binary = binaries[str(text_at(media, "content", "url"))]
        data = b64decode(str(binary["data"]))
        assert len(data) == child(media, "content")["size"] < 4_000
        assert child(binary, "securityContext") == media["subject"]


def test_a_wound_is_drawn_the_same_each_time_and_smaller_as_it_heals() -> None:
    data = wound(1, 5, 0.9)
    assert data == wound(1, 5, 0.9)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data[16:24] == WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big")
    raw = [zlib.decompress(one[one.index(b"IDAT") + 4 : -16]) for one in (data, wound(1, 5, 0.2))]
    assert all(len(one) == HEIGHT * (WIDTH + 1) for one in raw)
    areas = [sum(pixel >= 4 for pixel in one) for one in raw]
    assert areas[0] > 3 * areas[1] > 0


def test_nothing_is_missed_of_somebody_away_while_the_plan_is_paused(made: Simulation) -> None:
    away = [person for person in made.people if made.story(person).away]
    ongoing = 0
    assert len(away) >= 5
    for person in away:
        stay = made.story(person).away
        assert stay is not None
        plan = plan_of(made.care_plan(person)).plan
        assert [pause.start for pause in plan.pauses] == [stay.begins]
        arrivals = list(made.arrivals(person, made.start, UNTIL))
        assert not any(stay.holds(one.at) for one in arrivals)
        assert any(one.at < stay.begins for one in arrivals)
        ongoing += stay.holds(UNTIL)
        missing = [e for e in judge_patient(plan, [], UNTIL).episodes if e.rule == "no-measurement"]
        assert not any(stay.begins < e.onset < min(stay.ends or UNTIL, UNTIL) for e in missing)
    assert ongoing >= 2
    assert all(made.story(person).away.begins > made.start - DAY for person in away)  # type: ignore[union-attr]

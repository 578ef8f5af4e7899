"""What the templates' own rules say of single values and answers, whoever the person is."""

from __future__ import annotations

import pytest

from programmes import load_template, propose
from threshold_engine import Level, Reading, Value, judge_patient, parse_instant, read_plan

NOW = parse_instant("2026-02-01T08:00:00Z")
HOUR = 3_600_000
DAY = 24 * HOUR
ONE = 1_000_000


def worst(
    programme: str, *told: tuple[str, Value, int], usual: dict[str, int] | None = None
) -> dict[str, Level]:
    """Rule → worst level of (code, value, instant after the plan), after a steady fortnight of `usual`."""
    before = [
        Reading(f"{code}{day}", "p", code, value * ONE, NOW - (14 - day) * DAY)
        for code, value in (usual or {}).items()
        for day in range(14)
    ]
    plan = read_plan(propose(load_template(programme), before, NOW, patient="p").plan)
    after = [Reading(f"r{n}", "p", code, value, NOW + at) for n, (code, value, at) in enumerate(told)]
    until = max((at for _, _, at in told), default=0) + HOUR
    return {e.rule: e.peak for e in judge_patient(plan, [*before, *after], NOW + until).episodes}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (True, {"wants-consultation": Level.YELLOW}),
        ("yes", {"wants-consultation": Level.YELLOW}),
        (False, {}),
    ],
)
def test_who_wants_a_consultation_is_yellow_and_who_wants_none_is_nothing(
    answer: Value, found: dict[str, Level]
) -> None:
    assert worst("wrist_fracture", ("wrist-fracture/wants-consultation", answer, HOUR)) == found


def test_no_answer_to_the_form_is_noticed_after_a_week() -> None:
    assert worst("wrist_fracture", ("other", True, 34 * DAY)) == {}
    assert worst("wrist_fracture", ("other", True, 36 * DAY)) == {"no-answer": Level.YELLOW}


@pytest.mark.parametrize(("answer", "red"), [(0, False), (ONE, True), (3 * ONE, True), ("LA6569-3", True)])
def test_any_thought_of_death_is_red_at_once(answer: Value, red: bool) -> None:
    assert worst("mental_health", ("phq-9/9", answer, HOUR)) == (
        {"thoughts-of-death": Level.RED} if red else {}
    )


@pytest.mark.parametrize(
    ("readings", "level"),
    [
        ([(37_900_000, 0)], None),
        ([(38_000_000, 0)], Level.YELLOW),
        ([(38_300_000, 0)], Level.RED),
        ([(38_000_000, 0), (38_100_000, HOUR)], Level.RED),
    ],
)
def test_fever_under_chemotherapy(readings: list[tuple[int, int]], level: Level | None) -> None:
    found = worst("cancer", *(("temperature", value, HOUR + at) for value, at in readings))
    assert max(found.values(), default=None) == level


def test_one_symptom_of_three_is_left_in_peace_and_two_are_not() -> None:
    first, second = ("copd-daily/breathlessness", True, HOUR), ("copd-daily/sputum-colour", True, HOUR)
    assert worst("copd", first) == {}
    assert worst("copd", first, second)["anthonisen"] is Level.YELLOW


@pytest.mark.parametrize(
    ("programme", "code", "usual", "value", "rule"),
    [
        ("copd", "spo2", 94, 83, "spo2-very-low"),
        ("heart_failure", "bp_sys", 125, 88, "bp-sys-very-low"),
        ("heart_failure", "pulse", 70, 140, "pulse-very-high"),
        ("hypertension", "bp_sys", 140, 88, "bp-sys-low"),
        ("diabetes", "glucose", 8, 2, "glucose-low"),
        ("pregnancy", "bp_sys", 115, 160, "bp-sys-severe"),
    ],
)
def test_a_dangerous_value_is_red_at_once(
    programme: str, code: str, usual: int, value: int, rule: str
) -> None:
    assert worst(programme, (code, value * ONE, HOUR), usual={code: usual})[rule] is Level.RED


def test_a_cold_finger_twice_in_a_minute_is_left_in_peace() -> None:
    usual = {"spo2": 96, "pulse": 75, "resp_rate": 16}
    cold = [("spo2", 92 * ONE, HOUR), ("spo2", 92 * ONE, HOUR + 60_000), ("pulse", 76 * ONE, HOUR)]
    assert worst("copd", *cold, usual=usual) == {}


def test_a_little_of_everything_is_called_at_once() -> None:
    usual = {"spo2": 94, "pulse": 75, "resp_rate": 16}
    worse = [("spo2", 91 * ONE, HOUR), ("pulse", 86 * ONE, HOUR), ("resp_rate", 20 * ONE, HOUR)]
    assert worst("copd", *worse, usual=usual) == {"worse-at-once": Level.YELLOW}


def test_weight_that_stays_up_is_told_and_clothes_once_are_not() -> None:
    usual = {"weight": 80}
    once = [("weight", 81_800_000, 22 * HOUR), ("weight", 80 * ONE, 46 * HOUR)]
    stays = [("weight", 82_500_000, 22 * HOUR), ("weight", 82_600_000, 46 * HOUR)]
    assert worst("heart_failure", *once, usual=usual) == {}
    assert worst("heart_failure", *stays, usual=usual)["weight-rise"] is Level.RED

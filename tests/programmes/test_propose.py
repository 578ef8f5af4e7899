"""Plans proposed from the person's own first readings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programmes import Proposal, load_template, propose, template_names
from threshold_engine.instants import format_instant, parse_instant
from threshold_engine.plans import read_plan
from threshold_engine.readings import Reading

START = parse_instant("2026-01-05T07:00:00Z")
DAY = 86_400_000
NOW = START + 21 * DAY


def daily(code: str, values: list[float], *, patient: str = "p1") -> list[Reading]:
    return [
        Reading(f"{code}{day}", patient, code, round(value * 10) * 100_000, START + day * DAY)
        for day, value in enumerate(values)
    ]


def stable(code: str, mean: float, spread: float, days: int = 21) -> list[Reading]:
    random = Random(f"{code}/{mean}")  # noqa: S311 - test data
    return daily(code, [random.gauss(mean, spread) for _ in range(days)])


def rule(proposal: Proposal, name: str) -> dict[str, object]:
    versions = proposal.plan["versions"]
    assert isinstance(versions, list)
    return next(rule for rule in versions[0]["rules"] if rule["id"] == name)


@pytest.mark.parametrize("name", template_names())
@pytest.mark.parametrize("days", [0, 3, 14, 28])
def test_every_proposal_is_a_plan_that_the_engine_takes(name: str, days: int) -> None:
    template = load_template(name)
    means = {"spo2": 93, "pulse": 72, "resp_rate": 17, "temperature": 36.6}
    means |= {"bp_sys": 138, "bp_dia": 82, "weight": 78, "glucose": 8}
    means |= {"pef": 300, "loinc.org|44261-6": 9}
    readings = [r for m in template.measures for r in stable(m.code, means[m.code], 1, days)]
    proposal = propose(template, readings, NOW, patient="p1")
    read_plan(proposal.plan)
    assert proposal.plan["patient"] == "p1"


def test_the_plan_is_in_force_from_now() -> None:
    proposal = propose(load_template("diabetes"), [], NOW, patient="p1")
    versions = proposal.plan["versions"]
    assert isinstance(versions, list)
    assert [version["valid_from"] for version in versions] == [format_instant(NOW)]


@pytest.mark.parametrize(("usual", "yellow", "red"), [(96, 92, 89), (93, 90, 88), (89, 86, 84)])
def test_saturation_limits_follow_what_is_usual_for_the_person(usual: int, yellow: int, red: int) -> None:
    low = rule(propose(load_template("copd"), daily("spo2", [usual] * 14), NOW), "spo2-low")
    assert (low["yellow_below"], low["red_below"]) == (yellow, red)


def test_a_noisy_person_gets_wider_limits_than_a_steady_one() -> None:
    template = load_template("copd")
    steady = rule(propose(template, stable("pulse", 80, 3), NOW), "pulse-high")
    noisy = rule(propose(template, stable("pulse", 80, 9), NOW), "pulse-high")
    assert noisy["yellow_above"] > steady["yellow_above"]  # type: ignore[operator]


def test_a_few_wrong_measurements_do_not_move_the_limits() -> None:
    template = load_template("heart_failure")
    good = stable("weight", 80, 0.4)
    wrong = [
        replace(reading, value=82_500_000) if i in (3, 11) else reading for i, reading in enumerate(good)
    ]
    before = rule(propose(template, good, NOW), "weight-drift")["yellow_above"]
    after = rule(propose(template, wrong, NOW), "weight-drift")["yellow_above"]
    assert abs(after - before) <= Decimal("0.8")  # type: ignore[operator]


def test_too_few_readings_give_limits_no_narrower_than_own_ones() -> None:
    template = load_template("copd")
    few = rule(propose(template, daily("spo2", [94] * 4), NOW), "spo2-low")
    own = rule(propose(template, daily("spo2", [94] * 14), NOW), "spo2-low")
    assert few["yellow_below"] <= own["yellow_below"]  # type: ignore[operator]
    assert few["red_below"] <= own["red_below"]  # type: ignore[operator]


def test_steps_of_the_score_are_wider_for_who_is_less_steady_and_widest_where_little_is_known() -> None:
    template = load_template("copd")

    def first_step(readings: list[Reading]) -> object:
        terms = rule(propose(template, readings, NOW, patient="p1"), "worse-again")["terms"]
        assert isinstance(terms, list)
        return next(t["rise"][0]["at"] for t in terms if t["code"] == "pulse" and "rise" in t)

    assert [first_step(stable("pulse", 80, 2)), first_step(stable("pulse", 80, 5)), first_step([])] == [
        7,
        10,
        14,
    ]


def test_peak_flow_limits_are_shares_of_the_persons_best() -> None:
    low = rule(propose(load_template("copd"), daily("pef", [380, 400, 390] * 5), NOW), "pef-low")
    assert (low["yellow_below"], low["red_below"]) == (240, 200)


def test_weight_limits_wait_for_the_first_weighing() -> None:
    template = load_template("heart_failure")
    none = propose(template, [], NOW, patient="p1")
    assert "weight-drift" not in {r["id"] for r in none.plan["versions"][0]["rules"]}  # type: ignore[index]
    assert "–" in none.zones[0].patient
    one = rule(propose(template, daily("weight", [70.4]), NOW), "weight-drift")
    assert (one["yellow_below"], one["yellow_above"]) == (Decimal("66.4"), Decimal("74.4"))


def test_more_than_two_kilos_in_three_days_is_red_at_two_point_one() -> None:
    rise = rule(propose(load_template("heart_failure"), [], NOW, patient="p1"), "weight-rise")
    assert (rise["window"], rise["rise_red"]) == ("P3D", Decimal("2.1"))


def test_what_is_wrong_implausible_or_later_than_now_is_left_out() -> None:
    template = load_template("copd")
    good = daily("spo2", [94] * 14)
    bad = [
        replace(good[0], id="x1", effective=START + 5, value=8_000_000),
        replace(good[0], id="x2", effective=START + 6, value=60_000_000, status="entered-in-error"),
        replace(good[0], id="x3", effective=NOW + 1, value=60_000_000),
        replace(good[0], id="x4", effective=START + DAY, received=START, value=60_000_000),
        replace(good[0], id="x5", effective=START + 7, value="LO"),
    ]
    assert propose(template, good + bad, NOW).plan == propose(template, good, NOW).plan


def test_a_corrected_reading_counts_as_corrected() -> None:
    template = load_template("copd")
    good = daily("spo2", [94] * 10)
    corrected = [replace(reading, value=91_000_000, version=2) for reading in good]
    assert propose(template, good + corrected, NOW).basis["spo2"].median == 91


def test_zones_say_the_limits_in_the_patients_words() -> None:
    zones = propose(load_template("heart_failure"), daily("weight", [80.0] * 14), NOW).zones
    assert "mellom 78 og 81,8 kg" in zones[0].patient
    assert not any("{" in zone.patient + zone.centre for zone in zones)


def test_readings_of_two_people_are_refused() -> None:
    readings = daily("spo2", [94] * 3) + daily("spo2", [94] * 3, patient="p2")
    with pytest.raises(ValueError, match="one patient"):
        propose(load_template("copd"), readings, NOW)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(template_names()),
    values=st.lists(st.integers(0, 400_000_000), max_size=30),
    order=st.randoms(use_true_random=False),
)
def test_any_readings_give_a_valid_plan_whatever_their_order(
    name: str, values: list[int], order: Random
) -> None:
    template = load_template(name)
    readings = [
        Reading(f"{measure.code}{day}", "p1", measure.code, value, START + day * DAY)
        for measure in template.measures
        for day, value in enumerate(values)
    ]
    shuffled = order.sample(readings, len(readings))
    proposal = propose(template, readings, NOW, patient="p1")
    read_plan(proposal.plan)
    assert propose(template, shuffled, NOW, patient="p1").plan == proposal.plan

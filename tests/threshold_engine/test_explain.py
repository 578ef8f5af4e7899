"""Why a level changed, and what each step was, as data."""

from collections.abc import Callable
from typing import Any

from threshold_engine import (
    Because,
    Level,
    PatientJudge,
    Share,
    judge_patient,
    parse_instant,
    read_plan,
    read_reading,
)

Case = Callable[..., dict[str, Any]]
ZERO = parse_instant("2026-03-01T00:00:00Z")
HOUR = 3_600_000


def judge(raw: dict[str, Any]) -> PatientJudge:
    readings = [reading for reading in map(read_reading, raw["readings"]) if reading is not None]
    return judge_patient(read_plan(raw["plans"][0]), readings, parse_instant(raw["now"]))


def only(judgement: PatientJudge) -> tuple[Because, ...]:
    (episode,) = judgement.episodes
    return judgement.explain(episode)


def test_limit_names_limit_value_and_the_readings_that_counted(case: Case) -> None:
    rule = {"id": "l", "kind": "limit", "code": "spo2", "red_below": 88, "need": 2, "of": 3}
    rows = [("a", "spo2", 86, 1), ("b", "spo2", 95, 2), ("c", "spo2", 85, 3)]

    (because,) = only(judge(case([rule], rows, 9)))

    assert because == Because(
        at=ZERO + 3 * HOUR,
        level=Level.RED,
        kind="limit",
        codes=("spo2",),
        direction="below",
        limit=88_000_000,
        measured=85_000_000,
        beyond=2,
        need=2,
        of=3,
        readings=(("a", ZERO + HOUR, 86_000_000), ("c", ZERO + 3 * HOUR, 85_000_000)),
    )


def test_fall_from_red_to_yellow_names_the_yellow_limit(case: Case) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "yellow_above": 6, "red_above": 8, "deadband": 1}
    red, yellow = only(judge(case([rule], [("a", "k", 9, 1), ("b", "k", 5.5, 2)], 9)))

    assert (red.level, red.limit, red.measured, red.beyond) == (Level.RED, 8_000_000, 9_000_000, 1)
    assert (yellow.level, yellow.direction, yellow.limit) == (Level.YELLOW, "above", 6_000_000)
    assert yellow.measured == 5_500_000


def test_change_names_the_rise(case: Case) -> None:
    rule = {"id": "c", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2, "fall_red": 5}
    (because,) = only(judge(case([rule], [("a", "weight", 80.3, 1), ("b", "weight", 82.4, 9)], 9)))

    assert (because.direction, because.limit, because.measured) == ("rise", 2_000_000, 2_100_000)


def test_change_against_the_median_names_the_fall(case: Case) -> None:
    rule = {
        "id": "c",
        "kind": "change",
        "code": "k",
        "window": "P3D",
        "fall_red": 5,
        "reference": "median",
    }
    rows = [("a", "k", 10, 1), ("b", "k", 11, 2), ("c", "k", 5, 3)]
    (because,) = only(judge(case([rule], rows, 9)))

    assert (because.direction, because.limit, because.measured) == ("fall", 5_000_000, 5_500_000)


def test_average_names_the_statistic(case: Case) -> None:
    rule = {
        "id": "a",
        "kind": "average",
        "code": "bp_sys",
        "window": "P7D",
        "stat": "mean",
        "yellow_above": 135,
    }
    rows = [("a", "bp_sys", 141, 1), ("b", "bp_sys", 130, 2), ("c", "bp_sys", 145, 3)]
    first, *_ = only(judge(case([rule], rows, 9)))

    assert (first.direction, first.limit, first.measured) == ("above", 135_000_000, 135_500_000)


def test_points_name_the_sum_and_what_gave_points(case: Case) -> None:
    terms = [{"code": code, "below": [{"at": 5, "points": 2}]} for code in ("a", "b", "c")]
    rule = {"id": "p", "kind": "points", "terms": terms, "yellow_at": 4}
    rows = [("1", "a", 4, 1), ("2", "b", 9, 2), ("3", "c", 3, 3)]
    (because,) = only(judge(case([rule], rows, 9)))

    assert (because.codes, because.limit, because.measured) == (("a", "c"), 4_000_000, 4_000_000)
    assert [reading for reading, _, _ in because.readings] == ["1", "3"]


def test_points_name_what_each_term_gave_and_what_was_usual(case: Case) -> None:
    trend = {
        "code": "spo2",
        "fall": [{"at": 3, "points": 2}],
        "baseline": "P2D",
        "lag": "PT1H",
        "at_least": 2,
    }
    answer = {"code": "cough", "values": [True], "points": 1}
    rule = {"id": "p", "kind": "points", "terms": [trend, answer], "yellow_at": 3}
    rows = [("1", "spo2", 94, 1), ("2", "spo2", 95, 2), ("3", "cough", True, 5), ("4", "spo2", 90, 6)]
    (because,) = only(judge(case([rule], rows, 9)))

    assert because.shares == (Share("spo2", 90_000_000, 2, 94_500_000), Share("cough", True, 1))


def test_missing_names_since_when(case: Case) -> None:
    rule = {
        "id": "m",
        "kind": "missing",
        "codes": ["x"],
        "every": "PT6H",
        "grace": "PT1H",
        "red_after": "PT3H",
    }
    yellow, red = only(judge(case([rule], [("a", "x", 1, 2)], 20)))

    assert (yellow.codes, yellow.since) == (("x",), ZERO + 2 * HOUR)
    assert red.since == ZERO + 2 * HOUR


def test_score_names_the_sum_or_the_parameter_that_scores_three(case: Case) -> None:
    rule = {"id": "s", "kind": "score", "score": "news2", "scale": 1, "required": [], "red_at": 5}
    rows = [("a", "pulse", 140, 1), ("b", "spo2", 96, 1), ("c", "resp_rate", 22, 1.5)]
    single, total = only(judge(case([rule], rows, 9)))

    assert (single.codes, single.limit, single.measured) == (("pulse",), 3_000_000, 3_000_000)
    assert [reading for reading, _, _ in single.readings] == ["a"]
    assert (total.limit, total.measured) == (5_000_000, 5_000_000)
    assert [reading for reading, _, _ in total.readings] == ["a", "b", "c"]


def test_answer_and_count_name_the_answers(case: Case) -> None:
    rules = [
        {"id": "1", "kind": "answer", "code": "a", "red": ["bad"]},
        {"id": "2", "kind": "count", "answers": {"a": ["bad"], "b": [True]}, "window": "P1D", "yellow_at": 2},
    ]
    judgement = judge(case(rules, [("x", "b", True, 1), ("y", "a", "bad", 2)], 9))
    answer, count = (judgement.explain(episode)[0] for episode in judgement.episodes)

    assert (answer.measured, answer.readings) == ("bad", (("y", ZERO + 2 * HOUR, "bad"),))
    assert (count.codes, count.limit, count.measured) == (("a", "b"), 2_000_000, 2_000_000)
    assert [reading for reading, _, _ in count.readings] == ["x", "y"]


def test_implausible_tells_value_from_time(case: Case, at: Callable[[float], str]) -> None:
    by_value = only(judge(case([], [("a", "spo2", 45, 1)], 9)))[0]
    by_time = only(judge(case([], [("a", "spo2", 45, 9, {"received": at(1)})], 9)))[0]

    assert (by_value.direction, by_value.limit, by_value.measured) == ("below", 50_000_000, 45_000_000)
    assert (by_time.direction, by_time.limit, by_time.measured) == (None, None, 45_000_000)
    assert by_time.readings == (("a", ZERO + HOUR, 45_000_000),)


def test_steps_are_those_of_all_lives_and_none_of_timers(case: Case) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "yellow_above": 5, "need": 2, "of": 2}
    wait = {"id": "m", "kind": "missing", "codes": ["k"], "every": "PT6H"}
    rows = [("a", "k", 6, 1), ("b", "k", 6, 3), ("c", "k", 1, 5), ("d", "k", "x", 6)]
    judgement = judge(case({2: [rule, wait], 4: [rule | {"note": "x"}, wait]}, rows, 9))

    assert [(s.reading, s.beyond) for s in judgement.steps("l")] == [("b", Level.YELLOW), ("c", Level.GREEN)]
    assert judgement.steps("m") == ()
    assert judgement.steps("nobody") == ()


def test_steps_of_implausible_are_both_kinds_of_reading(case: Case) -> None:
    judgement = judge(case([], [("a", "spo2", 5, 1), ("b", "spo2", 97, 2)], 9))

    assert [(s.reading, s.beyond) for s in judgement.steps("implausible:spo2")] == [
        ("a", Level.YELLOW),
        ("b", Level.GREEN),
    ]


def test_episode_of_other_readings_is_explained_as_far_as_it_is_known(case: Case) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "yellow_above": 5}
    (episode,) = judge(case([rule], [("a", "k", 6, 1)], 9)).episodes

    assert judge(case([rule], [("b", "k", 6, 2)], 9)).explain(episode) == ()

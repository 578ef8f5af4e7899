"""The kinds missing, score, answer, count and implausible, sentence by sentence."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from threshold_engine.news2 import points_of
from threshold_engine.numbers import scaled

Judged = Callable[..., list[Any]]
MISSING: dict[str, object] = {"id": "m", "kind": "missing", "codes": ["x", "y"], "every": "PT6H"}


def levels(episodes: list[Any]) -> list[tuple[float, str]]:
    return [(at, level) for _, changes, _ in episodes for at, level, _ in changes]


def test_missing_goes_yellow_then_red_counted_from_every(judged: Judged) -> None:
    rule = MISSING | {"grace": "PT1H", "red_after": "PT3H"}
    assert levels(judged([rule], [], 20)) == [(7, "yellow"), (9, "red")]


def test_missing_is_over_with_any_of_the_codes(judged: Judged) -> None:
    rows = [("b", "y", 1, 8), ("a", "x", "text", 8), ("c", "z", 1, 7)]
    assert judged([MISSING], rows, 9) == [("m", [(6, "yellow", None), (8, "green", "a")], "reading")]


def test_missing_waits_anew_from_each_reading(judged: Judged) -> None:
    rows = [("a", "x", 1, 2), ("b", "x", 1, 3)]
    assert levels(judged([MISSING], rows, 20)) == [(9, "yellow")]


def test_reading_from_before_the_life_is_no_anchor(judged: Judged) -> None:
    assert levels(judged({4: [MISSING]}, [("a", "x", 1, 3)], 20)) == [(10, "yellow")]


def test_implausible_reading_is_no_anchor(judged: Judged) -> None:
    rule = MISSING | {"codes": ["spo2"]}
    found = judged([rule], [("a", "spo2", 5, 3)], 20)
    assert [(rule, changes[0][0]) for rule, changes, _ in found] == [("implausible:spo2", 3), ("m", 6)]


def test_pause_clears_and_its_end_is_an_anchor(judged: Judged) -> None:
    assert judged([MISSING], [], 20, pauses=[(7, 10)]) == [
        ("m", [(6, "yellow", None), (7, "green", None)], "pause"),
        ("m", [(16, "yellow", None)], None),
    ]


def test_nothing_is_missing_in_a_pause_that_goes_on(judged: Judged) -> None:
    assert judged([MISSING], [], 2000, pauses=[(5, None), (8, 9)]) == []


def test_pause_that_ends_before_it_begins_is_none(judged: Judged) -> None:
    assert levels(judged([MISSING], [], 7, pauses=[(5, 5), (4, 3)])) == [(6, "yellow")]


def test_overlapping_pauses_are_one(judged: Judged) -> None:
    assert levels(judged([MISSING], [], 20, pauses=[(4, 8), (2, 5), (3, 4)])) == [(14, "yellow")]


def test_pause_over_before_the_life_is_no_anchor_after_it(judged: Judged) -> None:
    assert levels(judged({4: [MISSING]}, [], 20, pauses=[(1, 3)])) == [(10, "yellow")]


def test_pause_that_covers_the_whole_life_leaves_it_green(judged: Judged) -> None:
    assert judged({4: [MISSING], 12: []}, [], 20, pauses=[(3, 13)]) == []


def test_reading_in_a_pause_starts_no_timer(judged: Judged) -> None:
    assert levels(judged([MISSING], [("a", "x", 1, 3)], 20, pauses=[(2, 12)])) == [(18, "yellow")]


def test_reading_at_the_instant_a_pause_begins_comes_after_it(judged: Judged) -> None:
    found = judged([MISSING], [("a", "x", 1, 7)], 12, pauses=[(7, 8)])
    assert found == [("m", [(6, "yellow", None), (7, "green", None)], "pause")]


def test_reading_at_the_instant_a_pause_ends_leaves_nothing_missing(judged: Judged) -> None:
    rule = MISSING | {"every": "PT0S"}
    found = judged([rule], [("a", "x", 1, 8)], 8, pauses=[(0, 8)])
    assert found == [("m", [(8, "yellow", None)], None)]


def test_changed_plan_ends_an_open_episode_and_begins_green(judged: Judged) -> None:
    assert judged({0: [MISSING], 8: [MISSING | {"every": "PT7H"}]}, [], 20) == [
        ("m", [(6, "yellow", None), (8, "green", None)], "plan"),
        ("m", [(15, "yellow", None)], None),
    ]


def test_pauses_act_on_missing_only(judged: Judged) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "red_above": 5}
    assert levels(judged([rule], [("a", "k", 9, 3)], 4, pauses=[(1, None)])) == [(3, "red")]


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "x"},
        {"label": "x"},
        {"deadband": 0},
        {"deadband": None},
        {"red_above": Decimal("5.0000001")},
        {"code": "K"},
        {"within": "P1D"},
    ],
)
def test_other_content_as_written_is_another_rule(changed: dict[str, object], judged: Judged) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "red_above": 5}
    found = judged({0: [rule], 4: [rule | changed]}, [("a", "k", 9, 3)], 6)
    assert found == [("l", [(3, "red", "a"), (4, "green", None)], "plan")]


def test_same_content_in_other_words_of_json_is_the_same_rule(judged: Judged) -> None:
    rule = {"id": "l", "kind": "limit", "code": "k", "red_above": 5, "need": 1}
    same = {"need": Decimal("1.0"), "red_above": Decimal("5E0"), "kind": "limit", "code": "k", "id": "l"}
    assert levels(judged({0: [rule], 4: [same]}, [("a", "k", 9, 3)], 6)) == [(3, "red")]


def test_duration_written_otherwise_is_other_content(judged: Judged) -> None:
    again = MISSING | {"every": "PT360M"}
    assert levels(judged({0: [MISSING], 5: [again]}, [], 10.9)) == []
    assert levels(judged({0: [MISSING], 5: [again]}, [], 11)) == [(11, "yellow")]


@pytest.mark.parametrize(
    ("code", "bands"),
    [
        ("resp_rate", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3, 8.499999: 3, 8.5: 1}),
        ("bp_sys", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3, 219.5: 3}),
        ("pulse", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("spo2", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0, 95.5: 0}),
        (
            "temperature",
            {35: 3, 35.05: 1, 35.1: 1, 36: 1, 36.1: 0, 38: 0, 38.04: 0, 38.1: 1, 39: 1, 39.05: 2, 39.1: 2},
        ),
        ("consciousness", {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}),
        ("oxygen", {True: 2, False: 0}),
    ],
)
def test_news2_points_at_the_ends_of_each_band(code: str, bands: dict[Any, int]) -> None:
    for value, expected in bands.items():
        plain = isinstance(value, bool | str)
        given = value if plain else scaled(Decimal(str(value)))
        assert points_of({code: given}, 1) == {code: expected}, value


@pytest.mark.parametrize(
    ("value", "on_air", "on_oxygen"),
    [
        (83, 3, 3),
        (84, 2, 2),
        (85, 2, 2),
        (86, 1, 1),
        (87, 1, 1),
        (88, 0, 0),
        (92, 0, 0),
        (93, 0, 1),
        (94, 0, 1),
        (95, 0, 2),
        (96, 0, 2),
        (97, 0, 3),
        (100, 0, 3),
        (92.5, 0, 1),
    ],
)
def test_news2_scale_2_asks_for_oxygen(value: float, on_air: int, on_oxygen: int) -> None:
    given = scaled(Decimal(str(value)))
    assert points_of({"spo2": given}, 2)["spo2"] == on_air
    assert points_of({"spo2": given, "oxygen": False}, 2)["spo2"] == on_air
    assert points_of({"spo2": given, "oxygen": True}, 2)["spo2"] == on_oxygen


SCORE: dict[str, object] = {"id": "s", "kind": "score", "score": "news2", "scale": 1, "required": ["pulse"]}


def test_score_needs_all_seven_unless_said_otherwise(judged: Judged) -> None:
    everything = {"id": "s", "kind": "score", "score": "news2", "scale": 1}
    rows: list[Any] = [
        ("1", "pulse", 140, 1),
        ("2", "spo2", 90, 1),
        ("3", "resp_rate", 30, 1),
        ("4", "bp_sys", 120, 1),
        ("5", "temperature", 37, 1),
        ("6", "consciousness", "A", 1),
    ]
    assert judged([everything], rows, 2) == []
    assert judged([everything], [*rows, ("7", "oxygen", False, 1)], 2) == [("s", [(1, "red", "4")], None)]


def test_required_oxygen_must_be_known(judged: Judged) -> None:
    rule = SCORE | {"required": ["oxygen"], "yellow_at": 1}
    assert judged([rule], [("a", "pulse", 140, 1)], 2) == []


def test_single_parameter_with_three_is_yellow_unless_switched_off(judged: Judged) -> None:
    assert levels(judged([SCORE], [("a", "pulse", 140, 1)], 2)) == [(1, "yellow")]
    assert levels(judged([SCORE | {"single": False}], [("a", "pulse", 140, 1)], 2)) == []


def test_score_stays_as_it_is_while_a_required_one_is_missing(judged: Judged) -> None:
    rows = [("a", "pulse", 140, 1), ("b", "spo2", 99, 5), ("c", "pulse", 80, 6)]
    assert levels(judged([SCORE], rows, 9)) == [(1, "yellow"), (6, "green")]


@pytest.mark.parametrize(
    ("code", "value"), [("oxygen", 1), ("oxygen", "true"), ("consciousness", "a"), ("consciousness", True)]
)
def test_what_cannot_be_scored_is_as_if_it_were_not_there(code: str, value: object, judged: Judged) -> None:
    rule = SCORE | {"required": [], "yellow_at": 2, "window": "P1D", "single": False}
    good: object = True if code == "oxygen" else "V"
    rows = [("a", code, good, 1), ("b", code, value, 2)]
    assert levels(judged([rule], rows, 9)) == [(1, "yellow")]


def test_score_on_nothing_required_sums_what_there_is(judged: Judged) -> None:
    rule = SCORE | {"required": [], "yellow_at": 4}
    rows = [("b", "spo2", 92, 1), ("a", "pulse", 120, 1)]
    assert judged([rule], rows, 2) == [("s", [(1, "yellow", "a")], None)]


ANSWER: dict[str, object] = {"id": "q", "kind": "answer", "code": "k"}


def test_answer_goes_by_each_value_red_first(judged: Judged) -> None:
    rule = ANSWER | {"yellow": ["some", "much"], "red": ["much"]}
    rows = [("a", "k", "some", 1), ("b", "k", "much", 2), ("c", "k", "none", 3), ("d", "k", "much", 4)]
    assert levels(judged([rule], rows, 9)) == [(1, "yellow"), (2, "red"), (3, "green"), (4, "red")]


@pytest.mark.parametrize(
    ("listed", "value", "same"),
    [
        (True, True, True),
        (True, "true", False),
        (True, 1, False),
        (1, True, False),
        (Decimal("0.000001"), True, False),
        (3, Decimal("3.0"), True),
        (3, "3", False),
        ("é", "e\u0301", False),
        ("Ja", "ja", False),
        (Decimal("1.0000004"), 1, True),
    ],
)
def test_answers_compare_as_data(listed: object, value: object, same: bool, judged: Judged) -> None:
    assert bool(judged([ANSWER | {"red": [listed]}], [("a", "k", value, 1)], 2)) is same


COUNT: dict[str, object] = {
    "id": "n",
    "kind": "count",
    "answers": {"a": ["yes"], "b": [True], "c": [3]},
    "window": "PT3H",
    "yellow_at": 2,
    "red_at": 3,
}


def test_count_goes_by_the_newest_answer_of_each_code(judged: Judged) -> None:
    rows: list[Any] = [
        ("1", "a", "yes", 1),
        ("2", "b", True, 2),
        ("3", "c", 3, 3),
        ("4", "b", False, 3.5),
        ("5", "d", 3, 3.6),
        ("6", "c", 3, 4),
    ]
    assert judged([COUNT], rows, 9) == [
        ("n", [(2, "yellow", "2"), (3, "red", "3"), (3.5, "yellow", "4"), (4, "green", "6")], "reading")
    ]


def test_count_names_the_reading_of_the_smallest_code(judged: Judged) -> None:
    rows = [("z", "a", "no", 1), ("y", "b", True, 1), ("x", "c", 3, 1)]
    assert judged([COUNT], rows, 9) == [("n", [(1, "yellow", "z")], None)]


def test_implausible_is_over_with_the_next_plausible_of_its_code(judged: Judged) -> None:
    rows = [("a", "spo2", 5, 1), ("b", "pulse", 60, 2), ("c", "spo2", 6, 3), ("d", "spo2", 97, 4)]
    assert judged([], rows, 9) == [("implausible:spo2", [(1, "yellow", "a"), (4, "green", "d")], "reading")]


def test_of_both_at_one_instant_only_the_implausible_is_judged(judged: Judged) -> None:
    rows = [("a", "spo2", 5, 1), ("z", "spo2", 97, 1), ("b", "spo2", 5, 2), ("c", "spo2", 97, 3)]
    assert levels(judged([], rows, 9)) == [(1, "yellow"), (3, "green")]


def test_implausible_lives_from_the_first_version_through_all_others(judged: Judged) -> None:
    rows = [("a", "spo2", 5, 1), ("b", "spo2", 5, 3)]
    assert levels(judged({2: [], 4: [MISSING], 5: []}, rows, 6)) == [(3, "yellow")]


def test_implausible_reading_before_any_version_is_not_judged(judged: Judged) -> None:
    assert judged({2: []}, [("a", "spo2", 5, 1)], 6) == []
    assert judged({}, [("a", "spo2", 5, 1)], 6) == []
    assert judged({9: []}, [("a", "spo2", 5, 1)], 6) == []

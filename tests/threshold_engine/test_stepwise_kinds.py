"""The kinds limit, change, average and points, sentence by sentence."""

from collections.abc import Callable
from typing import Any

import pytest

Judged = Callable[..., list[Any]]
LIMIT: dict[str, object] = {"id": "l", "kind": "limit", "code": "k"}
CHANGE: dict[str, object] = {"id": "c", "kind": "change", "code": "k", "window": "P1D"}
AVERAGE: dict[str, object] = {"id": "a", "kind": "average", "code": "k", "window": "P1D", "stat": "mean"}


def rows(*values: object, first: int = 1) -> list[tuple[str, str, object, int]]:
    """A reading an hour of the code `k`, with ids r<hour>."""
    return [(f"r{hour}", "k", value, hour) for hour, value in enumerate(values, first)]


def levels(episodes: list[Any]) -> list[tuple[float, str]]:
    return [(at, level) for _, changes, _ in episodes for at, level, _ in changes]


def test_limit_is_strict_and_each_side_has_its_own(judged: Judged) -> None:
    rule = LIMIT | {"red_below": 2, "yellow_below": 4, "yellow_above": 6, "red_above": 8}
    found = levels(judged([rule], rows(4, 6, 3.999999, 2, 1.999999, 6.000001, 8, 8.000001, 5), 20))
    assert found == [
        (3, "yellow"),
        (5, "red"),
        (6, "yellow"),
        (8, "red"),
        (9, "green"),
    ]


def test_red_limit_alone_goes_straight_to_red_and_back(judged: Judged) -> None:
    assert levels(judged([LIMIT | {"red_above": 8}], rows(9, 8), 20)) == [(1, "red"), (2, "green")]


def test_red_limit_of_one_side_counts_as_yellow_too(judged: Judged) -> None:
    rule = LIMIT | {"red_below": 2, "yellow_above": 6, "need": 2, "of": 2}
    # Below red, then above yellow: two in a row are beyond yellow, only one is beyond red.
    assert levels(judged([rule], rows(1, 7), 20)) == [(2, "yellow")]


def test_deadband_holds_the_level_until_well_within(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "red_above": 8, "deadband": 1}
    assert levels(judged([rule], rows(9, 7.5, 7, 6, 5.000001, 5), 20)) == [
        (1, "red"),
        (3, "yellow"),
        (6, "green"),
    ]


def test_clear_counts_recovered_readings_in_a_row(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "clear": 2}
    assert levels(judged([rule], rows(7, 5, 7, 5, 5), 20)) == [(1, "yellow"), (5, "green")]


def test_reading_within_the_deadband_starts_the_row_anew(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "deadband": 1, "clear": 2}
    assert levels(judged([rule], rows(7, 5, 5.5, 5, 5), 20)) == [(1, "yellow"), (5, "green")]


def test_need_of_counts_this_reading_and_wants_it_beyond(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2, "of": 3}
    assert levels(judged([rule], rows(7, 5, 5, 7, 5, 7), 20)) == [(6, "yellow")]
    assert levels(judged([rule], rows(7, 7), 20)) == [(2, "yellow")]


def test_of_is_need_where_it_is_left_out(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2}
    assert levels(judged([rule], rows(7, 5, 7), 20)) == []


def test_red_and_yellow_are_counted_apart(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "red_above": 8, "need": 2, "of": 3}
    assert levels(judged([rule], rows(7, 9, 7, 9), 20)) == [(2, "yellow"), (4, "red")]


def test_readings_from_before_the_life_fill_the_last_of_but_are_not_judged(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2, "of": 2}
    assert levels(judged({2: [rule]}, rows(7, 7), 20)) == [(2, "yellow")]
    assert levels(judged({3: [rule]}, rows(7, 7), 20)) == []


def test_spacing_counts_from_the_one_picked_last(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 3, "of": 3, "spacing": "PT2H"}
    assert levels(judged([rule], rows(7, 7, 7, 7), 20)) == []
    assert levels(judged([rule], rows(7, 7, 7, 7, 7), 20)) == [(5, "yellow")]


def test_spacing_skips_a_quiet_one_too_near(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2, "of": 2, "spacing": "PT2H"}
    assert levels(judged([rule], rows(7, 5, 7), 20)) == [(3, "yellow")]


def test_spacing_reaches_back_before_the_life(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2, "of": 2, "spacing": "PT9H"}
    assert levels(judged({10: [rule]}, [*rows(7, 5, 5, 5, 5, 5, 5, 5, 5), ("x", "k", 7, 10)], 20)) == [
        (10, "yellow")
    ]


def test_within_leaves_the_older_of_the_last_out(judged: Judged) -> None:
    rule = LIMIT | {"yellow_above": 6, "need": 2, "of": 3, "within": "PT2H"}
    assert levels(judged([rule], rows(7, 5, 7), 20)) == []
    assert levels(judged([rule], rows(7, 7), 20)) == [(2, "yellow")]


def test_rise_and_fall_are_inclusive_against_the_extremes(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 2, "rise_red": 3, "fall_yellow": 4}
    assert levels(judged([rule], rows(80.3, 82.299999, 82.3, 83.3, 79.3), 20)) == [
        (3, "yellow"),
        (4, "red"),
        (5, "yellow"),
    ]


def test_change_against_the_median_of_two_middle_ones(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 2, "fall_red": 3, "reference": "median", "at_least": 2}
    assert levels(judged([rule], rows(1, 2, 3.5), 20)) == [(3, "yellow")]
    assert levels(judged([rule], rows(1, 2, 3.499999), 20)) == []
    assert levels(judged([rule], rows(5, 6, 2.5), 20)) == [(3, "red")]


def test_change_leaves_this_reading_and_older_ones_than_the_window_out(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 2, "window": "PT2H"}
    assert levels(judged([rule], rows(1, 2, 3), 20)) == [(3, "yellow")]
    assert levels(judged([rule], rows(1, 2, 2, 3.5), 20)) == []


def test_change_with_too_few_earlier_is_passed_over(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 2, "at_least": 3}
    assert levels(judged([rule], rows(1, 1, 9), 20)) == []
    assert levels(judged([rule], rows(1, 1, 1, 9), 20)) == [(4, "yellow")]


def test_passed_over_readings_are_not_among_the_last_of(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 2, "window": "PT2H", "need": 2, "of": 2}
    # Hour 13 has nothing to compare with, and stands between two that rise.
    readings = [("a", "k", 1, 1), ("b", "k", 9, 2), ("c", "k", 1, 13), ("d", "k", 9, 14)]
    assert levels(judged([rule], readings, 20)) == [(14, "yellow")]


def test_change_deadband_makes_a_smaller_rise_hold(judged: Judged) -> None:
    rule = CHANGE | {"rise_yellow": 3, "deadband": 1}
    assert levels(judged([rule], rows(0, 3, 2, 1.999999), 20)) == [(2, "yellow"), (4, "green")]


def test_change_looks_at_readings_from_before_the_life(judged: Judged) -> None:
    assert levels(judged({2: [CHANGE | {"rise_yellow": 2}]}, rows(1, 3), 20)) == [(2, "yellow")]


def test_mean_is_compared_exactly(judged: Judged) -> None:
    rule = AVERAGE | {"yellow_above": 80.333333, "at_least": 3}
    assert levels(judged([rule], rows(80, 80, 81), 20)) == [(3, "yellow")]
    assert levels(judged([AVERAGE | {"yellow_below": 80.333333, "at_least": 3}], rows(80, 80, 81), 20)) == []


def test_average_wants_two_unless_said_otherwise(judged: Judged) -> None:
    assert levels(judged([AVERAGE | {"yellow_above": 6}], rows(9), 20)) == []
    assert levels(judged([AVERAGE | {"yellow_above": 6}], rows(9, 9), 20)) == [(2, "yellow")]
    assert levels(judged([AVERAGE | {"yellow_above": 6, "at_least": 1}], rows(9), 20)) == [(1, "yellow")]


def test_median_shrugs_off_one_outlier(judged: Judged) -> None:
    rule = AVERAGE | {"yellow_above": 6, "stat": "median", "at_least": 3}
    assert levels(judged([rule], rows(5, 5, 99), 20)) == []
    assert levels(judged([rule], rows(5, 99, 99), 20)) == [(3, "yellow")]


def test_average_deadband(judged: Judged) -> None:
    rule = AVERAGE | {"yellow_above": 6, "at_least": 1, "window": "PT1H", "deadband": 2}
    assert levels(judged([rule], rows(7, 5, 4), 20)) == [(1, "yellow"), (3, "green")]


def points(*terms: object, **more: object) -> dict[str, object]:
    return {"id": "p", "kind": "points", "terms": list(terms), "yellow_at": 2} | more


def below(code: str, *steps: tuple[float, int]) -> dict[str, object]:
    return {"code": code, "below": [{"at": at, "points": n} for at, n in steps]}


def test_points_add_up_over_the_newest_of_each_code(judged: Judged) -> None:
    rule = points(below("a", (5, 1)), below("b", (5, 1), (3, 3)), red_at=4)
    readings = [("a1", "a", 4, 1), ("b1", "b", 5, 2), ("b2", "b", 4, 3), ("b3", "b", 2, 4), ("a2", "a", 5, 5)]
    assert judged([rule], readings, 20) == [
        ("p", [(3, "yellow", "b2"), (4, "red", "b3"), (5, "yellow", "a2")], None)
    ]


def test_points_of_a_value_older_than_the_window_are_gone(judged: Judged) -> None:
    rule = points(below("a", (5, 2)), below("b", (5, 2)), window="PT2H", yellow_at=4)
    readings = [("a1", "a", 4, 1), ("b1", "b", 4, 2), ("b2", "b", 4, 3)]
    assert levels(judged([rule], readings, 20)) == [(2, "yellow"), (3, "green")]


def test_points_above_is_strict_and_the_most_count(judged: Judged) -> None:
    term = {"code": "k", "above": [{"at": 5, "points": 3}, {"at": 7, "points": 2}]}
    assert levels(judged([points(term, yellow_at=3)], rows(5), 20)) == []
    assert levels(judged([points(term, yellow_at=3)], rows(8), 20)) == [(1, "yellow")]


@pytest.mark.parametrize(
    ("value", "given"), [("x", True), (True, True), (3, True), (1, False), (False, False), ("true", False)]
)
def test_points_for_values_compare_as_data(value: object, given: bool, judged: Judged) -> None:
    term = {"code": "k", "values": ["x", True, 3.0], "points": 2}
    assert bool(judged([points(term)], rows(value), 20)) is given


def test_two_terms_may_look_at_one_code(judged: Judged) -> None:
    assert levels(judged([points(below("k", (5, 1)), below("k", (4, 1)))], rows(4, 3), 20)) == [(2, "yellow")]


def test_points_for_a_fall_from_what_is_usual(judged: Judged) -> None:
    term = {"code": "k", "fall": [{"at": 3, "points": 2}], "baseline": "P2D", "lag": "PT2H", "at_least": 2}
    assert levels(judged([points(term)], rows(10, 10, 10, 7), 20)) == [(4, "yellow")]
    assert levels(judged([points(term)], rows(10, 10, 10, 7.000001), 20)) == []
    # Only one reading is older than the lag: too few to know what is usual.
    assert levels(judged([points(term)], rows(10, 10, 7), 20)) == []


def test_points_for_a_rise_count_from_the_newest_reading_not_from_the_instant(judged: Judged) -> None:
    term = {"code": "k", "rise": [{"at": 3, "points": 2}], "baseline": "P2D", "lag": "PT2H", "at_least": 2}
    rule = points(term, below("other", (5, 1)), yellow_at=3)
    # At hour 9 everything of `k` is older than the lag, but it is counted back from hour 4.
    readings = [*rows(10, 10, 0, 13), ("o", "other", 4, 9)]
    assert judged([rule], readings, 20) == [("p", [(9, "yellow", "o")], None)]


def test_points_deadband_is_in_points(judged: Judged) -> None:
    rule = points(below("a", (5, 1), (4, 2), (3, 3)), yellow_at=3, deadband=1)
    assert levels(judged([rule], [("1", "a", 2, 1), ("2", "a", 3, 2), ("3", "a", 4, 3)], 20)) == [
        (1, "yellow"),
        (3, "green"),
    ]


def test_points_step_at_each_instant_also_without_a_number(judged: Judged) -> None:
    rule = points(below("k", (5, 2)), need=2, of=2)
    assert levels(judged([rule], rows(4, "?", 4), 20)) == []
    assert levels(judged({2: [rule]}, rows(4, 4), 20)) == [(2, "yellow")]


def test_points_name_the_reading_of_the_smallest_code(judged: Judged) -> None:
    rule = points(below("b", (5, 2)), below("a", (5, 2)))
    assert judged([rule], [("x", "b", 4, 1), ("y", "a", 9, 1)], 20) == [("p", [(1, "yellow", "y")], None)]


def test_empty_reading_list_is_no_trouble(judged: Judged) -> None:
    assert (
        judged([LIMIT | {"red_above": 1}, CHANGE | {"rise_red": 1}, points(below("k", (5, 2)))], [], 20) == []
    )

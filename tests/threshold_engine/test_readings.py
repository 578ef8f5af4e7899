"""Which readings are valid, and which of them are used."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from threshold_engine import read_reading

BELOW_88 = {"id": "l", "kind": "limit", "code": "spo2", "red_below": 88}
ABOVE_5 = {"id": "l", "kind": "limit", "code": "k", "red_above": 5}
GOOD: dict[str, object] = {
    "id": "a",
    "patient": "p",
    "code": "k",
    "value": 1,
    "effective": "2026-03-01T00:00:00Z",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"value": Decimal("82.3")},
        {"value": "text"},
        {"value": ""},
        {"value": False},
        {"version": Decimal("2.0")},
        {"version": None, "status": None, "received": None},
        {"status": "preliminary"},
        {"status": ""},
        {"received": "2026-03-01T01:00:00+01:00"},
        {"anything": {"else": [1]}},
    ],
)
def test_valid_reading_is_read(more: dict[str, object]) -> None:
    assert read_reading(GOOD | more) is not None


@pytest.mark.parametrize(
    "more",
    [
        {"id": None},
        {"id": ""},
        {"id": 7},
        {"patient": None},
        {"patient": ""},
        {"code": None},
        {"code": ""},
        {"code": 7},
        {"value": None},
        {"value": [1]},
        {"value": {}},
        {"value": 10**15},
        {"value": Decimal("NaN")},
        {"value": float("nan")},
        {"effective": None},
        {"effective": "2026-03-01"},
        {"effective": 5},
        {"received": "today"},
        {"received": 5},
        {"version": 0},
        {"version": -1},
        {"version": "1"},
        {"version": True},
        {"version": Decimal("1.5")},
        {"version": Decimal("1E+999999")},
        {"status": 5},
        {"status": "entered-in-error", "version": 0},
        {"status": "entered-in-error", "id": None},
    ],
)
def test_invalid_reading_is_none(more: dict[str, object]) -> None:
    assert read_reading(GOOD | more) is None


@pytest.mark.parametrize("raw", [None, 5, "reading", [GOOD], True])
def test_anything_else_is_no_reading(raw: object) -> None:
    assert read_reading(raw) is None


def test_code_that_cannot_be_written_as_utf_8_never_fails_the_case(
    judged: Callable[..., Any], at: Callable[[float], str]
) -> None:
    rows = [("a", "\ud800", 1, 5, {"received": at(1)}), ("b", "k", 6, 2)]

    assert judged([ABOVE_5], rows, 6) == [("l", [(2, "red", "b")], None)]


def test_invalid_reading_hides_no_valid_version(judged: Callable[..., Any]) -> None:
    rows = [("a", "spo2", 80, 1), ("a", "spo2", [], 1, {"version": 2})]
    assert judged([BELOW_88], rows, 2) == [("l", [(1, "red", "a")], None)]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_withdrawn_reading_hides_what_it_withdraws(status: str, judged: Callable[..., Any]) -> None:
    rows = [("a", "spo2", 80, 1), ("a", None, {"x": [1]}, 1, {"version": 2, "status": status})]
    assert judged([BELOW_88], rows, 2) == []


def test_older_version_that_is_withdrawn_hides_nothing(judged: Callable[..., Any]) -> None:
    rows = [("a", "spo2", 80, 1, {"version": 2}), ("a", "spo2", 99, 1, {"status": "cancelled"})]
    assert judged([BELOW_88], rows, 2) == [("l", [(1, "red", "a")], None)]


def test_corrected_reading_counts_alone(judged: Callable[..., Any]) -> None:
    rows = [("a", "spo2", 80, 1), ("a", "spo2", 95, 1, {"version": 3}), ("a", "spo2", 70, 1, {"version": 2})]
    assert judged([BELOW_88], rows, 2) == []


@pytest.mark.parametrize(
    ("one", "greater"),
    [
        # As text "9…" comes after "1…", whatever the numbers are.
        ({"value": 10}, {"value": 9}),
        # A string's quotes are like a number's; "true" has none and comes after.
        ({"value": "zzz"}, {"value": True}),
        # A default written out is one member more, and "," comes before the "}" of the one without.
        ({"version": 1}, {}),
        ({"effective": "2026-03-01T01:00:00.000Z"}, {"effective": "2026-03-01T01:00:00Z"}),
        ({"status": "final"}, {"status": "preliminary"}),
        ({"value": "\ufffd"}, {"value": "\U0001f600"}),
        ({"value": Decimal("2.0")}, {"value": Decimal("2.0000014")}),
    ],
)
def test_of_one_version_the_greatest_canonical_json_counts(
    one: dict[str, object], greater: dict[str, object]
) -> None:
    left, right = read_reading(GOOD | one), read_reading(GOOD | greater)
    assert left is not None
    assert right is not None

    assert left.canonical < right.canonical


def test_canonical_json_sorts_escapes_and_spells_numbers_out() -> None:
    reading = read_reading(GOOD | {"id": 'a"\n\x1f\x7fé', "value": Decimal("2.5E1"), "version": 1, "x": 1})
    assert reading is not None

    assert reading.canonical == (
        '{"code":"k","effective":"2026-03-01T00:00:00Z","id":"a\\"\\n\\u001f\x7fé","patient":"p",'
        '"value":"25.000000","version":"1.000000"}'
    )


def test_withdrawn_reading_of_the_same_version_counts_by_canonical_json(judged: Callable[..., Any]) -> None:
    # Without a code its text begins with "id", which is greater than "code".
    rows = [("a", "spo2", 80, 1), ("a", None, None, 1, {"status": "cancelled", "patient": None})]
    for order in permutations(rows):
        assert judged([BELOW_88], order, 2) == []


def test_greatest_id_of_one_instant_counts_whatever_its_type(judged: Callable[..., Any]) -> None:
    assert judged([ABOVE_5], [("a", "k", 9, 1), ("b", "k", "9", 1)], 2) == []
    assert judged([ABOVE_5], [("b", "k", 9, 1), ("a", "k", "9", 1)], 2) == [("l", [(1, "red", "b")], None)]


def test_implausible_and_plausible_of_one_instant_are_told_apart(judged: Callable[..., Any]) -> None:
    found = judged([BELOW_88], [("a", "spo2", 80, 1), ("b", "spo2", 20, 1), ("c", "spo2", 10, 1)], 2)
    assert found == [("implausible:spo2", [(1, "yellow", "c")], None), ("l", [(1, "red", "a")], None)]


@pytest.mark.parametrize(
    ("value", "used"), [(49.999999, False), (50, True), (100, True), (100.000001, False)]
)
def test_both_ends_of_the_plausible_range_are_allowed(
    value: float, used: bool, judged: Callable[..., Any]
) -> None:
    rules = [{"id": "l", "kind": "limit", "code": "spo2", "red_above": 20}]
    assert [e[0] for e in judged(rules, [("a", "spo2", value, 1)], 2)] == [
        "l" if used else "implausible:spo2"
    ]


@pytest.mark.parametrize("value", ["98", True])
def test_other_than_number_is_implausible_for_a_listed_code(
    value: object, judged: Callable[..., Any]
) -> None:
    assert [e[0] for e in judged([], [("a", "spo2", value, 1)], 2)] == ["implausible:spo2"]


def test_clock_ahead_stands_at_receipt_even_if_the_value_is_wrong_too(
    judged: Callable[..., Any], at: Callable[[float], str]
) -> None:
    rows = [("a", "spo2", 5, 9, {"received": at(1)})]
    assert judged([], rows, 2) == [("implausible:spo2", [(1, "yellow", "a")], None)]
    assert judged([], rows, 0.9) == []


def test_code_without_range_can_be_implausible_by_time(
    judged: Callable[..., Any], at: Callable[[float], str]
) -> None:
    rows = [("a", "mood", 5, 9, {"received": at(1)}), ("b", "mood", "fine", 2)]
    assert judged([], rows, 12) == [("implausible:mood", [(1, "yellow", "a"), (2, "green", "b")], "reading")]


def test_reading_ahead_of_now_is_not_seen_but_hides_its_older_version(judged: Callable[..., Any]) -> None:
    rows = [("a", "spo2", 80, 1), ("a", "spo2", 80, 5, {"version": 2})]
    assert judged([BELOW_88], rows, 4) == []
    assert judged([BELOW_88], rows, 5) == [("l", [(5, "red", "a")], None)]


def test_received_long_after_is_plausible(judged: Callable[..., Any], at: Callable[[float], str]) -> None:
    rows = [("a", "spo2", 80, 1, {"received": at(300)})]
    assert judged([BELOW_88], rows, 2) == [("l", [(1, "red", "a")], None)]

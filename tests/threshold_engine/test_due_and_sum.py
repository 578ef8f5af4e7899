"""When to judge again, and the NEWS2 sum for the queue."""

from collections.abc import Callable
from typing import Any

import pytest

from threshold_engine import Reading, news2_sum, next_due, parse_instant, read_plan, read_reading

Case = Callable[..., dict[str, Any]]
ZERO = parse_instant("2026-03-01T00:00:00Z")
HOUR = 3_600_000
MISSING: dict[str, object] = {"id": "m", "kind": "missing", "codes": ["x"], "every": "PT6H"}


def due(raw: dict[str, Any]) -> float | None:
    readings = [reading for reading in map(read_reading, raw["readings"]) if reading is not None]
    found = next_due([read_plan(raw["plans"][0])], readings, parse_instant(raw["now"]))
    return None if found is None else (found - ZERO) / HOUR


def test_timer_is_due_and_then_the_red_one(case: Case) -> None:
    rule = MISSING | {"grace": "PT1H", "red_after": "PT3H"}
    rows = [("a", "x", 1, 2)]
    assert due(case([rule], rows, 3)) == 9
    assert due(case([rule], rows, 9)) == 11
    assert due(case([rule], rows, 11)) is None


def test_edges_of_versions_and_pauses_are_due(case: Case) -> None:
    assert due(case({5: [MISSING]}, [], 1)) == 5
    assert due(case([MISSING], [], 1, pauses=[(3, 20)])) == 3
    assert due(case([MISSING], [], 4, pauses=[(3, 20)])) == 20
    assert due(case([MISSING], [], 4, pauses=[(3, None)])) is None


def test_pause_is_nothing_to_a_plan_that_waits_for_nothing(case: Case) -> None:
    rule = {"id": "l", "kind": "limit", "code": "x", "red_above": 5}
    assert due(case([rule], [], 1, pauses=[(3, 20)])) is None


def test_reading_dated_ahead_is_due_when_it_stands(case: Case, at: Callable[[float], str]) -> None:
    rows = [("a", "k", 1, 7), ("b", "k", 1, 4), ("c", "k", 1, 3, {"status": "cancelled"})]
    assert due(case([], rows, 2)) == 4
    assert due(case([], [("a", "k", 1, 9, {"received": at(5)})], 2)) == 5


def test_nothing_is_due_without_a_plan_or_versions(case: Case) -> None:
    assert next_due([], [Reading("a", "p", "k", 1, ZERO)], 0) is None
    assert due(case({}, [("a", "k", 1, 7)], 2)) is None


def measured(**values: bool | str | float) -> list[Reading]:
    return [
        Reading(code, "p", code, v if isinstance(v, bool | str) else int(v * 1_000_000), ZERO)
        for code, v in values.items()
    ]


def test_sum_counts_what_is_known(case: Case) -> None:
    found = news2_sum([*measured(pulse=120, spo2=91, weight=80), *measured(consciousness="X")], ZERO)

    assert found is not None
    assert (found.total, found.known, found.at, found.single_three) == (5, 2, ZERO, True)
    assert found.parts == {
        "bp_sys": None,
        "consciousness": None,
        "oxygen": None,
        "pulse": 2,
        "resp_rate": None,
        "spo2": 3,
        "temperature": None,
    }


def test_sum_is_over_the_window_that_ends_with_the_newest() -> None:
    readings = [
        Reading("a", "p", "pulse", 120_000_000, ZERO),
        Reading("b", "p", "spo2", 92_000_000, ZERO + HOUR - 1),
        Reading("c", "p", "resp_rate", 22_000_000, ZERO + HOUR),
        Reading("d", "p", "resp_rate", 30_000_000, ZERO + 3 * HOUR),
    ]
    now = ZERO + 2 * HOUR

    found = news2_sum(readings, now)
    assert found is not None
    assert (found.total, found.known, found.at) == (4, 2, ZERO + HOUR)
    wider = news2_sum(readings, now, window=2 * HOUR)
    assert wider is not None
    assert wider.total == 6


def test_sum_by_scale_2() -> None:
    found = news2_sum(measured(spo2=97, oxygen=True), ZERO, scale=2)
    assert found is not None
    assert found.total == 5


@pytest.mark.parametrize(("not_before", "there"), [(ZERO - 1, True), (ZERO, False), (ZERO + 1, False)])
def test_sum_needs_something_newer(not_before: int, there: bool) -> None:
    assert (news2_sum(measured(pulse=120), ZERO, not_before=not_before) is not None) is there


def test_no_sum_without_readings_of_the_seven() -> None:
    assert news2_sum(measured(weight=80), ZERO) is None
    assert news2_sum([], ZERO) is None

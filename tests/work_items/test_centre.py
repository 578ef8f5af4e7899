from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from work_items import HOUR, MINUTE, Band, Centre, HalfDay, Hours, NeverOpenError

At = Callable[[str], int]
CENTRE = Centre()
ROUND_THE_CLOCK = Centre(weekly=((Hours(0, 1440),),) * 7, public_holidays=False, half_days=())


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T15:00", 30, "2026-11-23T15:30"),
        ("2026-11-20T15:10", 30, "2026-11-23T08:10"),
        ("2026-11-23T07:00", 30, "2026-11-23T08:30"),
        ("2026-11-23T15:30", 30, "2026-11-24T08:30"),
        ("2026-11-21T12:00", 240, "2026-11-23T12:00"),
        ("2026-11-23T10:00", 480, "2026-11-24T10:30"),
        ("2026-11-21T12:00", 0, "2026-11-21T12:00"),
    ],
)
def test_a_target_is_counted_in_opening_hours(at: At, start: str, minutes: int, end: str) -> None:
    assert CENTRE.after_open_time(at(start), minutes * MINUTE) == at(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-24T11:50", "2026-12-28T08:20"),
        ("2026-12-31T11:45", "2027-01-04T08:15"),
        ("2026-04-01T15:20", "2026-04-07T08:20"),  # Easter: Thursday to Monday are closed
        ("2026-04-30T15:20", "2026-05-04T08:20"),
        ("2024-05-16T15:20", "2024-05-21T08:20"),  # 17 May, then Whit Monday after the weekend
    ],
)
def test_public_holidays_are_closed_and_christmas_eve_is_half(at: At, start: str, end: str) -> None:
    assert CENTRE.after_open_time(at(start), 30 * MINUTE) == at(end)


def test_a_centre_may_close_on_days_of_its_own(at: At) -> None:
    centre = Centre(closed_days=frozenset({date(2026, 11, 24)}))

    assert centre.after_open_time(at("2026-11-23T15:15"), 30 * MINUTE) == at("2026-11-25T08:15")


def test_the_clocks_going_back_leaves_the_wall_clock_to_rule(at: At) -> None:
    # Friday 23 October is summer time, Monday 26 October is not: 65 h and 10 min + 1 h apart.
    end = CENTRE.after_open_time(at("2026-10-23T15:10"), 30 * MINUTE)

    assert end == at("2026-10-26T08:10")
    assert end - at("2026-10-23T15:10") == 66 * HOUR


def test_a_day_with_a_change_of_clocks_has_its_real_length(at: At) -> None:
    day = 24 * HOUR
    assert ROUND_THE_CLOCK.after_open_time(at("2026-03-29T00:00"), day) == at("2026-03-30T01:00")
    assert ROUND_THE_CLOCK.after_open_time(at("2026-10-25T00:00"), day) == at("2026-10-25T23:00")


def test_open_until_the_instant_of_closing(at: At) -> None:
    assert CENTRE.is_open(at("2026-11-23T08:00"))
    assert CENTRE.is_open(at("2026-11-23T15:29"))
    assert not CENTRE.is_open(at("2026-11-23T15:30"))
    assert not CENTRE.is_open(at("2026-11-22T12:00"))


def test_neighbouring_opening_days(at: At) -> None:
    friday = at("2026-11-20T12:00")

    assert CENTRE.end_of_opening_day(friday) == at("2026-11-20T15:30")
    assert CENTRE.end_of_opening_day(at("2026-11-21T12:00")) is None
    assert CENTRE.end_of_opening_day(at("2026-12-24T09:00")) == at("2026-12-24T12:00")
    assert CENTRE.end_of_next_opening_day(friday) == at("2026-11-23T15:30")
    assert CENTRE.start_of_previous_opening_day(at("2026-11-23T12:00")) == at("2026-11-20T08:00")
    assert CENTRE.next_opening_day_at(friday, 9, 15) == at("2026-11-23T09:15")
    assert CENTRE.last_closing(at("2026-11-23T15:30")) == at("2026-11-23T15:30")
    assert CENTRE.last_closing(at("2026-11-23T12:00")) == at("2026-11-20T15:30")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23T10:00", "2026-11-25T10:00"),
        ("2026-11-19T10:00", "2026-11-23T10:00"),
        ("2026-11-23T16:00", "2026-11-25T15:30"),
        ("2026-11-23T07:00", "2026-11-24T15:30"),
        ("2026-11-21T12:00", "2026-11-24T15:30"),
        ("2026-12-22T14:00", "2026-12-24T12:00"),
    ],
)
def test_two_opening_days_end_at_the_same_time_of_day(at: At, start: str, end: str) -> None:
    assert CENTRE.after_opening_days(at(start), 2) == at(end)


def test_targets_and_quiet_times_go_by_band() -> None:
    assert [CENTRE.target(band) for band in Band] == [8 * HOUR, 4 * HOUR, 30 * MINUTE]
    assert [CENTRE.quiet(band) for band in Band] == [24 * HOUR, 24 * HOUR, 4 * HOUR]


def test_hours_that_never_come_are_refused() -> None:
    with pytest.raises(NeverOpenError, match="at least one day"):
        Centre(weekly=((),) * 7)
    with pytest.raises(ValueError, match="seven days"):
        Centre(weekly=((Hours(480, 930),),))
    with pytest.raises(ValueError, match="rising order"):
        Centre(weekly=((Hours(930, 480),), *((),) * 6))


def test_a_half_day_drops_the_spans_after_it(at: At) -> None:
    split = (Hours(480, 690), Hours(780, 930))
    centre = Centre(weekly=((split),) * 7, half_days=(HalfDay(11, 23, 720),))

    assert centre.end_of_opening_day(at("2026-11-23T08:00")) == at("2026-11-23T11:30")
    assert centre.after_open_time(at("2026-11-24T11:00"), HOUR) == at("2026-11-24T13:30")


instants = st.integers(min_value=1_700_000_000_000, max_value=1_900_000_000_000)
durations = st.integers(min_value=1, max_value=40 * HOUR)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(start=instants, later=st.integers(0, 10 * 24 * HOUR), duration=durations, more=durations)
def test_open_time_is_monotone_and_ends_inside_opening_hours(
    start: int, later: int, duration: int, more: int
) -> None:
    end = CENTRE.after_open_time(start, duration)

    assert end > start
    assert end <= CENTRE.after_open_time(start + later, duration)
    assert end < CENTRE.after_open_time(start, duration + more)
    assert CENTRE.is_open(end - 1)
    assert CENTRE.is_open(end) or end == CENTRE.end_of_opening_day(end)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(start=instants, first=durations, second=durations)
def test_open_time_adds_up(start: int, first: int, second: int) -> None:
    in_two = CENTRE.after_open_time(CENTRE.after_open_time(start, first), second)

    assert in_two == CENTRE.after_open_time(start, first + second)

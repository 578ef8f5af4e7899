"""Instants as one says them, on the clock of Europe/Oslo."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from triage_tui.wording import use_language
from triage_tui.wording.dates import (
    clock_time,
    deadline,
    duration,
    full_date,
    headline,
    on_day,
    short_deadline,
    when,
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = at("2026-03-03T08:31")


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-03-03T06:10", "07:10"),
        ("2026-03-02T12:02", "i går 13:02"),
        ("2026-03-04T07:10", "i morgen 08:10"),
        ("2026-02-28T06:10", "lørdag 07:10"),
        ("2026-02-20T06:10", "20.2. 07:10"),
        ("2025-02-20T06:10", "20.02.2025 07:10"),
        ("2026-03-02T23:30", "00:30"),
    ],
)
def test_when(instant: str, said: str) -> None:
    assert when(at(instant), NOW) == said


def test_summer_time_moves_the_clock_not_the_instant() -> None:
    before, after = at("2026-03-29T00:59"), at("2026-03-29T01:00")
    assert (clock_time(before), clock_time(after)) == ("01:59", "03:00")
    assert duration(after - before) == "1 min"


def test_the_days_are_those_of_oslo() -> None:
    assert on_day(at("2026-03-02T23:30"), NOW) == "i dag"
    assert on_day(at("2026-03-02T22:30"), NOW) == "i går"


def test_headline() -> None:
    assert headline(NOW) == "tirsdag 3. mars 09:31"
    use_language("en")
    assert headline(NOW) == "Tuesday 3 March 09:31"


def test_deadlines_in_words() -> None:
    assert deadline(at("2026-03-03T08:40"), at("2026-03-03T08:28")) == "frist 09:40, om 12 min"
    assert deadline(at("2026-03-03T08:21"), NOW) == "frist 09:21, passert med 10 min"
    use_language("en")
    assert deadline(at("2026-03-03T08:40"), at("2026-03-03T08:28")) == "due 09:40, in 12 min"


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ("2026-03-03T08:21", "−10 min"),
        ("2026-03-03T05:21", "−3 t"),
        ("2026-03-01T05:21", "−2 d"),
        ("2026-03-03T08:40", "09:40"),
        ("2026-03-04T07:10", "on 08:10"),
        ("2026-03-13T07:10", "13.3."),
    ],
)
def test_the_queues_column_is_never_wider_than_eight_cells(due: str, shown: str) -> None:
    assert short_deadline(at(due), NOW) == shown
    assert len(shown) <= 8


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 t"), (125, "2 t 5 min"), (24 * 60, "1 d"), (75 * 60, "3 d 3 t")],
)
def test_durations(minutes: int, said: str) -> None:
    assert duration(minutes * 60_000) == said


def test_full_dates_are_written_with_dots() -> None:
    assert full_date(date(2026, 3, 3)) == "03.03.2026"

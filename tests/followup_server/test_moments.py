"""FHIR's dates as ranges of microseconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_server.moments import EARLIEST, LATEST, SECOND, format_micros, is_zoned, range_of

DAY = 86_400 * SECOND


@pytest.mark.parametrize(
    ("text", "low", "width"),
    [
        ("1970", 0, 365 * DAY),
        ("1970-02", 31 * DAY, 28 * DAY),
        ("1969-12", -31 * DAY, 31 * DAY),
        ("1970-01-02", DAY, DAY),
        ("1970-01-02T00:00", DAY, 60 * SECOND),
        ("1970-01-01T00:00:01Z", SECOND, SECOND),
        ("1970-01-01T01:00:01+01:00", SECOND, SECOND),
        ("1970-01-01T00:00:01.5Z", 1_500_000, 100_000),
        ("1970-01-01T00:00:01.000002Z", 1_000_002, 1),
        ("1970-01-01T00:00:01.0000029Z", 1_000_002, 1),
        ("1970-01-01T00:00:60Z", 59 * SECOND, SECOND),
        ("0001-01-01", EARLIEST, DAY),
        ("9999-12-31", LATEST - DAY, DAY),
        ("9999-12", LATEST - 31 * DAY, 31 * DAY),
        ("9999", LATEST - 365 * DAY, 365 * DAY),
    ],
)
def test_a_date_is_as_wide_as_it_is_exact(text: str, low: int, width: int) -> None:
    assert range_of(text) == (low, low + width)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-1",
        "2026-13",
        "2026-02-29",
        "2026-01-01T",
        "2026-01-01T24:00:00Z",
        "2026-01-01 10:00:00Z",
        "2026-01-01T10:60:00Z",
        "2026-01-01T10:00:61Z",
        "2026-01-01T10:00:00+15:00",
        "0000",
        "２０２６",
        "2026-01-01Z",
        "2026-01-01T10:00:00.Z",
        "2026-01-01T10:00:00z",
        "20260101",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        range_of(text)


@given(st.integers(EARLIEST, LATEST - 1))
def test_what_is_written_reads_back_exactly(at: int) -> None:
    assert range_of(format_micros(at)) == (at, at + 1)
    assert is_zoned(format_micros(at))


@given(st.integers(EARLIEST, LATEST - 2), st.integers(1, 10**15))
def test_stamps_sort_as_text(at: int, later: int) -> None:
    after = min(at + later, LATEST - 1)
    assert format_micros(at) < format_micros(after)

"""Instants and durations as text."""

import pytest

from threshold_engine import format_instant, parse_duration, parse_instant


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2026-01-31T07:15:00Z", "2026-01-31T07:15:00.000Z"),
        ("2026-01-31t07:15:00z", "2026-01-31T07:15:00.000Z"),
        ("2026-01-31T07:15:00.1Z", "2026-01-31T07:15:00.100Z"),
        ("2026-01-31T07:15:00.1239999Z", "2026-01-31T07:15:00.123Z"),
        ("2026-01-31T07:15:00-00:00", "2026-01-31T07:15:00.000Z"),
        ("2026-01-31T07:15:00+05:45", "2026-01-31T01:30:00.000Z"),
        ("2026-01-31T23:30:00-01:00", "2026-02-01T00:30:00.000Z"),
        ("2026-01-31T07:15:60.999Z", "2026-01-31T07:16:00.000Z"),
        ("2026-12-31T23:59:60+00:00", "2027-01-01T00:00:00.000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_instant_is_read_and_written_canonically(text: str, canonical: str) -> None:
    assert format_instant(parse_instant(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-31",
        "2026-01-31T07:15Z",
        "2026-01-31T07:15:00",
        "2026-01-31 07:15:00Z",
        "2026-01-31T07:15:00.Z",
        "2026-01-31T07:15:00Z\n",
        " 2026-01-31T07:15:00Z",
        "2026-02-29T07:15:00Z",
        "2026-13-01T07:15:00Z",
        "2026-00-01T07:15:00Z",
        "2026-01-00T07:15:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T07:60:00Z",
        "2026-01-31T07:15:61Z",
        "2026-01-31T07:15:00+24:00",
        "2026-01-31T07:15:00+01:60",
        "2026-01-31T07:15:00+0100",
        "2026-01-31T07:15:00+01",
        "20260131T071500Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:30:00+01:00",
        "9999-12-31T23:59:60Z",
        "9999-12-31T23:30:00-01:00",
        "٢٠٢٦-01-31T07:15:00Z",
    ],
)
def test_instant_that_leaves_something_open_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("P3D", 72),
        ("PT36H", 36),
        ("P1DT12H", 36),
        ("P1W", 168),
        ("P1W1D", 192),
        ("PT90M", 1.5),
        ("PT1H30M", 1.5),
        ("PT3600S", 1),
        ("PT0S", 0),
        ("P0D", 0),
        ("P007D", 168),
        ("P10000D", 240_000),
    ],
)
def test_duration_is_read(text: str, hours: float) -> None:
    assert parse_duration(text) == hours * 3_600_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "P1Y",
        "P1M",
        "P1.5D",
        "PT0.5S",
        "P1,5D",
        "-P1D",
        "+P1D",
        "p1d",
        "P1H",
        "PT1D",
        "P1D1W",
        "PT1M1H",
        "P1D ",
        "P10000DT1S",
        "P1429W",
        "P" + "9" * 5000 + "D",
        "P٣D",
    ],
)
def test_duration_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_duration(text)

"""Where a walk through pages begins, and how far it got."""

from __future__ import annotations

from datetime import timedelta

from fhir_r4.page_walk import latest, starting_from


def test_walk_begins_a_minute_before_in_utc_whatever_the_server_writes() -> None:
    minute = timedelta(seconds=60)
    assert starting_from("2026-03-03T09:31:00.123456+01:00", minute) == "2026-03-03T08:30:00.123Z"
    assert starting_from("2026-03-03T08:31:00Z", minute) == "2026-03-03T08:30:00.000Z"
    assert starting_from("", minute) is None
    assert starting_from("2026-03-03", minute) is None


def test_newest_is_the_latest_instant_not_the_last_text() -> None:
    assert latest(["2026-03-03T09:00:00+01:00", "2026-03-03T08:30:00Z", "nonsense", ""]) == (
        "2026-03-03T08:30:00Z"
    )
    assert latest(["nonsense"]) == ""

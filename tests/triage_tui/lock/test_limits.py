"""How long a login and a cache may be used."""

from __future__ import annotations

import pytest

from threshold_engine import parse_instant
from triage_tui.lock.limits import limits
from work_items import DAY, Centre


@pytest.mark.parametrize(
    ("login", "offline_until"),
    [
        ("2026-03-03T08:00:00+01:00", "2026-03-05T15:30:00+01:00"),  # Tuesday: Thursday's closing
        ("2026-03-05T08:00:00+01:00", "2026-03-09T08:00:00+01:00"),  # Thursday: 96 h come before Monday's
        ("2026-03-06T08:00:00+01:00", "2026-03-10T08:00:00+01:00"),  # Friday: 96 h come before Tuesday's
    ],
)
def test_offline_work_ends_with_the_second_opening_day_or_after_96_hours(
    login: str, offline_until: str
) -> None:
    found = limits(parse_instant(login), None, Centre())
    assert found.offline == parse_instant(offline_until)


def test_a_cache_is_locked_seven_days_after_its_last_sync_and_opens_with_a_login() -> None:
    login = parse_instant("2026-03-03T08:00:00+01:00")
    synced = login + DAY
    assert not limits(login, synced, Centre()).cache_locked(synced + 7 * DAY)
    assert limits(login, synced, Centre()).cache_locked(synced + 7 * DAY + 1)
    again = synced + 8 * DAY
    assert not limits(again, synced, Centre()).cache_locked(again)

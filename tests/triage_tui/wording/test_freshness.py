"""How old is what I see?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from triage_tui.wording.freshness import (
    disagreement_words,
    empty_words,
    is_old,
    is_stale,
    stale_words,
    sync_words,
    trouble_words,
    unknown_words,
)

MINUTE = 60_000
NOW = int(datetime(2026, 3, 3, 8, 31, tzinfo=UTC).timestamp()) * 1000


def test_the_sync_line_online_and_offline() -> None:
    fresh = sync_words(last_sync=NOW - 4 * MINUTE, offline_since=None, unsent=0, oldest_unsent=None, now=NOW)
    assert fresh == "synk 09:27 · 0 usendt"
    cut_off = sync_words(
        last_sync=NOW - 93 * MINUTE,
        offline_since=NOW - 93 * MINUTE,
        unsent=6,
        oldest_unsent=NOW - 81 * MINUTE,
        now=NOW,
    )
    assert cut_off == "FRAKOBLET siden 07:58 · 6 usendt (eldste 08:10)"


@pytest.mark.parametrize(("minutes", "stale"), [(0, False), (15, False), (15.1, True), (300, True)])
def test_stale_after_a_quarter_of_an_hour(minutes: float, stale: bool) -> None:
    assert is_stale(NOW - int(minutes * MINUTE), NOW) is stale


def test_never_synced_is_stale() -> None:
    assert is_stale(None, NOW)
    assert "Aldri synkronisert" in stale_words(None, NOW)


def test_rows_say_their_age_after_four_hours() -> None:
    assert not is_old(NOW - 240 * MINUTE, NOW)
    assert is_old(NOW - 241 * MINUTE, NOW)


def test_empty_is_only_said_when_loaded_and_fresh() -> None:
    def said(**state: object) -> str:
        usual = {"loaded": True, "last_sync": NOW - MINUTE, "offline_since": None, "now": NOW}
        return empty_words(**(usual | state))  # type: ignore[arg-type]

    assert said() == "Køen er tom: ingen venter. Synkronisert 09:30."
    for state in (
        {"loaded": False},
        {"loaded": False, "offline_since": NOW - MINUTE},
        {"last_sync": NOW - 16 * MINUTE},
        {"last_sync": None},
    ):
        assert "tom" not in said(**state).split()
        assert "Køen er tom" not in said(**state)


def test_what_is_not_known_since_the_last_sync_is_said_to_be_unknown() -> None:
    assert unknown_words(NOW - 72 * 60 * MINUTE, NOW) == "ukjent siden lørdag 09:31"
    assert unknown_words(NOW - 14 * MINUTE, NOW) == ""
    assert unknown_words(None, NOW) == ""


def test_a_disagreement_stands_beside_what_was_refused() -> None:
    assert trouble_words(1, 0, 2) == "1 avvist · 2 varsler ulike serverens"
    assert trouble_words(0, 0, 0) == ""
    assert disagreement_words(1).startswith("1 varsel finnes bare her eller bare hos serveren")

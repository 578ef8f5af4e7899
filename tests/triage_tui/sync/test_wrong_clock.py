"""How fresh a cache is counts by the server's clock: a wrong one of ours neither hides nor invents age."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.triage_tui.sync.conftest import HOUR, MINUTE, NOW, Console, MovableClock
from triage_tui import acts
from triage_tui.sync.push_now import push_now
from triage_tui.wording.freshness import is_stale

DAYS_OFF = 10 * 24 * HOUR


@pytest.fixture(params=[-DAYS_OFF, -40 * MINUTE, 40 * MINUTE, DAYS_OFF])
def wrong(request: pytest.FixtureRequest, console: Callable[..., Console]) -> Console:
    """A console whose clock is wrong by so much."""
    one = console()
    one.clock = MovableClock()
    one.clock.now = NOW + request.param
    return one


def shown_now(one: Console) -> int:
    """The now that screens and commands compare with."""
    with one.store.read() as snapshot:
        return one.clock() + (snapshot.marks().skew_ms or 0)


def test_a_cache_just_fetched_is_fresh_and_grows_old_after_its_time(wrong: Console) -> None:
    assert wrong.sync().reached == "all"

    assert abs((wrong.store.status().last_sync or 0) - NOW) <= 1_000
    assert not is_stale(wrong.store.status().last_sync, shown_now(wrong))
    wrong.clock.now += 16 * MINUTE
    assert is_stale(wrong.store.status().last_sync, shown_now(wrong))


def test_without_the_server_it_is_said_since_when(wrong: Console) -> None:
    wrong.sync()
    wrong.url = "http://127.0.0.1:1/fhir"
    wrong.clock.now += HOUR

    wrong.sync()

    assert abs((wrong.store.status().offline_since or 0) - (NOW + HOUR)) <= 1_000


def test_an_act_that_finds_no_server_says_since_when_too(wrong: Console) -> None:
    wrong.sync()
    wrong.url = "http://127.0.0.1:1/fhir"
    done = acts.note(wrong.store, wrong.nurse, "p1", "Ringt.", now=shown_now(wrong))

    with wrong.client() as client:
        push_now(wrong.store, client, [done.op], 0.2, clock=wrong.clock)

    assert abs((wrong.store.status().offline_since or 0) - NOW) <= 1_000

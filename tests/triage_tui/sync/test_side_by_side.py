"""Fetching side by side: bounded, in order, and ended when nobody takes any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from triage_tui.sync.side_by_side import side_by_side


def pages(name: str, count: int, seen: Callable[[], None] = lambda: None) -> Iterator[tuple[str, int]]:
    for number in range(count):
        seen()
        yield name, number


def test_each_walk_keeps_its_order_and_none_is_lost() -> None:
    walks = [partial(pages, name, 20) for name in "abcdef"]

    got = list(side_by_side(walks, lanes=3, ahead=2))

    for name in "abcdef":
        assert [number for its, number in got if its == name] == list(range(20))
    assert len(got) == 120


def test_no_more_than_a_few_pages_are_ever_fetched_ahead() -> None:
    changed = threading.Condition()
    fetched, taken, most = 0, 0, 0

    def seen() -> None:
        nonlocal fetched, most
        with changed:
            fetched += 1
            most = max(most, fetched - taken)
            changed.notify_all()

    belt = side_by_side([partial(pages, name, 50, seen) for name in "abcd"], lanes=4, ahead=4)
    next(belt)
    with changed:  # nothing is taken now: the lanes fetch all that they may
        assert changed.wait_for(lambda: fetched == 9, timeout=30)
        taken = 1
    for _ in belt:
        with changed:
            taken += 1

    assert (fetched, taken) == (200, 200)
    assert most <= 4 + 4 + 1, "a page in each lane, four that wait, and the one being written"


def test_error_comes_after_the_pages_before_it_and_ends_the_others() -> None:
    def breaks() -> Iterator[tuple[str, int]]:
        yield "broken", 0
        raise ConnectionError("cut")

    got: list[tuple[str, int]] = []
    with pytest.raises(ConnectionError):
        for page in side_by_side([breaks, partial(pages, "other", 10_000)], lanes=2, ahead=1):
            got.append(page)

    assert ("broken", 0) in got
    assert len(got) < 10_000


def test_closed_early_no_thread_goes_on() -> None:
    before = threading.active_count()
    belt = side_by_side([partial(pages, name, 10_000) for name in "abc"])
    next(belt)

    belt.close()

    assert threading.active_count() == before


def test_nothing_to_fetch() -> None:
    assert list(side_by_side([])) == []

from __future__ import annotations

from dataclasses import replace

import pytest

from work_items import (
    HOUR,
    MINUTE,
    Band,
    Item,
    ItemCode,
    ItemState,
    Touch,
    is_touched,
    no_answers,
    plan_follow_up,
    taken_together,
    taken_without_action,
    try_again_at,
)

ITEM = Item(task="t", patient="p", code=ItemCode.ALERT, what="e", band=Band.RED, raised=0, respond_by=9)
TAKEN = replace(ITEM, owner="Practitioner/kari", owned_since=1000, touched=True, state=ItemState.IN_PROGRESS)
ABOUT = frozenset({"t"})


def test_taken_and_nothing_done_for_half_an_hour() -> None:
    assert not taken_without_action(TAKEN, [], 1000 + 30 * MINUTE - 1)
    assert taken_without_action(TAKEN, [], 1000 + 30 * MINUTE)
    assert not taken_without_action(ITEM, [], HOUR)
    assert not taken_without_action(replace(TAKEN, band=Band.YELLOW), [], HOUR)


def test_only_what_its_owner_did_since_counts_as_action() -> None:
    hers = Touch(2000, "contact", ABOUT, "Practitioner/kari", reached=False)

    assert not taken_without_action(TAKEN, [hers], HOUR)
    assert taken_without_action(TAKEN, [replace(hers, by="Practitioner/ola")], HOUR)
    assert taken_without_action(TAKEN, [replace(hers, at=999)], HOUR)
    assert taken_without_action(TAKEN, [replace(hers, about=frozenset({"u"}))], HOUR)


def test_touched_is_owned_shelved_or_named() -> None:
    assert not is_touched(ITEM, [])
    assert is_touched(TAKEN, [])
    assert is_touched(replace(ITEM, touched=True), [])
    assert is_touched(ITEM, [Touch(1, "note", ABOUT)])


def test_one_take_takes_all_open_items_but_trackers() -> None:
    done = replace(ITEM, task="d", state=ItemState.COMPLETED)
    tracker = replace(ITEM, task="e", code=ItemCode.ESCALATION)

    assert taken_together([ITEM, done, tracker]) == [ITEM]


def test_nobody_answering_calls_for_another_try() -> None:
    assert try_again_at(Band.RED, 0) == 15 * MINUTE
    assert try_again_at(Band.YELLOW, 0) == try_again_at(Band.BLUE, 0) == 2 * HOUR


def test_attempts_are_counted_since_somebody_was_last_reached() -> None:
    tries = [
        Touch(at, "contact", ABOUT, reached=reached) for at, reached in ((1, False), (2, True), (4, False))
    ]

    assert no_answers(ITEM, [*reversed(tries), Touch(3, "contact", ABOUT, reached=False)]) == 2


def test_a_follow_up_is_hidden_until_it_is_due_and_at_least_yellow() -> None:
    blue = replace(ITEM, task="b", band=Band.BLUE)
    item = plan_follow_up([blue], "urn:uuid:1", 500, owner="Practitioner/kari")

    assert (item.band, item.raised, item.respond_by, item.hidden_until) == (Band.YELLOW, 500, 500, 500)
    assert item.owner == "Practitioner/kari"
    assert plan_follow_up([blue, ITEM], "urn:uuid:1", 500).band is Band.RED
    with pytest.raises(ValueError, match="one patient"):
        plan_follow_up([], "urn:uuid:1", 500)

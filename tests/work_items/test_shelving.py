from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from threshold_engine import Change, Episode, Level, Step
from work_items import (
    AWAITING_READING,
    Band,
    Centre,
    Item,
    ItemCode,
    ItemState,
    Touch,
    may_shelve,
    shelved_now,
    with_return,
)

At = Callable[[str], int]
Y, R, G = Level.YELLOW, Level.RED, Level.GREEN


def episode(*changes: tuple[int, Level, str | None]) -> Episode:
    level = changes[-1][1]
    return Episode("e", "p", "r", changes[0][0], level, R, None, None, tuple(Change(*one) for one in changes))


SHELVED = Item(
    task="t",
    patient="p",
    code=ItemCode.ALERT,
    what="e",
    band=Band.YELLOW,
    state=ItemState.ON_HOLD,
    raised=10,
    respond_by=100,
    episode=episode((10, Y, "o1")),
    owner="Practitioner/kari",
    owned_since=20,
    touched=True,
    shelved_at=30,
    shelved_until=200,
    shelved_band=Band.YELLOW,
)


def test_shelved_until_its_instant() -> None:
    assert shelved_now(SHELVED, 199)
    assert not shelved_now(SHELVED, 200)


def test_a_rise_of_its_level_brings_it_back() -> None:
    worse = replace(SHELVED, episode=episode((10, Y, "o1"), (40, R, "o2")))

    assert not shelved_now(worse, 50)


def test_a_rise_that_the_nurse_had_seen_does_not() -> None:
    red = replace(
        SHELVED,
        band=Band.RED,
        shelved_band=Band.RED,
        episode=episode((10, Y, "o1"), (25, R, "o2"), (40, Y, "o3")),
    )

    assert shelved_now(red, 50)


def test_now_yellow_and_red_again_brings_it_back() -> None:
    again = replace(
        SHELVED,
        band=Band.RED,
        shelved_band=Band.RED,
        episode=episode((10, R, "o1"), (25, Y, "o2"), (40, R, "o3")),
    )

    assert not shelved_now(again, 50)


def test_a_band_worse_than_the_nurse_saw_is_never_hidden() -> None:
    assert not shelved_now(replace(SHELVED, band=Band.RED), 31)


@pytest.mark.parametrize(
    ("band", "raised", "shelved"),
    [(Band.YELLOW, 40, False), (Band.RED, 40, False), (Band.BLUE, 40, True), (Band.RED, 25, True)],
)
def test_a_new_item_as_bad_or_worse_brings_it_back(band: Band, raised: int, shelved: bool) -> None:
    other = Item(
        task="u", patient="p", code=ItemCode.MISSING, what="f", band=band, raised=raised, respond_by=999
    )

    assert shelved_now(SHELVED, 50, [SHELVED, other]) is shelved


def test_other_patients_and_hidden_follow_ups_do_not() -> None:
    other = replace(SHELVED, task="u", patient="q", raised=40)
    planned = Item(
        task="v",
        patient="p",
        code=ItemCode.FOLLOW_UP,
        what="f",
        band=Band.RED,
        raised=60,
        respond_by=60,
        hidden_until=60,
    )

    assert shelved_now(SHELVED, 50, [SHELVED, other, planned])
    assert not shelved_now(SHELVED, 60, [SHELVED, other, planned])


def back_at(item: Item, *steps: Step, received: dict[str, int] | None = None, newest: int = 0) -> int | None:
    return with_return(item, {"r": steps}, received or {}, {"r": newest}).back_at


def test_the_next_reading_beyond_brings_it_back() -> None:
    assert back_at(SHELVED, Step(25, "o2", Y), Step(40, "o3", G)) is None
    assert back_at(SHELVED, Step(25, "o2", Y), Step(40, "o3", Y), Step(45, "o4", R)) == 40
    assert back_at(SHELVED, Step(25, "o2", Y), received={"o2": 50}) == 50
    assert not shelved_now(replace(SHELVED, back_at=40), 40)
    assert shelved_now(replace(SHELVED, back_at=40), 39)


def test_waiting_for_a_reading_ends_with_any_reading_of_its_codes() -> None:
    assert back_at(SHELVED, newest=40) is None
    for reason in (AWAITING_READING, "Venter på ny måling"):
        waiting = replace(SHELVED, shelved_because=reason)
        assert back_at(waiting, newest=40) == 40
        assert back_at(waiting, newest=25) is None


def test_a_rise_that_came_late_brings_it_back_too() -> None:
    late = replace(SHELVED, episode=episode((10, Y, "o1"), (25, R, "o2")))

    assert back_at(late, received={"o2": 60}) == 60


def test_where_it_is_not_known_since_when_it_comes_back_sooner() -> None:
    unknown = replace(SHELVED, shelved_at=None)

    assert back_at(unknown, Step(25, "o2", Y)) == 25


def test_a_taken_item_is_not_shelved() -> None:
    taken = replace(SHELVED, state=ItemState.IN_PROGRESS, back_at=40)

    assert not shelved_now(taken, 50)
    assert with_return(taken, {}, {}, {}).back_at is None


def refused(item: Item, until: int, now: int, *touches: Touch) -> tuple[str, int | None] | None:
    refusal = may_shelve(item, until, touches, now, Centre())
    return (refusal.reason, refusal.latest) if refusal else None


def test_shelving_ends_with_the_next_opening_day_at_the_latest(at: At) -> None:
    item = replace(SHELVED, state=ItemState.IN_PROGRESS, raised=at("08:00"))
    friday = at("2026-11-20T10:00")

    assert refused(item, at("2026-11-23T15:30"), friday) is None
    assert refused(item, at("2026-11-23T15:31"), friday) == ("until-is-too-late", at("2026-11-23T15:30"))
    assert refused(item, friday, friday) == ("until-is-past", None)


def test_red_is_shelved_today_only_and_after_a_contact(at: At) -> None:
    red = replace(SHELVED, state=ItemState.IN_PROGRESS, band=Band.RED, raised=at("08:00"))
    reached = Touch(at("09:00"), "contact", frozenset({"t"}), reached=True)
    escalated = Touch(at("09:00"), "escalation", frozenset({"t"}))
    now = at("10:00")

    assert refused(red, at("15:30"), now) == ("red-needs-contact", None)
    assert refused(red, at("15:30"), now, replace(reached, reached=False)) == ("red-needs-contact", None)
    assert refused(red, at("15:30"), now, reached) is None
    assert refused(red, at("15:30"), now, escalated) is None
    assert refused(red, at("2026-11-24T08:00"), now, reached) == ("until-is-too-late", at("15:30"))
    assert refused(red, at("17:00"), at("16:00"), reached) == ("closed-today", None)


def test_what_is_closed_is_not_shelved(at: At) -> None:
    closed = replace(SHELVED, state=ItemState.COMPLETED)

    assert refused(closed, at("12:00"), at("10:00")) == ("closed", None)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from work_items import (
    Band,
    Cancel,
    ItemCode,
    ItemState,
    Mark,
    MarkWithdrawn,
    Outcome,
    Reinstate,
    Withdraw,
    other_task_uuid,
    repeated,
)

if TYPE_CHECKING:
    from conftest import Patient

At = Callable[[str], int]


def test_red_stays_until_a_nurse_closes_it(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.read(95, "09:00")

    patient.judge("09:00")

    assert patient.item.state is ItemState.REQUESTED
    assert not patient.item.stands


def test_what_nobody_touched_resolves_by_itself(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    patient.read(95, "09:00", received="09:10")

    patient.judge("10:00")

    assert (patient.item.state, patient.item.outcome) == (ItemState.COMPLETED, Outcome.SELF_RESOLVED)
    assert patient.item.closed_at == at("09:10")


@pytest.mark.parametrize("how", ["taken", "released", "noted"])
def test_what_somebody_touched_stays_for_her(patient: Patient, how: str) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    if how == "taken":
        patient.take(patient.item, "08:10")
    elif how == "released":
        patient.change(patient.item, touched=True)
    else:
        patient.touch(patient.item, "08:10")
    patient.read(95, "09:00")

    patient.judge("09:00")

    assert patient.item.state.is_open
    assert not patient.item.stands


def test_an_answer_waits_for_a_nurse(patient: Patient) -> None:
    patient.rule("answer", code="form/1", yellow=["yes"])
    patient.read("yes", "08:00", code="form/1")
    patient.judge("08:00")
    patient.read("no", "09:00", code="form/1")

    patient.judge("09:00")

    assert patient.item.state.is_open


def test_an_item_that_a_nurse_reopened_is_not_resolved_under_her_hands(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    patient.read(95, "09:00")
    patient.judge("09:00")
    first = patient.item
    again = replace(
        first, task="t2", n=2, state=ItemState.REQUESTED, outcome=None, closed_at=None, follows=first.task
    )
    patient.work = replace(patient.work, items=(first, replace(again, raised=at("10:00"))))

    patient.judge("10:30")

    assert patient.newest.state.is_open


def test_an_alert_that_never_was_is_cancelled(patient: Patient) -> None:
    patient.spo2()
    wrong = patient.read(84, "08:00")
    patient.judge("08:00")
    patient.retract(wrong)

    decisions = patient.judge("09:00")

    assert [type(one) for one in decisions] == [Cancel, Withdraw]
    assert patient.item.state is ItemState.CANCELLED
    assert patient.work.published[0].undone


def test_an_alert_that_never_was_stays_for_whoever_touched_it(patient: Patient) -> None:
    patient.spo2()
    wrong = patient.read(84, "08:00")
    patient.judge("08:00")
    patient.take(patient.item, "08:05")
    patient.retract(wrong)

    decisions = patient.judge("09:00")

    assert [type(one) for one in decisions] == [MarkWithdrawn, Withdraw]
    assert patient.item.state is ItemState.IN_PROGRESS
    assert patient.item.withdrawn
    assert not patient.item.stands


def test_an_alert_that_was_after_all_stands_again(patient: Patient) -> None:
    patient.spo2()
    wrong = patient.read(84, "08:00")
    patient.judge("08:00")
    patient.take(patient.item, "08:05")
    kept = patient.readings
    patient.retract(wrong)
    patient.judge("09:00")

    patient.readings = kept
    decisions = patient.judge("10:00")

    assert Reinstate(patient.item.task) in decisions
    assert patient.item.stands
    assert not patient.work.published[0].undone


def test_a_cancelled_alert_that_was_after_all_is_raised_anew(patient: Patient) -> None:
    patient.spo2()
    wrong = patient.read(84, "08:00")
    patient.judge("08:00")
    kept = patient.readings
    patient.retract(wrong)
    patient.judge("09:00")

    patient.readings = kept
    patient.judge("10:00")

    assert [(item.n, item.state) for item in patient.items] == [
        (1, ItemState.CANCELLED),
        (2, ItemState.REQUESTED),
    ]


def test_without_a_readable_plan_alerts_stay_as_they_are(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.rules = []
    before = patient.item

    patient.work = replace(patient.work, judged=False)
    decisions = patient.judge("09:00")

    assert decisions == []
    assert patient.item == before


def come_and_go(patient: Patient, day: int) -> None:
    patient.read(88, f"2026-11-{day}T09:00")
    patient.judge(f"2026-11-{day}T09:00")
    patient.read(95, f"2026-11-{day}T10:00")
    patient.judge(f"2026-11-{day}T10:00")


def test_three_that_resolved_by_themselves_in_a_week_raise_one_more(patient: Patient, at: At) -> None:
    patient.spo2()
    for day in (16, 18, 20):
        come_and_go(patient, day)

    (item,) = patient.open_items

    assert item.task == other_task_uuid(ItemCode.ALERT, repeated("p1", "spo2"), 1)
    assert (item.code, item.band, item.episode) == (ItemCode.ALERT, Band.YELLOW, None)
    assert item.marks == {Mark.REPEATED}
    assert item.raised == at("2026-11-20T10:00")
    assert item.stands


def test_three_in_more_than_a_week_raise_nothing(patient: Patient) -> None:
    patient.spo2()
    for day in (10, 14, 18):
        come_and_go(patient, day)

    assert patient.open_items == []


def test_what_was_over_when_first_computed_does_not_count_for_repeated(patient: Patient) -> None:
    patient.spo2()
    for day in (16, 18):
        come_and_go(patient, day)
    patient.read(88, "2026-11-19T09:00")
    patient.read(95, "2026-11-19T10:00")

    patient.judge("2026-11-19T11:00")

    assert patient.open_items == []


def test_a_closed_repeated_item_needs_three_new_ones(patient: Patient) -> None:
    patient.spo2()
    for day in (16, 17, 18):
        come_and_go(patient, day)
    patient.complete(patient.open_items[0], "2026-11-18T11:00")
    for day in (19, 20):
        come_and_go(patient, day)
        assert patient.open_items == []

    come_and_go(patient, 21)

    (item,) = patient.open_items
    assert (item.n, item.earlier_outcome) == (2, "contacted")

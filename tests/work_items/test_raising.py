from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from threshold_engine import Level
from work_items import Band, ItemCode, ItemState, Mark, Outcome, task_uuid

if TYPE_CHECKING:
    from conftest import Patient

At = Callable[[str], int]


def test_an_alert_is_raised_when_its_reading_was_received(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "08:30", received="09:00")

    patient.judge("10:00")

    item = patient.item
    assert item.task == task_uuid(item.what, 1)
    assert (item.code, item.kind, item.band) == (ItemCode.ALERT, "limit", Band.YELLOW)
    assert item.raised == at("09:00")
    assert item.respond_by == at("13:00")


def test_getting_worse_raises_the_band_and_moves_respond_by_nearer(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "09:00")
    patient.judge("09:00")

    patient.read(84, "10:00")
    patient.judge("10:05")

    assert patient.item.band is Band.RED
    assert patient.item.raised == at("09:00")
    assert patient.item.respond_by == at("10:30")


def test_a_rise_never_moves_respond_by_later(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "09:00")
    patient.judge("09:00")

    patient.read(84, "12:50")
    patient.judge("12:50")

    assert (patient.item.band, patient.item.respond_by) == (Band.RED, at("13:00"))


def test_judging_late_comes_to_the_same(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "09:00")
    patient.read(84, "10:00")

    patient.judge("11:00")

    item = patient.item
    assert (item.band, item.raised, item.respond_by) == (Band.RED, at("09:00"), at("10:30"))


def test_falling_without_clearing_keeps_the_worst_band(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "09:00")
    patient.judge("09:00")

    patient.read(88, "10:00")
    patient.judge("10:00")

    assert patient.item.band is Band.RED
    assert patient.item.level is Level.YELLOW
    assert patient.item.stands


def test_missing_is_blue_and_red_only_where_the_plan_says_so(patient: Patient, at: At) -> None:
    patient.rule("missing", codes=["spo2"], every="P1D", red_after="P2D")
    patient.plan_since = "2026-11-23T00:00:00Z"
    patient.read(95, "2026-11-23T08:00")

    patient.judge("2026-11-24T09:00")
    assert (patient.item.code, patient.item.band) == (ItemCode.MISSING, Band.BLUE)
    assert patient.item.raised == at("2026-11-24T08:00")
    assert patient.item.respond_by == at("2026-11-25T08:30")

    patient.judge("2026-11-26T09:00")
    assert (patient.item.band, patient.item.respond_by) == (Band.RED, at("2026-11-25T08:30"))


def test_an_implausible_time_is_blue(patient: Patient) -> None:
    patient.read(95, "12:00", received="09:00")

    patient.judge("10:00")

    assert (patient.item.code, patient.item.band, patient.item.kind) == (
        ItemCode.TECHNICAL,
        Band.BLUE,
        "implausible",
    )
    assert not patient.item.marks


def test_a_value_that_may_yet_be_true_is_yellow(patient: Patient) -> None:
    patient.read(45, "09:00")
    patient.judge("10:00")

    assert patient.item.band is Band.YELLOW
    assert patient.item.marks == {Mark.IMPOSSIBLE_VALUE}


def test_one_that_follows_an_implausible_time_makes_it_yellow(patient: Patient, at: At) -> None:
    patient.read(95, "12:00", received="09:00")
    patient.judge("09:00")

    patient.read(45, "10:00")
    patient.judge("10:00")

    assert (patient.item.band, patient.item.respond_by) == (Band.YELLOW, at("14:00"))
    assert Mark.IMPOSSIBLE_VALUE in patient.item.marks


def test_a_temperature_out_of_range_is_blue(patient: Patient) -> None:
    patient.read(12, "09:00", code="temperature")
    patient.judge("10:00")

    assert patient.item.band is Band.BLUE


def test_what_is_over_when_first_computed_is_raised_only_if_red(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.read(95, "09:00")
    patient.judge("10:00")
    assert patient.items == []
    (published,) = patient.work.published
    assert published.episode.cleared is not None

    patient.read(84, "11:00")
    patient.read(95, "12:00")
    patient.judge("13:00")
    assert (patient.item.band, patient.item.stands) == (Band.RED, False)


def test_an_answer_is_raised_even_if_it_is_over(patient: Patient) -> None:
    patient.rule("answer", code="form/1", yellow=["yes"])
    patient.read("yes", "08:00", code="form/1")
    patient.read("no", "09:00", code="form/1")

    patient.judge("10:00")
    patient.judge("11:00")

    assert (patient.item.band, patient.item.state) == (Band.YELLOW, ItemState.REQUESTED)


def test_what_was_over_is_raised_once_a_correction_lets_it_stand(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    wrong = patient.read(95, "09:00")
    patient.judge("10:00")

    patient.retract(wrong)
    patient.judge("11:00")

    assert patient.item.stands
    assert len(patient.work.published) == 1


def test_a_new_alert_soon_after_a_close_says_again(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00", Outcome.ADVICE_GIVEN)
    patient.read(95, "09:30")
    patient.judge("09:30")

    patient.read(88, "12:59")
    patient.judge("12:59")

    again = patient.newest
    assert (again.n, again.marks, again.earlier_outcome) == (1, {Mark.AGAIN}, "advice-given")
    assert again.state is ItemState.REQUESTED


def test_a_new_alert_much_later_is_just_new(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00")
    patient.read(95, "09:30")
    patient.read(88, "13:01")

    patient.judge("13:01")

    assert (patient.newest.marks, patient.newest.earlier_outcome) == (set(), None)

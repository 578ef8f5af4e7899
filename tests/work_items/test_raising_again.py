from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from work_items import Band, Mark, Outcome, next_due, task_uuid

if TYPE_CHECKING:
    from conftest import Patient

At = Callable[[str], int]


def closed_red(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00", Outcome.CONTACTED)


def test_a_rise_raises_it_again_at_once(patient: Patient, at: At) -> None:
    closed_red(patient)
    patient.read(88, "09:30")
    patient.judge("09:30")
    assert len(patient.items) == 1

    patient.read(83, "10:00")
    patient.judge("10:00")

    again = patient.newest
    assert again.task == task_uuid(again.what, 2)
    assert (again.n, again.band, again.raised, again.respond_by) == (2, Band.RED, at("10:00"), at("10:30"))
    assert again.marks == {Mark.RAISED_AGAIN}
    assert (again.earlier_outcome, again.follows) == ("contacted", task_uuid(again.what, 1))


def test_readings_within_the_quiet_time_leave_it_alone(patient: Patient) -> None:
    closed_red(patient)
    patient.read(84, "13:00")

    patient.judge("14:00")

    assert len(patient.items) == 1


def test_the_first_reading_still_beyond_after_the_quiet_time_raises_it_again(
    patient: Patient, at: At
) -> None:
    closed_red(patient)
    patient.read(84, "10:00")
    patient.read(88, "12:30", received="13:10")
    patient.read(87, "14:00")

    patient.judge("14:30")

    assert (patient.newest.n, patient.newest.raised) == (2, at("13:10"))
    assert patient.newest.band is Band.YELLOW, "the level fell to yellow, though the peak was red"


def test_yellow_stays_quiet_for_a_day(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00", Outcome.NO_ACTION)
    patient.read(88, "20:00")
    patient.judge("20:00")
    assert len(patient.items) == 1

    patient.read(88, "2026-11-24T09:01")
    patient.judge("2026-11-24T09:01")

    assert (patient.newest.n, patient.newest.raised) == (2, at("2026-11-24T09:01"))


def test_a_reading_within_the_limits_raises_nothing_though_the_alert_stands(patient: Patient) -> None:
    patient.spo2(deadband=3)
    patient.read(84, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00")

    patient.read(91, "14:00")
    patient.judge("14:00")

    assert len(patient.items) == 1
    assert patient.work.episodes[0].cleared is None


def test_a_missing_measurement_comes_back_by_the_end_of_the_quiet_time(patient: Patient, at: At) -> None:
    patient.rule("missing", codes=["spo2"], every="P1D")
    patient.read(95, "2026-11-22T08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00", Outcome.CONTACTED)
    assert next_due(patient.work, at("10:00"), patient.centre) == at("2026-11-24T09:00")

    patient.judge("2026-11-24T08:59")
    assert len(patient.items) == 1
    patient.judge("2026-11-24T12:00")

    assert (patient.newest.n, patient.newest.raised) == (2, at("2026-11-24T09:00"))
    assert (patient.newest.band, patient.newest.respond_by) == (Band.BLUE, at("2026-11-25T09:30"))


def test_a_missing_measurement_that_came_within_the_quiet_time_stays_closed(patient: Patient) -> None:
    patient.rule("missing", codes=["spo2"], every="P2D")
    patient.read(95, "2026-11-20T08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00")
    patient.read(95, "2026-11-24T08:00")

    patient.judge("2026-11-25T12:00")

    assert len(patient.items) == 1


def test_what_was_worse_than_whoever_closed_it_saw_comes_back_at_once(patient: Patient, at: At) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    patient.read(84, "08:59")
    patient.complete(patient.item, "09:00", Outcome.NO_ACTION)

    patient.judge("09:01")

    assert (patient.newest.n, patient.newest.band, patient.newest.raised) == (2, Band.RED, at("08:59"))


def test_a_slow_clock_at_the_close_does_not_bring_it_back(patient: Patient) -> None:
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")

    patient.complete(patient.item, "07:50")
    patient.judge("08:10")

    assert len(patient.items) == 1


def test_an_implausible_value_comes_back_by_the_next_one(patient: Patient) -> None:
    patient.read(45, "08:00")
    patient.judge("08:00")
    patient.complete(patient.item, "09:00", Outcome.NEW_MEASUREMENT)
    patient.read(45, "12:00")
    patient.judge("12:00")
    assert len(patient.items) == 1

    patient.read(46, "2026-11-24T10:00")
    patient.judge("2026-11-24T10:00")

    assert (patient.newest.n, patient.newest.band) == (2, Band.YELLOW)


def test_it_is_raised_a_third_time(patient: Patient) -> None:
    closed_red(patient)
    patient.read(84, "13:30")
    patient.judge("13:30")
    patient.complete(patient.newest, "14:00", Outcome.ADVICE_GIVEN)

    patient.read(84, "18:30")
    patient.judge("18:30")

    assert (patient.newest.n, patient.newest.earlier_outcome) == (3, "advice-given")


def test_what_came_back_and_went_while_nobody_judged_is_raised_only_if_red(patient: Patient) -> None:
    closed_red(patient)
    patient.read(88, "09:30")
    patient.judge("09:30")
    patient.read(88, "13:30")
    patient.read(95, "14:00")
    patient.judge("15:00")
    assert len(patient.items) == 1

    patient.read(84, "15:10")
    patient.judge("15:10")
    patient.complete(patient.newest, "15:20")
    patient.read(83, "19:30")
    patient.read(95, "19:40")
    patient.judge("20:00")

    assert (patient.newest.n, patient.newest.band, patient.newest.stands) == (2, Band.RED, False)


def test_an_item_that_says_no_number_is_counted_past(patient: Patient) -> None:
    closed_red(patient)
    second = replace(patient.item, task=task_uuid(patient.item.what, 2))
    patient.work = replace(patient.work, items=(patient.item, second))
    patient.read(84, "13:30")

    patient.judge("13:30")

    assert patient.newest.task == task_uuid(second.what, 3)


def test_a_correction_of_what_raised_it_again_makes_it_worse(patient: Patient, at: At) -> None:
    closed_red(patient)
    sign = patient.read(88, "13:30")
    patient.judge("13:30")
    assert patient.newest.band is Band.YELLOW

    patient.correct(sign, 83)
    patient.judge("14:00")

    assert (patient.newest.n, patient.newest.band, patient.newest.respond_by) == (2, Band.RED, at("14:00"))

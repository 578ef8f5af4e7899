from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from work_items import (
    Band,
    Decision,
    Fault,
    ItemCode,
    ItemState,
    Mark,
    Outcome,
    apply_decisions,
    decide_judge_failed,
    next_due,
    no_plan,
    other_task_uuid,
)

if TYPE_CHECKING:
    from conftest import Patient

At = Callable[[str], int]
NO_PLAN = Fault("no-plan")
NO_PLAN_BUT_READINGS = Fault("no-plan", readings_arrive=True)


def faulty(patient: Patient, when: str, *faults: Fault) -> None:
    patient.work = replace(patient.work, faults=faults)
    patient.judge(when)


def test_a_patient_without_a_valid_plan_is_blue(patient: Patient, at: At) -> None:
    faulty(patient, "09:00", NO_PLAN)

    item = patient.item
    assert item.task == other_task_uuid(ItemCode.TECHNICAL, no_plan("p1"), 1)
    assert (item.code, item.band, item.raised) == (ItemCode.TECHNICAL, Band.BLUE, at("09:00"))
    assert item.marks == {Mark.NO_VALID_PLAN}
    assert item.stands


def test_it_is_yellow_once_readings_arrive(patient: Patient, at: At) -> None:
    faulty(patient, "09:00", NO_PLAN)
    faulty(patient, "10:00", NO_PLAN_BUT_READINGS)

    assert (patient.item.band, patient.item.respond_by) == (Band.YELLOW, at("14:00"))


def test_a_judge_that_fails_is_one_yellow_item_until_it_works_again(patient: Patient, at: At) -> None:
    def fail(when: str) -> list[Decision]:
        decisions = decide_judge_failed(patient.work, at(when), patient.centre)
        patient.work = apply_decisions(patient.work, decisions)
        return decisions

    fail("09:00")
    assert (patient.item.code, patient.item.band) == (ItemCode.TECHNICAL, Band.YELLOW)
    assert patient.item.marks == {Mark.JUDGE_FAILED}
    assert fail("09:01") == []

    patient.judge("10:00")
    assert patient.item.state is ItemState.CANCELLED
    fail("11:00")
    assert (patient.newest.n, patient.newest.raised) == (2, at("11:00"))


def test_a_judges_failure_that_a_nurse_has_taken_stays_hers(patient: Patient, at: At) -> None:
    patient.work = apply_decisions(
        patient.work, decide_judge_failed(patient.work, at("09:00"), patient.centre)
    )
    patient.take(patient.item, "09:30")
    patient.judge("10:00")
    assert (patient.item.state.is_open, patient.item.withdrawn) == (True, True)

    patient.work = apply_decisions(
        patient.work, decide_judge_failed(patient.work, at("11:00"), patient.centre)
    )
    assert (patient.item.state.is_open, patient.item.withdrawn) == (True, False)


def test_a_missing_plan_comes_back_at_the_end_of_the_quiet_time(patient: Patient, at: At) -> None:
    faulty(patient, "09:00", NO_PLAN)
    patient.complete(patient.item, "10:00", Outcome.NO_ACTION)
    faulty(patient, "15:00", NO_PLAN)
    assert len(patient.items) == 1
    assert next_due(patient.work, at("15:00"), patient.centre) == at("2026-11-24T10:00")

    faulty(patient, "2026-11-24T12:00", NO_PLAN)

    assert (patient.newest.n, patient.newest.raised) == (2, at("2026-11-24T10:00"))
    assert patient.newest.earlier_outcome == "no-action"


def test_readings_without_a_plan_bring_a_blue_item_back_at_once(patient: Patient, at: At) -> None:
    faulty(patient, "09:00", NO_PLAN)
    patient.complete(patient.item, "10:00", Outcome.NO_ACTION)

    faulty(patient, "11:00", NO_PLAN_BUT_READINGS)

    assert (patient.newest.n, patient.newest.band, patient.newest.raised) == (2, Band.YELLOW, at("11:00"))


def test_a_plan_resolves_it_unless_somebody_touched_it(patient: Patient) -> None:
    faulty(patient, "09:00", NO_PLAN)
    faulty(patient, "10:00")
    assert patient.item.outcome == Outcome.SELF_RESOLVED

    faulty(patient, "11:00", NO_PLAN)
    patient.take(patient.newest, "11:10")
    faulty(patient, "12:00")
    assert (patient.newest.n, patient.newest.state) == (2, ItemState.IN_PROGRESS)


def test_a_reading_whose_time_or_unit_cannot_be_used_is_blue(patient: Patient, at: At) -> None:
    faulty(patient, "09:00", Fault("time", "o1"), Fault("unit", "o2"))

    assert {(item.what, item.band, item.marks) for item in patient.items} == {
        ("o1", Band.BLUE, frozenset({Mark.UNUSABLE_TIME})),
        ("o2", Band.BLUE, frozenset({Mark.UNUSABLE_UNIT})),
    }


def test_a_closed_unusable_reading_stays_closed(patient: Patient) -> None:
    faulty(patient, "09:00", Fault("time", "o1"))
    patient.complete(patient.item, "10:00", Outcome.TECHNICAL_FIXED)

    faulty(patient, "2026-12-01T10:00", Fault("time", "o1"))

    assert len(patient.items) == 1


def test_a_corrected_reading_takes_its_fault_away(patient: Patient) -> None:
    faulty(patient, "09:00", Fault("time", "o1"), Fault("time", "o2"))
    patient.take(patient.items[0], "09:10")

    faulty(patient, "10:00")

    taken = next(item for item in patient.items if item.owner)
    other = next(item for item in patient.items if not item.owner)
    assert (taken.state, taken.withdrawn, taken.stands) == (ItemState.IN_PROGRESS, True, False)
    assert other.state is ItemState.CANCELLED

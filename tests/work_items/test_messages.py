from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from work_items import (
    Answer,
    Band,
    Escalation,
    InboundMessage,
    ItemCode,
    ItemState,
    Outcome,
    next_due,
    other_task_uuid,
)

if TYPE_CHECKING:
    from conftest import Patient

At = Callable[[str], int]
WHAT = "urn:uuid:0b5f3a7c-0000-4000-8000-000000000001"


def message(patient: Patient, when: str, one: InboundMessage) -> None:
    patient.work = replace(patient.work, messages=(one,))
    patient.judge(when)


def test_a_message_is_yellow_until_opened_and_then_blue(patient: Patient, at: At) -> None:
    sent = InboundMessage(WHAT, at("09:00"))
    message(patient, "10:00", sent)
    assert patient.item.task == other_task_uuid(ItemCode.MESSAGE, WHAT, 1)
    assert (patient.item.band, patient.item.raised, patient.item.respond_by) == (
        Band.YELLOW,
        at("09:00"),
        at("13:00"),
    )

    message(patient, "10:30", replace(sent, opened=at("10:20")))

    assert (patient.item.band, patient.item.respond_by) == (Band.BLUE, at("13:00"))
    assert patient.item.state is ItemState.REQUESTED


def test_taking_it_counts_as_opening(patient: Patient, at: At) -> None:
    message(patient, "10:00", InboundMessage(WHAT, at("09:00")))
    patient.take(patient.item, "10:10")

    patient.judge("10:11")

    assert patient.item.band is Band.BLUE


def test_an_answer_closes_it(patient: Patient, at: At) -> None:
    sent = InboundMessage(WHAT, at("09:00"))
    message(patient, "10:00", sent)

    message(patient, "11:00", replace(sent, opened=at("10:20"), answered=at("10:40")))

    assert (patient.item.state, patient.item.outcome) == (ItemState.COMPLETED, Outcome.CONTACTED)
    assert patient.item.closed_at == at("10:40")


def test_a_message_answered_long_ago_raises_nothing(patient: Patient, at: At) -> None:
    message(patient, "10:00", InboundMessage(WHAT, at("09:00"), answered=at("09:30")))

    assert patient.items == []


def test_a_closed_message_stays_closed(patient: Patient, at: At) -> None:
    message(patient, "10:00", InboundMessage(WHAT, at("09:00")))
    patient.complete(patient.item, "10:10")

    patient.judge("2026-12-01T10:00")

    assert len(patient.items) == 1


def escalated(patient: Patient, when: str, one: Escalation) -> None:
    patient.work = replace(patient.work, escalations=(one,))
    patient.judge(when)


def test_a_red_escalation_is_overdue_after_two_opening_hours(patient: Patient, at: At) -> None:
    sent = Escalation(WHAT, Band.RED, at("2026-11-20T14:00"))
    escalated(patient, "2026-11-20T15:00", sent)
    assert patient.items == []
    assert next_due(patient.work, at("2026-11-20T15:00"), patient.centre) == at("08:30")

    escalated(patient, "09:00", sent)

    item = patient.item
    assert item.task == other_task_uuid(ItemCode.GP_OVERDUE, WHAT, 1)
    assert (item.code, item.band, item.raised) == (ItemCode.GP_OVERDUE, Band.YELLOW, at("08:30"))


def test_a_yellow_escalation_is_overdue_after_two_opening_days(patient: Patient, at: At) -> None:
    sent = Escalation(WHAT, Band.YELLOW, at("2026-11-19T10:00"))
    escalated(patient, "09:59", sent)
    assert patient.items == []

    escalated(patient, "10:00", sent)

    assert patient.item.raised == at("10:00")


def test_an_answer_has_the_escalations_band(patient: Patient, at: At) -> None:
    sent = Escalation(WHAT, Band.RED, at("09:00"))
    escalated(patient, "12:00", sent)
    answer = Answer("urn:uuid:2", at("12:30"))

    escalated(patient, "12:40", replace(sent, open=False, answers=(answer,)))

    overdue, answered = sorted(patient.items, key=lambda item: item.code, reverse=True)
    assert (overdue.code, overdue.outcome, overdue.closed_at) == (
        ItemCode.GP_OVERDUE,
        Outcome.SELF_RESOLVED,
        at("12:30"),
    )
    assert (answered.code, answered.band, answered.what) == (ItemCode.GP_ANSWER, Band.RED, "urn:uuid:2")
    assert answered.raised == at("12:40")


def test_an_answer_in_time_is_never_overdue(patient: Patient, at: At) -> None:
    sent = Escalation(WHAT, Band.RED, at("09:00"), open=False, answers=(Answer("urn:uuid:2", at("10:00")),))
    escalated(patient, "15:00", sent)

    assert [item.code for item in patient.items] == [ItemCode.GP_ANSWER]

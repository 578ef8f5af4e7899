from __future__ import annotations

from dataclasses import replace

import pytest

from work_items import Band, Item, ItemCode, ItemState, Outcome, Touch, may_complete, may_do_together


def item(task: str, band: Band, code: ItemCode = ItemCode.ALERT) -> Item:
    return Item(task=task, patient="p", code=code, what="e", band=band, raised=100, respond_by=200)


RED = item("t", Band.RED)
YELLOW = item("y", Band.YELLOW)
BLUE = item("b", Band.BLUE, ItemCode.MISSING)
REACHED = Touch(150, "contact", frozenset({"t"}), "Practitioner/ola", reached=True)
NO_ANSWER = Touch(150, "contact", frozenset({"t"}), "Practitioner/ola", reached=False)
ESCALATED = Touch(150, "escalation", frozenset({"t"}))
NOTED = Touch(150, "note", frozenset({"t"}))
ELSEWHERE = Touch(150, "contact", frozenset({"other"}), reached=True)
TOO_EARLY = Touch(99, "contact", frozenset({"t"}), reached=True)
LATER = Touch(301, "contact", frozenset({"t"}), reached=True)


def reason(one: Item, outcome: Outcome, *touches: Touch) -> str | None:
    refusal = may_complete(one, outcome, touches, 300)
    return refusal.reason if refusal else None


@pytest.mark.parametrize("touch", [REACHED, ESCALATED])
def test_red_is_closed_after_somebody_was_reached_or_it_was_escalated(touch: Touch) -> None:
    assert reason(RED, Outcome.CONTACTED, touch) is None


@pytest.mark.parametrize("touch", [NO_ANSWER, NOTED, ELSEWHERE, TOO_EARLY, LATER])
def test_red_needs_a_contact_about_it_since_it_was_raised(touch: Touch) -> None:
    assert reason(RED, Outcome.CONTACTED, touch) == "red-needs-contact"
    assert reason(RED, Outcome.ADVICE_GIVEN) == "red-needs-contact"


@pytest.mark.parametrize("outcome", [Outcome.FALSE_ALARM, Outcome.TECHNICAL_FIXED, Outcome.ADMITTED])
def test_for_some_outcomes_a_note_about_red_is_enough(outcome: Outcome) -> None:
    assert reason(RED, outcome, NOTED) is None
    assert reason(RED, outcome, REACHED) is None
    assert reason(RED, outcome, NO_ANSWER) == "red-needs-contact-or-note"


@pytest.mark.parametrize("outcome", [Outcome.NOT_REACHED, Outcome.NO_ACTION])
def test_some_outcomes_are_for_yellow_and_blue_only(outcome: Outcome) -> None:
    assert reason(RED, outcome, REACHED) == "outcome-not-for-red"
    assert reason(YELLOW, outcome) is None
    assert reason(BLUE, outcome) is None


def test_yellow_needs_nothing() -> None:
    assert reason(YELLOW, Outcome.CONTACTED) is None


def test_only_the_judge_says_that_something_resolved_by_itself() -> None:
    assert reason(YELLOW, Outcome.SELF_RESOLVED) == "judge-only"


@pytest.mark.parametrize("state", [ItemState.COMPLETED, ItemState.CANCELLED])
def test_what_is_closed_is_not_closed_again(state: ItemState) -> None:
    closed = replace(YELLOW, state=state)

    assert reason(closed, Outcome.CONTACTED) == "closed"


def test_a_contact_about_work_that_was_merged_into_it_counts() -> None:
    merged = replace(item("t2", Band.RED), absorbed=frozenset({"t"}))

    assert reason(merged, Outcome.CONTACTED, REACHED) is None


def test_only_blue_items_of_one_kind_are_done_together() -> None:
    technical = item("x", Band.BLUE, ItemCode.TECHNICAL)

    assert may_do_together([BLUE, BLUE]) is None
    assert (refusal := may_do_together([BLUE, YELLOW])) is not None
    assert (refusal.reason, refusal.task) == ("not-blue", "y")
    assert (mixed := may_do_together([BLUE, technical])) is not None
    assert mixed.reason == "mixed-kinds"

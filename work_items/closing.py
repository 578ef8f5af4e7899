"""When a nurse may complete an item."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from threshold_engine.model import Instant
from work_items.model import Band, Item, Outcome
from work_items.patient_work import Touch
from work_items.refusal import Refusal
from work_items.taking import names

NOT_FOR_RED = frozenset({Outcome.NOT_REACHED, Outcome.NO_ACTION})
"""Outcomes for yellow and blue only."""
NOTE_IS_ENOUGH = frozenset({Outcome.FALSE_ALARM, Outcome.TECHNICAL_FIXED, Outcome.ADMITTED})
"""Outcomes for which a note about a red item does instead of a contact."""


def may_complete(item: Item, outcome: Outcome, touches: Iterable[Touch], now: Instant) -> Refusal | None:
    """Whether a nurse may complete this item so; none if she may.

    Red needs, about this item and since it was raised, by anybody: a contact that reached somebody, an
    escalation, or for some outcomes a note. A note written in the same act counts: hand it in among
    `touches`. What is dated after `now` doesn't count yet.
    """
    if not item.state.is_open:
        return Refusal("closed", item.task)
    if outcome is Outcome.SELF_RESOLVED:
        return Refusal("judge-only", item.task)
    done = [touch for touch in touches if touch.at <= now]
    return _may_complete_red(item, outcome, done) if item.band is Band.RED else None


def may_do_together(items: Collection[Item]) -> Refusal | None:
    """Whether these items may be completed or shelved in one go: blue ones of one kind only."""
    for item in items:
        if item.band is not Band.BLUE:
            return Refusal("not-blue", item.task)
    if len({(item.code, item.kind) for item in items}) > 1:
        return Refusal("mixed-kinds")
    return None


def acted_on(item: Item, touches: Iterable[Touch]) -> bool:
    """Whether, since it was raised, somebody was reached or an escalation was made about this item."""
    return any(
        touch.kind == "escalation" or (touch.kind == "contact" and touch.reached is True)
        for touch in _since_raised(item, touches)
    )


def _since_raised(item: Item, touches: Iterable[Touch]) -> list[Touch]:
    return [touch for touch in touches if touch.at >= item.raised and names(touch, item)]


def _may_complete_red(item: Item, outcome: Outcome, touches: list[Touch]) -> Refusal | None:
    if outcome in NOT_FOR_RED:
        return Refusal("outcome-not-for-red", item.task)
    if acted_on(item, touches):
        return None
    if outcome not in NOTE_IS_ENOUGH:
        return Refusal("red-needs-contact", item.task)
    noted = any(touch.kind == "note" for touch in _since_raised(item, touches))
    return None if noted else Refusal("red-needs-contact-or-note", item.task)

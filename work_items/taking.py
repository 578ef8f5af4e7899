"""Who has an item in hand, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable

from threshold_engine.model import Instant
from work_items.centre import MINUTE
from work_items.model import Band, Item, ItemCode
from work_items.patient_work import Touch

IDLE_AFTER_MS = 30 * MINUTE
"""A red item that its owner hasn't acted on for so long is marked; anybody may take it over."""


def names(touch: Touch, item: Item) -> bool:
    """Whether a touch is about this item, or about one that turned out to be the same work."""
    return item.task in touch.about or not item.absorbed.isdisjoint(touch.about)


def is_touched(item: Item, touches: Iterable[Touch]) -> bool:
    """Whether it was ever owned, shelved, or named by a note, contact or escalation."""
    return item.touched or item.owner is not None or any(names(touch, item) for touch in touches)


def taken_together(items: Iterable[Item]) -> list[Item]:
    """What one take takes: all of the patient's open items, trackers of escalations left out."""
    return [item for item in items if item.state.is_open and item.code is not ItemCode.ESCALATION]


def taken_without_action(item: Item, touches: Iterable[Touch], now: Instant) -> bool:
    """Whether an open red item was taken 30 min ago or longer and its owner hasn't acted since."""
    if item.band is not Band.RED or not item.state.is_open or item.owner is None or item.owned_since is None:
        return False
    since = item.owned_since
    if now - since < IDLE_AFTER_MS or (item.shelved_at is not None and item.shelved_at >= since):
        return False
    return not any(
        names(touch, item) and touch.at >= since and touch.by in (None, item.owner) for touch in touches
    )

"""Shelving: putting an item off until an instant, and what brings it back ahead of time.

Whether an item is shelved is worked out whenever it is read, so nobody has to write anything for it
to come back, and a worsening is never hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from threshold_engine.model import Instant, Level, Step
from work_items.centre import Centre
from work_items.closing import acted_on
from work_items.model import Band, Item, ItemCode, ItemState
from work_items.patient_work import Touch
from work_items.refusal import Refusal

AWAITING_READING = "awaiting-reading"
"""`shelved_because` of an item that waits for a new reading."""
_AWAITING = frozenset({AWAITING_READING, "venter på ny måling", "awaiting a new reading"})


def awaits_reading(item: Item) -> bool:
    """Whether it was shelved until a new reading comes: by the code, or by its words on the screen."""
    return (item.shelved_because or "").strip().casefold() in _AWAITING


def hidden_now(item: Item, now: Instant) -> bool:
    """Whether a planned follow-up isn't due yet."""
    return item.hidden_until is not None and now < item.hidden_until


def shelved_now(item: Item, now: Instant, others: Iterable[Item] = ()) -> bool:
    """Whether an item is put off at this instant.

    `others` are the patient's items (the item itself may be among them): one raised since the shelving
    that is as bad or worse brings the item back. Readings do so by `item.back_at`, see `with_return`.
    """
    if item.state is not ItemState.ON_HOLD or item.shelved_until is None or now >= item.shelved_until:
        return False
    if item.back_at is not None and item.back_at <= now:
        return False
    if item.shelved_band is not None and item.band > item.shelved_band:
        return False
    since = shelved_since(item)
    return not (_rose(item, since) or any(_new_as_bad(item, other, since, now) for other in others))


def shelved_since(item: Item) -> Instant:
    """From when on things bring a shelved item back; the earliest possible where it isn't known."""
    for at in (item.shelved_at, item.owned_since):
        if at is not None:
            return at
    return item.raised


def with_return(
    item: Item,
    steps: Mapping[str, Sequence[Step]],
    received: Mapping[str, Instant],
    newest: Mapping[str, Instant],
) -> Item:
    """The item with `back_at`: when readings brought it back, if any did.

    `steps`: rule → its judged steps; `received`: reading id → instant; `newest`: rule → when the newest
    reading of any of the rule's codes was received (asked for only where the item waits for a reading).
    """
    if item.state is not ItemState.ON_HOLD:
        return replace(item, back_at=None) if item.back_at is not None else item
    since = shelved_since(item)
    found: list[Instant] = []
    if item.rule is not None:
        for step in steps.get(item.rule, ()):
            known = max(step.at, received.get(step.reading, step.at))
            if step.beyond > Level.GREEN and known > since:
                found.append(known)
        arrived = newest.get(item.rule)
        if awaits_reading(item) and arrived is not None and arrived > since:
            found.append(arrived)
    found += _late_rises(item, received, since)
    return replace(item, back_at=min(found, default=None))


def _late_rises(item: Item, received: Mapping[str, Instant], since: Instant) -> list[Instant]:
    """When rises of the level became known, of those after `since`."""
    if item.episode is None:
        return []
    rises = [
        max(after.at, received.get(after.reading or "", after.at))
        for before, after in pairwise(item.episode.changes)
        if after.level > before.level
    ]
    return [known for known in rises if known > since]


def _rose(item: Item, since: Instant) -> bool:
    changes = item.episode.changes if item.episode else ()
    return any(after.level > before.level and after.at > since for before, after in pairwise(changes))


def _new_as_bad(item: Item, other: Item, since: Instant, now: Instant) -> bool:
    return (
        other.task != item.task
        and other.patient == item.patient
        and other.code is not ItemCode.ESCALATION
        and other.band >= item.band
        and other.raised > since
        and not hidden_now(other, now)
    )


def may_shelve(
    item: Item, until: Instant, touches: Iterable[Touch], now: Instant, centre: Centre
) -> Refusal | None:
    """Whether a nurse may put this item off until then; none if she may.

    At most until the end of the next opening day; red until the end of today's opening hours, and only
    after a contact that reached somebody or an escalation, about it and since it was raised.
    """
    if not item.state.is_open:
        return Refusal("closed", item.task)
    if until <= now:
        return Refusal("until-is-past", item.task)
    if item.band is Band.RED:
        if not acted_on(item, [touch for touch in touches if touch.at <= now]):
            return Refusal("red-needs-contact", item.task)
        latest = centre.end_of_opening_day(now)
        if latest is None or latest <= now:
            return Refusal("closed-today", item.task)
    else:
        latest = centre.end_of_next_opening_day(now)
    return Refusal("until-is-too-late", item.task, latest) if until > latest else None

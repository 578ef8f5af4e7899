"""Follow-ups: coming back to an item at a planned instant, or after nobody answered."""

from __future__ import annotations

from collections.abc import Iterable

from threshold_engine.model import Instant
from work_items.centre import HOUR, MINUTE
from work_items.identity import other_task_uuid
from work_items.model import Band, Item, ItemCode
from work_items.patient_work import Touch
from work_items.taking import names

TRY_AGAIN_RED_MS = 15 * MINUTE
TRY_AGAIN_OTHER_MS = 2 * HOUR


def try_again_at(band: Band, at: Instant) -> Instant:
    """When to ring again after nobody answered at `at`: 15 min later for red, else 2 h."""
    return at + (TRY_AGAIN_RED_MS if band is Band.RED else TRY_AGAIN_OTHER_MS)


def no_answers(item: Item, touches: Iterable[Touch]) -> int:
    """How many attempts in a row, the latest, reached nobody; after the second others are proposed."""
    contacts = sorted(
        (touch for touch in touches if touch.kind == "contact" and names(touch, item)),
        key=lambda touch: touch.at,
    )
    in_a_row = 0
    for contact in contacts:
        in_a_row = 0 if contact.reached else in_a_row + 1
    return in_a_row


def plan_follow_up(
    about: Iterable[Item], what: str, due: Instant, *, n: int = 1, owner: str | None = None
) -> Item:
    """The item that brings a nurse back at `due`: hidden until then, at least yellow, due at once.

    `about`: the patient's items that it is about, at least one. `what`: `urn:uuid:…` of the
    Communication or ServiceRequest that it comes from. Raises ValueError where `about` is empty or
    is about several patients.
    """
    items = list(about)
    patients = {item.patient for item in items}
    if len(patients) != 1:
        raise ValueError("a follow-up is about items of one patient")
    return Item(
        task=other_task_uuid(ItemCode.FOLLOW_UP, what, n),
        patient=patients.pop(),
        code=ItemCode.FOLLOW_UP,
        what=what,
        n=n,
        band=max(Band.YELLOW, *(item.band for item in items)),
        raised=due,
        respond_by=due,
        hidden_until=due,
        owner=owner,
    )

"""What happened to alerts and readings, as lines of the timeline: their wording is the screens'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from local_store.views import ReadingView, TimelineEntry
from work_items import Item, ItemCode, ItemState

_TOLD_BY_ITSELF: Final = (ItemCode.ESCALATION, ItemCode.MESSAGE)
"""Work that begins with what has a line of its own: the escalation, the message."""


def item_lines(items: Iterable[Item], owners: Mapping[str, str]) -> Iterator[TimelineEntry]:
    """An alert raised, taken, closed or withdrawn. `owners`: reference → display name.

    The text is the item's rule (or Task.code), an outcome's its code. One take takes all of her items: it is
    one line.
    """
    takes: dict[tuple[str, int], TimelineEntry] = {}
    for item in items:
        about = (item.task,)
        text = item.rule or item.code.value
        if item.code not in _TOLD_BY_ITSELF:
            yield TimelineEntry(f"{item.task}#raised", "alert", item.raised, None, text, about=about)
        author = owners.get(item.owner) if item.owner else None
        if item.owner is not None and item.owned_since is not None:
            take = TimelineEntry(f"{item.task}#taken", "taken", item.owned_since, author, "", about=about)
            takes.setdefault((item.owner, item.owned_since), take)
        if item.closed_at is None:
            continue
        if item.outcome is not None:
            yield TimelineEntry(
                f"{item.task}#outcome", "outcome", item.closed_at, author, item.outcome, about=about
            )
        elif item.state is ItemState.CANCELLED:
            yield TimelineEntry(f"{item.task}#gone", "withdrawn", item.closed_at, None, text, about=about)
    yield from takes.values()


def reading_lines(readings: Iterable[ReadingView]) -> Iterator[TimelineEntry]:
    """Readings that were marked as wrong, at the time they were measured; the text is the reading's id.

    When and by whom one was marked isn't part of an Observation: the note about it tells that.
    """
    for reading in readings:
        if reading.status == "entered-in-error":
            yield TimelineEntry(f"{reading.id}#wrong", "wrong-reading", reading.effective, None, reading.id)

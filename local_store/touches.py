"""What nurses did about work items, read from the timeline, as the rules of work items want it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from local_store.views import EntryKind, TimelineEntry
from work_items import Touch
from work_items.patient_work import TouchKind

_KINDS: Final[dict[EntryKind, TouchKind]] = {
    "note": "note",
    "contact": "contact",
    "escalation": "escalation",
}


def touches_of(entries: Iterable[TimelineEntry]) -> list[Touch]:
    """Notes, contacts and escalations; what else is on the timeline touches nothing.

    What corrects another says anew what was done then, and isn't done once more.
    """
    return [
        Touch(entry.at, _KINDS[entry.kind], frozenset(entry.about), reached=entry.reached)
        for entry in entries
        if entry.kind in _KINDS and entry.corrects is None
    ]

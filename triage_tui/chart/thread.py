"""Communications of category `message` → the thread with the patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fhir_r4 import systems, work_facts
from fhir_r4.communications import CommunicationEntry
from fhir_r4.raw import Raw, child, members, text_at
from local_store.views import TimelineEntry
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant
from triage_tui.chart.views import ThreadMessage
from work_items import Item, ItemCode, Touch, is_touched


def thread(
    lines: Iterable[TimelineEntry],
    entries: Mapping[str, tuple[CommunicationEntry, Raw]],
    items: Iterable[Item],
    tasks: Mapping[str, Raw],
) -> tuple[ThreadMessage, ...]:
    """The messages among the timeline's `lines`, newest first.

    `entries`: id of a line → its Communication, for those that the server has. `tasks`: UUID → Task.
    """
    about = {item.what.removeprefix(systems.UUID_PREFIX): item for item in items if _is_message(item)}
    lines = list(lines)
    touches = [
        Touch(line.at, "contact" if line.kind == "contact" else "note", frozenset(line.about))
        for line in lines
        if line.kind in ("note", "contact", "escalation")
    ]
    found = []
    for line in lines:
        if line.kind != "message":
            continue
        known, raw = entries.get(line.id, (None, {}))
        inbound = known is not None and known.inbound
        item = about.get(line.id) or (about.get(known.reference) if known else None)
        waits = inbound and item is not None and item.state.is_open
        found.append(
            ThreadMessage(
                id=line.id,
                at=line.at,
                inbound=inbound,
                author=line.author,
                text=line.text,
                medium=line.medium,
                attachments=_attachments(raw),
                task=item.task if item is not None and waits else None,
                unread=item is not None and waits and not is_touched(item, touches),
                opened_at=_opened(item, tasks) if item is not None else None,
                sent=line.sent,
            )
        )
    return tuple(found)


def _is_message(item: Item) -> bool:
    return item.code is ItemCode.MESSAGE


def _attachments(raw: Raw) -> tuple[str, ...]:
    """What hangs on a message, by the name that the sender gave it."""
    hung = [child(part, "contentAttachment") for part in members(raw.get("payload"))]
    return tuple(
        text_at(one, "title") or text_at(one, "contentType") or text_at(one, "url") or "?"
        for one in hung
        if one
    )


def _opened(item: Item, tasks: Mapping[str, Raw]) -> Instant | None:
    """When somebody first opened it or took it, as far as its Task says."""
    said = work_facts.text(tasks.get(item.task, {}), "opened-at")
    times = [item.owned_since]
    try:
        times.append(parse_instant(said or ""))
    except ValueError:
        times.append(None)
    return min((at for at in times if at is not None), default=None)

"""Work items and episodes in the cache. An episode is kept once; items are joined with it when read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from local_store.context import Context
from local_store.errors import AmbiguousTask, NoSuchTask
from local_store.packing import pack, unpack
from local_store.records import Kept, StoredEpisode, StoredItem
from local_store.tables import EpisodeRow, ItemRow
from local_store.upsert import put
from threshold_engine.model import Episode, Instant
from work_items.model import Item

_COLUMNS: Final = """SELECT i.body, i.kind, e.body, i.reference, i.version, i.focus
    FROM item i LEFT JOIN episode e ON e.id = i.episode"""
_OPEN_FIRST: Final = " ORDER BY i.open DESC, i.task"


def put_item(context: Context, item: Item, kept: Kept | None, focus: str | None) -> None:
    """Put a work item, and its episode where it has one that the cache doesn't know yet.

    Without `kept` (the nurse's own change) the Task's reference and version stay as they are. Where a server
    made two Tasks with one identifier, the one with the smaller reference is the item.
    """
    known = _row(context, item.task)
    reference, version = (known[0], known[1]) if known else (None, None)
    focus = focus or (known[2] if known else None)
    if kept is not None:
        if reference is not None and reference < kept.reference:
            return
        reference, version = kept.reference, kept.version
    if item.episode is not None and read_episode(context, item.episode.id) is None:
        put_episode(context, item.episode, None)
    put(
        context.connection,
        ItemRow(
            task=item.task,
            patient=context.patients.make(item.patient),
            open=item.state.is_open,
            closed_at=item.closed_at,
            reference=reference,
            version=version,
            focus=focus,
            episode=item.episode.id if item.episode else _episode_at(context, focus),
            kind=item.kind or (known[3] if known else None),
            body=pack(replace(item, episode=None)),
        ),
    )


def put_episode(context: Context, episode: Episode, kept: Kept | None) -> None:
    """Put an episode; `kept` is the DetectedIssue that it was published as.

    Without `kept` an episode that has been published stays published. Items whose Task has that issue as its
    focus are joined with it.
    """
    known = context.connection.exec_driver_sql(
        "SELECT reference, version FROM episode WHERE id = ?", (episode.id,)
    ).one_or_none()
    reference, version = (known[0], known[1]) if known else (None, None)
    if kept is not None:
        reference, version = kept.reference, kept.version
    put(
        context.connection,
        EpisodeRow(
            id=episode.id,
            patient=context.patients.make(episode.patient),
            reference=reference,
            version=version,
            body=pack(episode),
        ),
    )
    if reference is not None:
        context.connection.exec_driver_sql(
            "UPDATE item SET episode = ? WHERE focus = ?", (episode.id, reference)
        )


def drop_item(context: Context, task: str) -> None:
    """Take away an item: a local one that the server knows under another identity."""
    context.connection.exec_driver_sql("DELETE FROM item WHERE task = ?", (task,))
    context.connection.exec_driver_sql("DELETE FROM explanation WHERE task = ?", (task,))


def drop_episode(context: Context, episode_id: str) -> None:
    """Take away an episode that only this console had found, and that is found no more."""
    context.connection.exec_driver_sql("DELETE FROM episode WHERE id = ?", (episode_id,))


def read_item(context: Context, task: str) -> StoredItem | None:
    """An item by its Task's UUID."""
    row = context.connection.exec_driver_sql(_COLUMNS + " WHERE i.task = ?", (task,)).one_or_none()
    return None if row is None else stored_item(row)


def item_by_reference(context: Context, reference: str) -> StoredItem | None:
    """An item by `Task/<id>`."""
    row = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE i.reference = ? ORDER BY i.task LIMIT 1", (reference,)
    ).one_or_none()
    return None if row is None else stored_item(row)


def item_by_prefix(context: Context, text: str) -> StoredItem:
    """An item by its UUID or the unique beginning of it. Raises NoSuchTask, AmbiguousTask."""
    begin = text.strip().lower().removeprefix("urn:uuid:")
    found = read_item(context, begin)
    if found is not None:
        return found
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE i.task > ? AND i.task < ? LIMIT 2", (begin, begin + "\U0010ffff")
    ).all()
    if not begin or not rows:
        raise NoSuchTask(f"no work item begins with {begin!r}")
    if len(rows) > 1:
        raise AmbiguousTask(f"several work items begin with {begin!r}")
    return stored_item(rows[0])


def items_of(context: Context, patient: str, closed_since: Instant | None) -> list[StoredItem]:
    """A patient's open items, and those closed at `closed_since` or later (None: no closed ones)."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE i.patient = ? AND (i.open OR i.closed_at >= ?)" + _OPEN_FIRST,
        (context.patients.find(patient), closed_since),
    )
    return [stored_item(row) for row in rows]


def items_since(context: Context, closed_since: Instant) -> list[Item]:
    """All open items of the centre, and those closed at `closed_since` or later; oldest first."""
    rows = context.connection.exec_driver_sql(_COLUMNS + " WHERE i.open OR i.closed_at >= ?", (closed_since,))
    return sorted((stored_item(row).item for row in rows), key=lambda item: (item.raised, item.task))


def patients_at_work(context: Context) -> list[str]:
    """Logical ids of patients who have open items."""
    rows = context.connection.exec_driver_sql(
        "SELECT id FROM patient WHERE n IN (SELECT patient FROM item WHERE open) ORDER BY id"
    )
    return [row[0] for row in rows]


def local_items(context: Context) -> list[StoredItem]:
    """Open items that only this console has found."""
    rows = context.connection.exec_driver_sql(_COLUMNS + " WHERE i.open AND i.reference IS NULL")
    return [stored for stored in map(stored_item, rows) if stored.item.local]


def read_episode(context: Context, episode_id: str) -> StoredEpisode | None:
    """An episode by its id."""
    row = context.connection.exec_driver_sql(
        "SELECT body, reference, version FROM episode WHERE id = ?", (episode_id,)
    ).one_or_none()
    return None if row is None else StoredEpisode(unpack(Episode, row[0]), row[1], row[2])


def episodes_of(context: Context, patient: str) -> list[StoredEpisode]:
    """A patient's episodes, oldest first."""
    rows = context.connection.exec_driver_sql(
        "SELECT body, reference, version FROM episode WHERE patient = ?", (context.patients.find(patient),)
    )
    found = [StoredEpisode(unpack(Episode, row[0]), row[1], row[2]) for row in rows]
    return sorted(found, key=lambda one: (one.episode.onset, one.episode.rule, one.episode.id))


def set_kinds(context: Context, kinds: Iterable[tuple[str | None, str]]) -> None:
    """Set items' kinds of rule: (kind, task)."""
    rows = list(kinds)
    if rows:
        context.connection.exec_driver_sql("UPDATE item SET kind = ? WHERE task = ?", rows)


def joined_item(body: bytes, kind: str | None, episode: bytes | None) -> Item:
    """An item put together from its row and its episode's."""
    item = unpack(Item, body)
    return replace(item, kind=kind, episode=None if episode is None else unpack(Episode, episode))


def stored_item(row: Sequence[Any]) -> StoredItem:
    """An item with its Task, from a row of body, kind, episode, reference, version, focus."""
    body, kind, episode, reference, version, focus = row
    return StoredItem(joined_item(body, kind, episode), reference, version, focus)


def _row(context: Context, task: str) -> Sequence[Any] | None:
    return context.connection.exec_driver_sql(
        "SELECT reference, version, focus, kind FROM item WHERE task = ?", (task,)
    ).one_or_none()


def _episode_at(context: Context, focus: str | None) -> str | None:
    found: str | None = context.connection.exec_driver_sql(
        "SELECT id FROM episode WHERE reference = ?", (focus,)
    ).scalar()
    return found

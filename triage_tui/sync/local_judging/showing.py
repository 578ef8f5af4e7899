"""Putting into the cache what was found here: nothing is written where nothing is new."""

from __future__ import annotations

from dataclasses import replace

from local_store.records import StoredItem
from local_store.transaction import Transaction
from threshold_engine import Episode
from triage_tui.sync.local_judging.findings import Findings
from work_items import Item


def show(tx: Transaction, patient: str, found: Findings, *, only_worse: bool) -> bool:
    """Show a patient's alerts and work as they were found; gives whether anything is shown otherwise.

    `only_worse`: what is shown already stays, since the clock can't be trusted.
    """
    if not found.judged:
        return False
    before = {stored.item.task: stored for stored in tx.items_of(patient)}
    changed = [_episode(tx, episode) for episode in found.episodes.values()]
    changed += [_known(tx, before.get(item.task), item) for item in found.shown]
    changed += [_raised(tx, before.get(item.task), item, only_worse=only_worse) for item in found.raised]
    if not only_worse:
        here = {item.task for item in found.raised} | found.known
        changed += [_drop(tx, stored) for task, stored in before.items() if task not in here]
    return any(changed)


def _episode(tx: Transaction, episode: Episode) -> bool:
    stored = tx.episode(episode.id)
    if stored is None or stored.episode == episode:
        return False
    tx.put_episode(episode)
    return True


def _known(tx: Transaction, before: StoredItem | None, item: Item) -> bool:
    """An item that the server has: as it has it, but for what was found here."""
    if before is None:
        return False
    here = before.item
    wanted = replace(
        item, local=here.local, back_at=here.back_at, kind=item.kind or here.kind, episode=here.episode
    )
    if wanted == here:
        return False
    tx.put_item(wanted)
    return True


def _raised(tx: Transaction, before: StoredItem | None, item: Item, *, only_worse: bool) -> bool:
    if before is not None and only_worse and (before.item.band > item.band or not item.stands):
        return False
    changed = False
    if before is None or replace(before.item, back_at=None, episode=None) != replace(item, episode=None):
        tx.put_item(item)
        changed = True
    if item.episode is not None:
        stored = tx.episode(item.episode.id)
        if stored is None or stored.episode != item.episode:
            tx.put_episode(item.episode)
            changed = True
    return changed


def _drop(tx: Transaction, stored: StoredItem) -> bool:
    """Take away an alert that only this console had found, and that it doesn't find any more."""
    item = stored.item
    if not item.local or stored.reference is not None or item.episode is None:
        return False
    tx.drop_item(item.task)
    known = tx.episode(item.episode.id)
    if known is not None and known.reference is None:
        tx.drop_episode(known.episode.id)
    return True

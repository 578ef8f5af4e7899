"""Reopening: going on with work that was completed, as a new item that follows the old one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from work_items.identity import other_task_uuid, task_uuid
from work_items.model import Item, ItemCode, ItemState
from work_items.refusal import Refusal


def may_reopen(item: Item) -> Refusal | None:
    """Whether a nurse may reopen this item; none if she may.

    Only what was completed: a cancelled item is about something that never was. Trackers of escalations
    follow their escalation and are nobody's to reopen.
    """
    if item.state is not ItemState.COMPLETED:
        return Refusal("not-completed", item.task)
    return Refusal("not-reopened", item.task) if item.code is ItemCode.ESCALATION else None


def reopened(item: Item, n: int) -> Item:
    """The n-th item of the same cause, in which the work of a completed one goes on.

    It is the same work: its band, raised and respond-by stay, and what was said and done about the old one
    counts for it. It is nobody's, and touched, since somebody has looked at it: it never resolves itself.
    """
    return replace(
        item,
        task=_uuid(item, n),
        n=n,
        state=ItemState.REQUESTED,
        owner=None,
        owned_since=None,
        touched=True,
        outcome=None,
        closed_at=None,
        earlier_outcome=item.outcome,
        follows=item.task,
        absorbed=item.absorbed | {item.task},
        local=False,
    )


def _uuid(item: Item, n: int) -> str:
    """As the judge would name it, so that two nurses who reopen the same item make one."""
    return task_uuid(item.what, n) if _is_uuid(item.what) else other_task_uuid(item.code, item.what, n)


def _is_uuid(text: str) -> bool:
    """Whether it is an episode's id: what other items are about is written otherwise."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False

"""Two published alerts that turn out to be the same: the work about one moves over to the other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from threshold_engine.model import Episode, Instant
from work_items.applying import Board
from work_items.decisions import Cancel, Merge, Raise, Withdraw
from work_items.identity import task_uuid
from work_items.model import Band, Item, Mark
from work_items.patient_work import Published
from work_items.raising import closed_by_nurse
from work_items.taking import is_touched


def merge_into(board: Board, episode: Episode, other: Published, now: Instant) -> None:
    """Close the other alert with a reference to this one; owner, notes and outcome move over."""
    for item in board.about(other.episode.id):
        if item.state.is_open:
            _move_open(board, episode, item, now)
        elif closed_by_nurse(item):
            _move_outcome(board, episode, item, now)
    board.write(Withdraw(other.episode.id, same_as=episode.id))


def _move_open(board: Board, episode: Episode, item: Item, now: Instant) -> None:
    own = board.about(episode.id)
    into = next((one for one in reversed(own) if one.state.is_open), None)
    touched = is_touched(item, board.work.touches)
    if into is None and (episode.cleared is None or item.band is Band.RED or touched):
        into = _carried_over(board, episode, item, own)
        board.write(Raise(into))
    at = max(now, item.raised)
    if into is None:
        board.write(Cancel(item.task, at))
        return
    owner = item.owner if into.owner is None else None
    board.write(
        Merge(
            item.task,
            into.task,
            at,
            owner=owner,
            owned_since=item.owned_since if owner else None,
            touched=touched,
        )
    )


def _carried_over(board: Board, episode: Episode, item: Item, own: list[Item]) -> Item:
    """Open work about an alert whose own work is closed or never was: it goes on under the other identity."""
    last = own[-1] if own else None
    n = board.next_n(own, partial(task_uuid, episode.id))
    return replace(
        _blank(item),
        task=task_uuid(episode.id, n),
        what=episode.id,
        n=n,
        episode=episode,
        earlier_outcome=last.outcome if last else item.earlier_outcome,
        follows=last.task if last else None,
        marks=(item.marks | {Mark.RAISED_AGAIN}) if last and last.outcome else item.marks,
    )


def _blank(item: Item) -> Item:
    """The item as if just raised; whoever holds it moves over with the merge."""
    return Item(
        task=item.task,
        patient=item.patient,
        code=item.code,
        what=item.what,
        band=item.band,
        raised=item.raised,
        respond_by=item.respond_by,
        kind=item.kind,
        earlier_outcome=item.earlier_outcome,
        marks=item.marks - {Mark.WITHDRAWN},
    )


def _move_outcome(board: Board, episode: Episode, item: Item, now: Instant) -> None:
    """What a nurse closed counts as closed under the other identity too, unless that is worse or in hand."""
    into = next((one for one in reversed(board.about(episode.id)) if one.state.is_open), None)
    if into is None:
        return
    free = into.owner is None or into.owner == item.owner
    closes = into.band <= item.band and free
    board.write(
        Merge(
            item.task,
            into.task,
            max(now, item.raised),
            owner=item.owner if closes and into.owner is None else None,
            owned_since=item.owned_since if closes and into.owner is None else None,
            touched=True,
            outcome=item.outcome if closes else None,
            closed_at=item.closed_at if closes else None,
        )
    )

"""Raising work for an alert: the first time, and again after it was closed while it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from threshold_engine.model import Episode, Instant
from work_items.applying import Board
from work_items.bands import ANSWER, IMPLAUSIBLE, MISSING, band_of, code_of
from work_items.centre import HOUR, Centre
from work_items.decisions import Raise
from work_items.identity import task_uuid
from work_items.model import Band, Item, ItemState, Mark, Outcome
from work_items.patient_work import PatientWork
from work_items.rises import (
    Rise,
    cleared_known,
    kind_of,
    known_at,
    level_at,
    respond_by,
    rises_of,
    steps_beyond,
)

AGAIN_WITHIN_MS = 4 * HOUR
"""A new alert of a rule whose last one was closed so recently is marked "igjen"."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What work is raised by; `rises` begins with the level then, the later ones follow."""

    raised: Instant
    rises: tuple[Rise, ...]

    @property
    def band(self) -> Band:
        """The worst since then."""
        return max(rise.band for rise in self.rises)


def closed_by_nurse(item: Item) -> bool:
    """Whether somebody completed it, and not the judge."""
    return item.state is ItemState.COMPLETED and item.outcome != Outcome.SELF_RESOLVED


def closing(item: Item) -> Instant:
    """When a closed item was closed: never before it was raised, whatever a slow clock says."""
    return item.raised if item.closed_at is None else max(item.closed_at, item.raised)


def quiet_end(item: Item, centre: Centre) -> Instant:
    """Until when an item closed while its condition stood is left alone."""
    return closing(item) + centre.quiet(item.band)


def last_closed_by_nurse(history: Sequence[Item]) -> Item | None:
    """The item of an alert that a nurse completed last."""
    return max((item for item in history if closed_by_nurse(item)), key=closing, default=None)


def raise_if_due(board: Board, episode: Episode, now: Instant, centre: Centre) -> None:
    """Raise an item for an alert that has no open one, where the rules ask for one."""
    history = board.history(episode.id)
    if any(item.state.is_open for item in history):
        return
    last = history[-1] if history else None
    cause = cause_of(episode, history, board.work, now, centre)
    if cause is None or (episode.cleared is not None and not _worth_when_over(episode, cause, last, board)):
        return
    board.write(Raise(_item(board, episode, cause, history, centre)))


def cause_of(
    episode: Episode, history: Sequence[Item], work: PatientWork, now: Instant, centre: Centre
) -> Cause | None:
    """What calls for work about an alert now: its onset, or where a nurse closed it, what brought it back."""
    done = last_closed_by_nurse(history)
    if done is not None:
        return _cause_again(episode, done, history, work, now, centre)
    rises = rises_of(episode, work)
    return Cause(rises[0].known, tuple(rises)) if rises else None


def _worth_when_over(episode: Episode, cause: Cause, last: Item | None, board: Board) -> bool:
    """Whether an alert that is already over is raised: where it was red, or an answer."""
    if last is not None and last.outcome == Outcome.SELF_RESOLVED and cause.band <= last.band:
        return False
    return cause.band is Band.RED or kind_of(episode.rule, board.work) == ANSWER


def _cause_again(
    episode: Episode, done: Item, history: Sequence[Item], work: PatientWork, now: Instant, centre: Centre
) -> Cause | None:
    """What brings back an alert that a nurse closed: a rise, or a sign after the quiet time."""
    rises = rises_of(episode, work)
    signs = [*_new_rises(rises, done, history), *_after_quiet(episode, work, quiet_end(done, centre), now)]
    if not signs:
        return None
    first = min(signs, key=lambda sign: (sign.known, -sign.band, sign.at))
    later = (rise for rise in rises if rise.known >= first.known and rise != first)
    return Cause(first.known, (first, *later))


def _new_rises(rises: Sequence[Rise], done: Item, history: Sequence[Item]) -> Iterator[Rise]:
    """Rises known since the close, and worse ones before it that whoever closed it can't have seen."""
    earlier = [closing(item) for item in history if closed_by_nurse(item) and item.task != done.task]
    seen_from = max((at for at in earlier if at <= closing(done)), default=None)
    for rise in rises:
        unseen = rise.band > done.band and (seen_from is None or rise.known > seen_from)
        if rise.known > closing(done) or unseen:
            yield rise


def _after_quiet(episode: Episode, work: PatientWork, quiet: Instant, now: Instant) -> Iterator[Rise]:
    """Signs that an alert still stands once the quiet time is over, as what they bring it back at."""
    kind = kind_of(episode.rule, work)
    if kind == MISSING:
        over = cleared_known(episode, work)
        if now >= quiet > episode.onset and (over is None or over > quiet):
            yield Rise(quiet, quiet, band_of(kind, level_at(episode, quiet)))
        return
    for step in steps_beyond(episode, work):
        known = known_at(step.at, step.reading, work)
        if known > quiet:
            impossible = step.reading in work.impossible
            yield Rise(step.at, known, band_of(kind, level_at(episode, step.at), impossible=impossible))


def _item(board: Board, episode: Episode, cause: Cause, history: Sequence[Item], centre: Centre) -> Item:
    kind = kind_of(episode.rule, board.work)
    n = board.next_n(board.about(episode.id), partial(task_uuid, episode.id))
    last = history[-1] if history else None
    earlier = last if last is not None and last.state is ItemState.COMPLETED else None
    marks = {Mark.RAISED_AGAIN} if earlier else set()
    if last is None:
        earlier = _closed_lately(board, episode, cause.raised)
        marks = {Mark.AGAIN} if earlier else set()
    if kind == IMPLAUSIBLE and cause.band is Band.YELLOW:
        marks.add(Mark.IMPOSSIBLE_VALUE)
    return Item(
        task=task_uuid(episode.id, n),
        patient=episode.patient,
        code=code_of(kind),
        what=episode.id,
        n=n,
        band=cause.band,
        raised=cause.raised,
        respond_by=respond_by(cause.rises, centre),
        episode=episode,
        kind=kind,
        earlier_outcome=earlier.outcome if earlier else None,
        follows=last.task if last else None,
        marks=frozenset(marks),
    )


def _closed_lately(board: Board, episode: Episode, raised: Instant) -> Item | None:
    """The item of an earlier alert of the same rule that was closed shortly before."""
    lately = (
        item
        for item in board.items.values()
        if item.state is ItemState.COMPLETED
        and board.rule_of(item) == episode.rule
        and 0 <= raised - closing(item) <= AGAIN_WITHIN_MS
    )
    return max(lately, key=lambda item: (closing(item), item.task), default=None)

"""The life of work about alerts: raised, worse, resolved by itself, undone."""

from __future__ import annotations

from dataclasses import replace

from threshold_engine.model import Episode, Instant
from work_items.applying import Board
from work_items.bands import ANSWER, IMPLAUSIBLE
from work_items.centre import Centre
from work_items.decisions import (
    Cancel,
    MarkWithdrawn,
    PublishEpisode,
    Reinstate,
    SelfResolve,
    Withdraw,
    Worsen,
)
from work_items.merging import merge_into
from work_items.model import Band, Item, ItemState, Mark
from work_items.overlap import Match, match_published
from work_items.patient_work import Published
from work_items.raising import cause_of, raise_if_due
from work_items.rises import cleared_known, kind_of, respond_by
from work_items.taking import is_touched


def decide_alerts(board: Board, now: Instant, centre: Centre) -> None:
    """Bring alerts and the work about them up to what the engine finds now."""
    work = board.work
    if not work.judged:
        return
    matching = match_published(work.published, work.episodes, work.complete_since)
    for match in matching.matches:
        _live(board, match, now, centre)
    for one in matching.undone:
        _undo(board, one, now)
    in_use = {match.keeps.episode.id for match in matching.matches if match.keeps}
    for one in work.published:
        if one.undone and one.episode.id not in in_use:
            _undo(board, one, now)


def _live(board: Board, match: Match, now: Instant, centre: Centre) -> None:
    """Everything about one computed alert, under the identity that it keeps."""
    keeps = match.keeps
    episode = replace(match.computed, id=keeps.episode.id) if keeps else match.computed
    # A Task refers to its alert, so that comes first; an update comes last, so that a writer that is
    # cut off in between finds everything still to be decided.
    if keeps is None or keeps.undone:
        board.write(PublishEpisode(episode))
    for item in board.about(episode.id):
        if item.state.is_open and item.withdrawn:
            board.write(Reinstate(item.task))
    for other in match.merged:
        merge_into(board, episode, other, now)
    raise_if_due(board, episode, now, centre)
    for item in board.about(episode.id):
        if item.state.is_open:
            _worsen(board, item, episode, now, centre)
            _resolve(board, board.items[item.task], episode)
    if board.published[episode.id].episode != episode:
        board.write(PublishEpisode(episode))


def _worsen(board: Board, item: Item, episode: Episode, now: Instant, centre: Centre) -> None:
    """Raise the band to the worst since the item was raised, respond-by following each rise."""
    cause = cause_of(episode, board.history(episode.id), board.work, now, centre)
    worse = [rise for rise in cause.rises if rise.band > item.band] if cause else []
    if not worse:
        return
    band = max(rise.band for rise in worse)
    marks = item.marks
    if kind_of(episode.rule, board.work) == IMPLAUSIBLE:
        marks |= {Mark.IMPOSSIBLE_VALUE}
    board.write(Worsen(item.task, band, min(item.respond_by, respond_by(worse, centre)), marks))


def _resolve(board: Board, item: Item, episode: Episode) -> None:
    """Complete an item that nobody touched once its condition is over; red and answers wait for a nurse."""
    over = cleared_known(episode, board.work)
    if over is None or item.band is Band.RED or item.state is not ItemState.REQUESTED:
        return
    reopened = item.follows is not None and item.raised > over
    if reopened or kind_of(episode.rule, board.work) == ANSWER or is_touched(item, board.work.touches):
        return
    board.write(SelfResolve(item.task, max(item.raised, over)))


def _undo(board: Board, one: Published, now: Instant) -> None:
    """A late or corrected reading undid an alert: its work goes, or stays for whoever touched it."""
    for item in board.about(one.episode.id):
        if item.state.is_open:
            drop_or_mark(board, item, now)
    if not board.published[one.episode.id].undone:
        board.write(Withdraw(one.episode.id))


def drop_or_mark(board: Board, item: Item, now: Instant) -> None:
    """Cancel an open item whose cause never was, or mark it withdrawn where somebody touched it."""
    if not is_touched(item, board.work.touches):
        board.write(Cancel(item.task, max(item.raised, now)))
    elif not item.withdrawn:
        board.write(MarkWithdrawn(item.task))

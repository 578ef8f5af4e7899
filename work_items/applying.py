"""What decisions do to a patient's work: for the next step of judging, for tests, for a local view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from threshold_engine.model import Episode
from work_items.decisions import (
    Answered,
    Cancel,
    Decision,
    Lower,
    MarkWithdrawn,
    Merge,
    PublishEpisode,
    Raise,
    Reinstate,
    SelfResolve,
    Withdraw,
    Worsen,
)
from work_items.model import Item, ItemCode, ItemState, Mark, Outcome
from work_items.patient_work import PatientWork, Published

_ABOUT_EPISODES = (ItemCode.ALERT, ItemCode.MISSING, ItemCode.TECHNICAL)


class Board:
    """A patient's items and published alerts while decisions about them are made."""

    def __init__(self, work: PatientWork, *, local: bool = False) -> None:
        """Start from what is published; `local` marks what is raised as not yet on the server."""
        self.work = work
        self.items: dict[str, Item] = {item.task: item for item in work.items}
        self.published: dict[str, Published] = {one.episode.id: one for one in work.published}
        self.decisions: list[Decision] = []
        self._local = local
        self._tasks: dict[str, list[str]] = {}
        self._same: dict[str, list[str]] = {}
        for item in work.items:
            self._tasks.setdefault(item.what, []).append(item.task)
        for one in work.published:
            if one.same_as is not None:
                self._same.setdefault(one.same_as, []).append(one.episode.id)

    def write(self, decision: Decision) -> None:
        """Note a decision and carry it out."""
        self.decisions.append(decision)
        self.apply(decision)

    def about(self, what: str, code: ItemCode | None = None) -> list[Item]:
        """Items about this, in the order of their n; without `code` those about an episode."""
        codes = (code,) if code else _ABOUT_EPISODES
        items = (self.items[task] for task in self._tasks.get(what, ()))
        return sorted((item for item in items if item.code in codes), key=lambda item: (item.n, item.task))

    def next_n(self, items: Sequence[Item], name: Callable[[int], str]) -> int:
        """The number of the next item beside these, `name` being its UUID: one that isn't in use.

        A Task that another system wrote may not say its number.
        """
        n = max((item.n for item in items), default=0) + 1
        while name(n) in self.items:
            n += 1
        return n

    def history(self, episode: str) -> list[Item]:
        """Items about an alert, those of alerts that turned out to be the same included, by age."""
        items = self.about(episode)
        for other in self._same.get(episode, ()):
            if self.published[other].same_as == episode:
                items += self.about(other)
        return sorted(items, key=lambda item: (item.raised, item.n, item.task))

    def rule_of(self, item: Item) -> str | None:
        """The rule that an item about an alert comes from."""
        if item.code not in _ABOUT_EPISODES:
            return None
        if item.episode is not None:
            return item.episode.rule
        one = self.published.get(item.what)
        return one.episode.rule if one else None

    def apply(self, decision: Decision) -> None:
        """Carry out a decision."""
        match decision:
            case PublishEpisode(episode):
                self._publish(episode)
            case Withdraw(episode_id, same_as):
                one = self.published[episode_id]
                self.published[episode_id] = replace(one, undone=True, same_as=same_as)
                if same_as is not None:
                    self._same.setdefault(same_as, []).append(episode_id)
            case Raise(item):
                self.items[item.task] = replace(item, local=True) if self._local else item
                tasks = self._tasks.setdefault(item.what, [])
                if item.task not in tasks:
                    tasks.append(item.task)
            case Merge():
                self._merge(decision)
            case _:
                self.items[decision.task] = _changed(self.items[decision.task], decision)

    def _publish(self, episode: Episode) -> None:
        self.published[episode.id] = Published(episode)
        for item in self.about(episode.id):
            self.items[item.task] = replace(item, episode=episode)

    def _merge(self, merge: Merge) -> None:
        gone, stays = self.items[merge.task], self.items[merge.into]
        if gone.state.is_open:
            self.items[gone.task] = replace(gone, state=ItemState.CANCELLED, closed_at=merge.at)
        stays = replace(
            stays,
            touched=stays.touched or merge.touched,
            absorbed=stays.absorbed | gone.absorbed | {gone.task},
        )
        if merge.outcome is not None:
            stays = replace(
                stays, state=ItemState.COMPLETED, outcome=merge.outcome, closed_at=merge.closed_at
            )
        if merge.owner is not None:
            state = ItemState.IN_PROGRESS if stays.state is ItemState.REQUESTED else stays.state
            stays = replace(stays, owner=merge.owner, owned_since=merge.owned_since, state=state)
        self.items[stays.task] = stays


def apply_decisions(work: PatientWork, decisions: Iterable[Decision], *, local: bool = False) -> PatientWork:
    """`work` as it is once the decisions are written; `local` marks what they raise as not yet published."""
    board = Board(work, local=local)
    for decision in decisions:
        board.apply(decision)
    return replace(work, items=tuple(board.items.values()), published=tuple(board.published.values()))


def _changed(
    item: Item,
    decision: Worsen | Lower | SelfResolve | Answered | Cancel | MarkWithdrawn | Reinstate,
) -> Item:
    match decision:
        case Worsen(_, band, respond_by, marks):
            item = replace(item, band=band, respond_by=respond_by, marks=marks)
        case Lower(_, band):
            item = replace(item, band=band)
        case SelfResolve(_, at):
            item = _completed(item, Outcome.SELF_RESOLVED, at)
        case Answered(_, at):
            item = _completed(item, Outcome.CONTACTED, at)
        case Cancel(_, at):
            item = replace(item, state=ItemState.CANCELLED, closed_at=at)
        case MarkWithdrawn():
            item = replace(item, marks=item.marks | {Mark.WITHDRAWN})
        case Reinstate():
            item = replace(item, marks=item.marks - {Mark.WITHDRAWN})
    return item


def _completed(item: Item, outcome: Outcome, at: int) -> Item:
    return replace(item, state=ItemState.COMPLETED, outcome=outcome.value, closed_at=at)

"""The machine that all step-wise rules share: `need` of `of`, deadband, and `clear` in a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from threshold_engine.model import Change, Instant, Level
from threshold_engine.rules import Repetition


class Walk(NamedTuple):
    """A rule's steps in columns, oldest first; levels as integers."""

    times: Sequence[Instant]
    ids: Sequence[str]
    """The reading judged at each step."""
    beyond: Sequence[int]
    """The level that each step by itself is beyond."""
    tight: Sequence[int]
    """The same with the limits tightened by the deadband."""


class _Switch:
    """One level: whether it is active, and how many in a row have recovered from it."""

    __slots__ = ("active", "level", "row")

    def __init__(self, level: Level) -> None:
        self.level = level
        self.active = False
        self.row = 0

    def step(self, walk: Walk, repetition: Repetition, index: int) -> None:
        if self.active:
            self.row = 0 if walk.tight[index] >= self.level else self.row + 1
            self.active = self.row < repetition.clear
        elif walk.beyond[index] >= self.level and _enough(walk, repetition, index, self.level):
            self.active = True
            self.row = 0


def changes_of(walk: Walk, repetition: Repetition, begin: int) -> list[Change]:
    """The changes of level over the steps from `begin` on; the steps before it only fill the last `of`."""
    changes: list[Change] = []
    yellow, red = _Switch(Level.YELLOW), _Switch(Level.RED)
    level = Level.GREEN
    beyond = walk.beyond
    for index in range(begin, len(beyond)):
        if not beyond[index] and not yellow.active:
            continue  # green stays green: by far the most steps
        yellow.step(walk, repetition, index)
        red.step(walk, repetition, index)
        new = Level.RED if red.active else Level.YELLOW if yellow.active else Level.GREEN
        if new is not level:
            level = new
            changes.append(Change(walk.times[index], level, walk.ids[index]))
    return changes


def counted(walk: Walk, repetition: Repetition, index: int, level: Level) -> list[int]:
    """The steps beyond `level` among the last `of`, newest first."""
    return [i for i in last_steps(walk, repetition, index) if walk.beyond[i] >= level]


def last_steps(walk: Walk, repetition: Repetition, index: int) -> Iterator[int]:
    """The last `of` steps at `index`, it included, newest first.

    With `within` only the later ones; with `spacing` a step too soon before the one picked last is left out.
    """
    times, spacing = walk.times, repetition.spacing
    horizon = None if repetition.within is None else times[index] - repetition.within
    for _ in range(repetition.of):
        if index < 0 or (horizon is not None and times[index] <= horizon):
            return
        yield index
        index = index - 1 if spacing is None else bisect_right(times, times[index] - spacing, 0, index) - 1


def _enough(walk: Walk, repetition: Repetition, index: int, level: Level) -> bool:
    if repetition.need == 1:
        return True
    short = repetition.need
    for i in last_steps(walk, repetition, index):
        if walk.beyond[i] >= level:
            short -= 1
            if not short:
                return True
    return False

"""A rule's life, judged: its changes of level, its steps, and why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from threshold_engine.machine import Walk, changes_of, counted
from threshold_engine.model import Because, Change, Instant, Level, Step, Value
from threshold_engine.rules import ONCE, Repetition

Seen: TypeAlias = tuple[str, Instant, Value]
"""A reading as evidence: id, instant, value."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a rule lives: from `start` up to `end`, or still."""

    start: Instant
    end: Instant | None


class Track(ABC):
    """One life of a rule after judging."""

    __slots__ = ("changes",)
    changes: Sequence[Change]

    @abstractmethod
    def steps(self) -> list[Step]:
        """Each reading or instant that was judged, oldest first; none for timers."""

    @abstractmethod
    def because(self, change: Change) -> Because:
        """Why the level became what it did at a change that isn't green."""

    def due(self, now: Instant) -> Instant | None:
        """The first instant after now at which a timer of this rule will fire."""
        return None


class Stepwise(Track):
    """The life of a rule that judges step by step; the walk may begin before the life does."""

    __slots__ = ("_begin", "repetition", "walk")

    def __init__(self, walk: Walk, life: Life, repetition: Repetition = ONCE) -> None:
        self.walk = walk
        self.repetition = repetition
        self._begin = bisect_left(walk.times, life.start)
        self.changes = changes_of(walk, repetition, self._begin)

    def steps(self) -> list[Step]:
        """Each reading or instant that was judged."""
        walk = self.walk
        return [
            Step(walk.times[i], walk.ids[i], Level(walk.beyond[i]))
            for i in range(self._begin, len(walk.times))
        ]

    def index(self, change: Change) -> int:
        """Which step a change happened at."""
        return bisect_left(self.walk.times, change.at)

    def last_beyond(self, index: int, level: Level) -> int:
        """The newest step up to `index` that was beyond `level`: it tells which limit it is about."""
        while self.walk.beyond[index] < level:
            index -= 1
        return index

    def counted(self, index: int, level: Level) -> list[int]:
        """The steps beyond `level` among the last `of` at `index`, oldest first."""
        return counted(self.walk, self.repetition, index, level)[::-1]

"""The machine that all step-wise rules share: `need` of `of`, deadband, and `clear` in a row.

A step's own measure is a function of the readings alone, so nothing of it is kept: it is looked at when it
is judged, again when a later step counts back to it, and again when somebody asks why.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from threshold_engine.model import Change, Instant, Level, Step
from threshold_engine.readings import Reading
from threshold_engine.rules import ONCE, Repetition
from threshold_engine.track import Kept, Life, Track

M = TypeVar("M")
_INACTIVE: Final = -1
_BEFORE: Final[Instant] = -(10**18)


class Stepwise(Track, Generic[M]):
    """The life of a rule that judges step by step."""

    __slots__ = ("_judged", "_red", "_yellow", "repetition")

    def __init__(self, codes: tuple[str, ...], life: Life, repetition: Repetition = ONCE) -> None:
        super().__init__(codes, life)
        self.repetition = repetition
        self._judged: Instant = _BEFORE
        """Steps up to here may have been judged."""
        # For each level how many in a row have recovered from it, while it is active.
        self._yellow = _INACTIVE
        self._red = _INACTIVE

    @property
    @abstractmethod
    def times(self) -> list[Instant]:
        """The instant of each step, oldest first; those from before the life only fill the last `of`."""

    @abstractmethod
    def reading(self, index: int) -> Reading:
        """The reading that is judged at a step."""

    @abstractmethod
    def measure(self, index: int) -> M | None:
        """What is compared with the limits at a step; none where it is passed over and no step at all."""

    @abstractmethod
    def beyond(self, measured: M, *, tight: bool = False) -> int:
        """The level (0, 1, 2) that a measure is beyond; `tight`: with limits tightened by the deadband."""

    @property
    @abstractmethod
    def span(self) -> int:
        """How far back from a step its measure looks, in milliseconds."""

    def begin(self, now: Instant) -> None:
        self._go_on(bisect_left(self.times, self.life.start))
        if self.times:
            self._judged = self.times[-1]

    def begin_among(self, steps: Iterable[int]) -> None:
        """Judge everything, told at which steps (rising) alone green can end."""
        done, end = bisect_left(self.times, self.life.start), self.end_index()
        for index in steps:
            if index < done:
                continue
            if index >= end:
                break
            measured = self.measure(index)
            if measured is not None:
                self._step(index, measured)
            done = index + 1 if self.is_green else self.until_green(index + 1, end)
        if self.times:
            self._judged = self.times[-1]

    def until_green(self, index: int, end: int) -> int:
        """Judge from a step on until all is green, or there are no more; gives the step after the last."""
        while index < end and not self.is_green:
            measured = self.measure(index)
            if measured is not None:
                self._step(index, measured)
            index += 1
        return index

    def arrived(self, at: Instant) -> None:
        if self.life.end is not None and at >= self.life.end:
            return
        start = max(at, self.life.start)
        if at <= self._judged:
            start = self._back_to_green(start)
        times = self.times
        self._go_on(bisect_left(times, start))
        self._judged = max(at, times[-1]) if times else at

    def reach(self, since: Instant) -> Instant:
        # A step at `since` itself would count back furthest; what comes in between only takes the place of
        # an earlier one. Steps that are passed over stay so with fewer readings, and needn't be at hand.
        times, repetition = self.times, self.repetition
        spacing = repetition.spacing
        horizon = _BEFORE if repetition.within is None else since - repetition.within
        earliest = since
        for _ in range(repetition.of - 1):
            index = bisect_right(times, earliest - (1 if spacing is None else spacing)) - 1
            while index >= 0 and times[index] > horizon and self.measure(index) is None:
                index -= 1
            if index < 0 or times[index] <= horizon:
                break
            earliest = times[index]
        return earliest - self.span

    def restart(self, at: Instant, *, judged: bool = False) -> Instant:
        if at > self._judged and not judged:
            return at
        index = bisect_left(self.changes, at, key=_instant)
        while index and self.changes[index - 1].level is not Level.GREEN:
            index -= 1
            at = self.changes[index].at
        return at

    def appended(self, at: Instant) -> None:
        self._judged = at
        self._go_on(len(self.times) - 1)

    def kept(self) -> Kept:
        return Kept(tuple(self.changes), (self._judged, self._yellow, self._red))

    def resume(self, kept: Kept) -> None:
        self.changes = list(kept.changes)
        self._judged, self._yellow, self._red = kept.marks

    def _back_to_green(self, at: Instant) -> Instant:
        """Forget what was judged from an instant on; gives from when to judge anew, beginning at green."""
        self.cut(at)
        changes = self.changes
        while changes and changes[-1].level is not Level.GREEN:
            at = changes[-1].at
            self.cut(at)
        self._yellow = self._red = _INACTIVE
        return at

    def end_index(self) -> int:
        """Where its steps end: a reading at the very end of a life is judged by what comes after."""
        return len(self.times) if self.life.end is None else bisect_left(self.times, self.life.end)

    @property
    def is_green(self) -> bool:
        """Whether no level is active."""
        return self._yellow < 0 and self._red < 0

    def _go_on(self, index: int) -> None:
        """Judge the steps from `index` to the last."""
        for step in range(index, self.end_index()):
            measured = self.measure(step)
            if measured is not None:
                self._step(step, measured)

    def _step(self, index: int, measured: M) -> None:
        beyond = self.beyond(measured)
        if self._yellow < 0 and not beyond:
            return  # green stays green: by far the most steps
        repetition = self.repetition
        active = self._yellow >= 0 or self._red >= 0
        tight = self.beyond(measured, tight=True) if active and repetition.deadband else beyond
        may_rise = (beyond and self._yellow < 0) or (beyond == Level.RED and self._red < 0)
        reached = self._reached(index, beyond) if may_rise else 0
        self._yellow = _switched(self._yellow, Level.YELLOW, reached, tight, repetition.clear)
        self._red = _switched(self._red, Level.RED, reached, tight, repetition.clear)
        level = Level.RED if self._red >= 0 else Level.YELLOW if self._yellow >= 0 else Level.GREEN
        if level is not self.level:
            self.add(Change(self.times[index], level, self.reading(index).id))

    def _reached(self, index: int, beyond: int) -> int:
        """The highest level up to `beyond` that `need` of the last `of` are beyond."""
        need = self.repetition.need
        if need == 1:
            return beyond
        yellow = red = 0
        for _, measured in self._last(index):
            level = self.beyond(measured)
            yellow += level >= Level.YELLOW
            red += level >= Level.RED
            if red >= need and beyond == Level.RED:
                return Level.RED
        return Level.YELLOW if yellow >= need else 0

    def _last(self, index: int) -> Iterator[tuple[int, M]]:
        """The last `of` steps at `index`, it included, newest first.

        With `within` only the later ones; with `spacing` one too soon before the one picked last is left out.
        """
        times, repetition = self.times, self.repetition
        spacing = repetition.spacing
        horizon = _BEFORE if repetition.within is None else times[index] - repetition.within
        for _ in range(repetition.of):
            measured: M | None = None
            while index >= 0 and times[index] > horizon and (measured := self.measure(index)) is None:
                index -= 1
            if measured is None:
                return
            yield index, measured
            index = (
                index - 1 if spacing is None else bisect_right(times, times[index] - spacing, 0, index) - 1
            )

    def index(self, change: Change) -> int:
        """Which step a change happened at."""
        return bisect_left(self.times, change.at)

    def counted(self, index: int, level: Level) -> list[int]:
        """The steps beyond `level` among the last `of` at `index`, oldest first."""
        return [i for i, measured in self._last(index) if self.beyond(measured) >= level][::-1]

    def last_beyond(self, index: int, level: Level) -> M:
        """The measure of the newest step up to `index` beyond `level`: it tells which limit it is about."""
        while index >= 0:
            measured = self.measure(index)
            if measured is not None and self.beyond(measured) >= level:
                return measured
            index -= 1
        raise LookupError("no step was beyond that level")

    def steps(self) -> list[Step]:
        times = self.times
        found: list[Step] = []
        for i in range(bisect_left(times, self.life.start), self.end_index()):
            measured = self.measure(i)
            if measured is not None:
                found.append(Step(times[i], self.reading(i).id, Level(self.beyond(measured))))
        return found


def _instant(change: Change) -> Instant:
    return change.at


def _switched(row: int, level: Level, reached: int, tight: int, clear: int) -> int:
    """A level's row of recovered steps after one more step."""
    if row < 0:
        return 0 if reached >= level else _INACTIVE
    row = 0 if tight >= level else row + 1
    return row if row < clear else _INACTIVE

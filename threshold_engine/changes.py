"""Judging a rise or fall against the readings before: the kind `change`."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, Literal, TypeAlias

from threshold_engine.model import Because, Change, Level
from threshold_engine.numbers import divided
from threshold_engine.one_code import OneCodeTrack
from threshold_engine.rules import ChangeRule
from threshold_engine.selection import Usable
from threshold_engine.series import doubled_median
from threshold_engine.track import FAR, NEVER_CALM, Life

_SIDES: Final[tuple[Literal["rise", "fall"], ...]] = ("rise", "fall")

Move: TypeAlias = tuple[int, int]
"""Rise and fall in parts of a millionth (halves where a median is taken)."""


class ChangeTrack(OneCodeTrack[Move]):
    """A life of a `change` rule: inclusive, "2 kg" is reached at 2.0.

    A reading with fewer than `at_least` earlier ones in the window is passed over: it is no step at all.
    """

    __slots__ = ("_loose", "_parts", "_rule", "_tight")

    def __init__(self, rule: ChangeRule, readings: Usable, life: Life) -> None:
        super().__init__(rule, readings, life)
        self._rule = rule
        self._parts = 2 if rule.reference == "median" else 1
        self._loose = self._reached_at(0)
        self._tight = self._reached_at(rule.repetition.deadband)

    @property
    def span(self) -> int:
        return self._rule.window

    def measure(self, index: int) -> Move | None:
        numbers = self._numbers
        first = bisect_left(numbers.times, numbers.times[index] - self._rule.window, 0, index)
        if index - first < self._rule.at_least:
            return None
        value, held = numbers.values[index], numbers.values[first:index]
        if self._parts == 1:
            return value - min(held), max(held) - value
        rise = 2 * value - doubled_median(held)
        return rise, -rise

    def beyond(self, measured: Move, *, tight: bool = False) -> int:
        rise, fall = measured
        rise_yellow, fall_yellow, rise_red, fall_red = self._tight if tight else self._loose
        if rise < rise_yellow and fall < fall_yellow:
            return 0
        return 2 if rise >= rise_red or fall >= fall_red else 1

    def _go_on(self, index: int) -> None:
        if self._parts == 2:
            super()._go_on(index)
            return
        # Values that all lie closer together than the smallest move that counts need no judging, however
        # many of them the window holds.
        times, values, window = self._numbers.times, self._numbers.values, self._rule.window
        at_least, width = self._rule.at_least, min(self._loose[:2]) - 1
        low, high = NEVER_CALM
        for step in range(index, self.end_index()):
            value = values[step]
            if low <= value <= high and self._yellow < 0:
                continue
            first = bisect_left(times, times[step] - window, 0, step)
            least = most = value
            if first < step:
                held = values[first:step]
                least, most = min(held), max(held)
            if step - first >= at_least:
                self._step(step, (value - least, most - value))
            least, most = min(least, value), max(most, value)
            spare = width - (most - least)
            low, high = (least - spare // 2, most + spare // 2) if spare >= 0 else NEVER_CALM
        self.calm = (low, high) if self._yellow < 0 else NEVER_CALM

    def _reached_at(self, deadband: int) -> tuple[int, int, int, int]:
        """From which rise and fall on a step is beyond yellow, and beyond red."""

        def reached(level: Level, side: Literal["rise", "fall"]) -> int:
            limit = self._rule.of(level, side)
            return FAR if limit is None else (limit - deadband) * self._parts

        yellow, red = Level.YELLOW, Level.RED
        return reached(yellow, "rise"), reached(yellow, "fall"), reached(red, "rise"), reached(red, "fall")

    def because(self, change: Change) -> Because:
        """The rise or fall, and the readings that reached it among the last `of`."""
        rule, index = self._rule, self.index(change)
        rise_limit = self._loose[0 if change.level is Level.YELLOW else 2]
        rose = self.last_beyond(index, change.level)[0] >= rise_limit
        side: Literal["rise", "fall"] = "rise" if rose else "fall"
        move = self.measure(index)
        moved = None if move is None else divided(move[_SIDES.index(side)], self._parts)
        return self.reason(change, rule.kind, side, rule.of(change.level, side), moved)

"""Judging a mean or median over a window against limits: the kind `average`."""

from __future__ import annotations

from bisect import bisect_right
from typing import TypeAlias

from threshold_engine.limits import fences, side_of
from threshold_engine.model import Because, Change
from threshold_engine.numbers import divided
from threshold_engine.one_code import OneCodeTrack
from threshold_engine.rules import AverageRule
from threshold_engine.selection import Usable
from threshold_engine.series import doubled_median
from threshold_engine.track import Life

Fraction: TypeAlias = tuple[int, int]
"""Total and parts: a mean is compared exactly, never rounded."""


class AverageTrack(OneCodeTrack[Fraction]):
    """A life of an `average` rule: over the readings of the window, this one included.

    A reading that makes fewer than `at_least` of them is passed over: it is no step at all.
    """

    __slots__ = ("_loose", "_rule", "_tight")

    def __init__(self, rule: AverageRule, readings: Usable, life: Life) -> None:
        super().__init__(rule, readings, life)
        self._rule = rule
        self._loose = fences(rule.limits)
        self._tight = fences(rule.limits, rule.repetition.deadband)

    @property
    def span(self) -> int:
        return self._rule.window

    def measure(self, index: int) -> Fraction | None:
        numbers, rule = self._numbers, self._rule
        first = bisect_right(numbers.times, numbers.times[index] - rule.window, 0, index)
        if index + 1 - first < rule.at_least:
            return None
        held = numbers.values[first : index + 1]
        return (sum(held), len(held)) if rule.stat == "mean" else (doubled_median(held), 2)

    def beyond(self, measured: Fraction, *, tight: bool = False) -> int:
        total, parts = measured
        red_below, yellow_below, yellow_above, red_above = self._tight if tight else self._loose
        if yellow_below * parts <= total <= yellow_above * parts:
            return 0
        return 2 if total < red_below * parts or total > red_above * parts else 1

    def because(self, change: Change) -> Because:
        """The limit, the statistic, and the readings at which it was beyond among the last `of`."""
        rule, index = self._rule, self.index(change)
        total, parts = self.last_beyond(index, change.level)
        side = side_of(total, rule.limits, change.level, parts)
        measured = self.measure(index)
        shown = None if measured is None else divided(*measured)
        return self.reason(change, rule.kind, side, rule.limits.of(change.level, side), shown)

"""Judging a mean or median over a window against limits: the kind `average`."""

from __future__ import annotations

from threshold_engine.limits import fences, first_step, last_step, side_of
from threshold_engine.machine import Walk
from threshold_engine.model import Because, Change
from threshold_engine.numbers import divided
from threshold_engine.rules import AverageRule
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Stepwise
from threshold_engine.windows import doubled_median, earlier_values


class AverageTrack(Stepwise):
    """A life of an `average` rule; the statistic is kept as a fraction and compared exactly, never rounded.

    A reading with fewer than `at_least` in its window, itself included, is passed over: it is no step at all.
    """

    __slots__ = ("_fractions", "_rule", "_values")

    def __init__(self, rule: AverageRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        numbers = readings.numbers(rule.code)
        # Which steps stand in the last `of` isn't known before it is known which are passed over.
        first = first_step(numbers.times, life.start, rule.repetition) if rule.repetition.need == 1 else 0
        steps = range(first, last_step(numbers.times, life.end))
        kept: list[int] = []
        self._fractions: list[tuple[int, int]] = []
        for index, held in earlier_values(numbers, rule.window, steps, own=True):
            if len(held) >= rule.at_least:
                kept.append(index)
                mean = rule.stat == "mean"
                self._fractions.append((sum(held), len(held)) if mean else (doubled_median(held), 2))
        self._values = [numbers.values[i] for i in kept]
        beyond = self._levels(0)
        deadband = rule.repetition.deadband
        tight = self._levels(deadband) if deadband else beyond
        walk = Walk([numbers.times[i] for i in kept], [numbers.ids[i] for i in kept], beyond, tight)
        super().__init__(walk, life, rule.repetition)

    def _levels(self, deadband: int) -> list[int]:
        red_below, yellow_below, yellow_above, red_above = fences(self._rule.limits, deadband)
        return [
            0
            if yellow_below * parts <= total <= yellow_above * parts
            else 2
            if total < red_below * parts or total > red_above * parts
            else 1
            for total, parts in self._fractions
        ]

    def because(self, change: Change) -> Because:
        """The limit, the statistic, and the readings at which it was beyond among the last `of`."""
        rule, walk, index = self._rule, self.walk, self.index(change)
        total, parts = self._fractions[self.last_beyond(index, change.level)]
        side = side_of(total, rule.limits, change.level, parts)
        beyond = self.counted(index, change.level)
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=rule.codes,
            direction=side,
            limit=rule.limits.of(change.level, side),
            measured=divided(*self._fractions[index]),
            beyond=len(beyond),
            need=rule.repetition.need,
            of=rule.repetition.of,
            readings=tuple((walk.ids[i], walk.times[i], self._values[i]) for i in beyond or [index]),
        )

"""Judging a value, or a mean or median, against limits: the kinds `limit` and `average`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from threshold_engine.machine import Walk
from threshold_engine.model import Because, Change, Instant, Level, Scaled
from threshold_engine.rules import LimitRule, Limits, Repetition
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Stepwise

FAR: Final = 10**40
"""Further away than any number that a reading or a plan can hold."""


class Fences(NamedTuple):
    """Limits as four numbers, far away where there is none, so that judging is only comparing."""

    red_below: Scaled
    yellow_below: Scaled
    yellow_above: Scaled
    red_above: Scaled


def fences(limits: Limits, deadband: Scaled = 0) -> Fences:
    """Limits tightened by a deadband."""
    below = [limits.of(level, "below") for level in (Level.RED, Level.YELLOW)]
    above = [limits.of(level, "above") for level in (Level.YELLOW, Level.RED)]
    return Fences(
        *(-FAR if limit is None else limit + deadband for limit in below),
        *(FAR if limit is None else limit - deadband for limit in above),
    )


def side_of(measured: Scaled, limits: Limits, level: Level, parts: int = 1) -> Literal["below", "above"]:
    """On which side `measured / parts` is beyond a level."""
    below = limits.of(level, "below")
    return "below" if below is not None and measured < below * parts else "above"


def first_step(times: Sequence[Instant], start: Instant, repetition: Repetition) -> int:
    """The first step needed to judge from `start` on: earlier ones only stand in the last `of`."""
    begin = bisect_left(times, start)
    if repetition.need == 1:
        return begin
    return max(0, begin - repetition.of + 1) if repetition.spacing is None else 0


def last_step(times: Sequence[Instant], end: Instant | None) -> int:
    """Where the steps of a life end: a reading at its very end is judged by what comes after."""
    return len(times) if end is None else bisect_left(times, end)


class LimitTrack(Stepwise):
    """A life of a `limit` rule: beyond is strict, a value equal to a limit is within it."""

    __slots__ = ("_rule", "_values")

    def __init__(self, rule: LimitRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        numbers = readings.numbers(rule.code)
        first = first_step(numbers.times, life.start, rule.repetition)
        last = last_step(numbers.times, life.end)
        values = self._values = numbers.values[first:last]
        beyond = _levels(values, fences(rule.limits))
        deadband = rule.repetition.deadband
        tight = _levels(values, fences(rule.limits, deadband)) if deadband else beyond
        super().__init__(
            Walk(numbers.times[first:last], numbers.ids[first:last], beyond, tight), life, rule.repetition
        )

    def because(self, change: Change) -> Because:
        """The limit, the value, and the readings beyond it among the last `of`."""
        rule, walk, index = self._rule, self.walk, self.index(change)
        side = side_of(self._values[self.last_beyond(index, change.level)], rule.limits, change.level)
        beyond = self.counted(index, change.level)
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=rule.codes,
            direction=side,
            limit=rule.limits.of(change.level, side),
            measured=self._values[index],
            beyond=len(beyond),
            need=rule.repetition.need,
            of=rule.repetition.of,
            readings=tuple((walk.ids[i], walk.times[i], self._values[i]) for i in beyond or [index]),
        )


def _levels(values: Sequence[Scaled], at: Fences) -> list[int]:
    red_below, yellow_below, yellow_above, red_above = at
    return [
        0 if yellow_below <= value <= yellow_above else 2 if value < red_below or value > red_above else 1
        for value in values
    ]

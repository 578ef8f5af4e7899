"""Judging a value, or a mean or median, against limits: the kinds `limit` and `average`."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from threshold_engine.model import Because, Change, Level, Scaled
from threshold_engine.one_code import OneCodeTrack
from threshold_engine.rules import LimitRule, Limits
from threshold_engine.selection import Usable
from threshold_engine.track import FAR, NEVER_CALM, Calm, Life


class Fences(NamedTuple):
    """Limits as four numbers, far away where there is none, so that judging is only comparing."""

    red_below: Scaled
    yellow_below: Scaled
    yellow_above: Scaled
    red_above: Scaled


@lru_cache(maxsize=4096)
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


class LimitTrack(OneCodeTrack[int]):
    """A life of a `limit` rule: beyond is strict, a value equal to a limit is within it."""

    __slots__ = ("_loose", "_rule", "_tight")

    def __init__(self, rule: LimitRule, readings: Usable, life: Life) -> None:
        super().__init__(rule, readings, life)
        self._rule = rule
        self._loose = fences(rule.limits)
        self._tight = fences(rule.limits, rule.repetition.deadband)

    @property
    def span(self) -> int:
        return 0

    def measure(self, index: int) -> int:
        return self._numbers.values[index]

    def beyond(self, measured: int, *, tight: bool = False) -> int:
        red_below, yellow_below, yellow_above, red_above = self._tight if tight else self._loose
        if yellow_below <= measured <= yellow_above:
            return 0
        return 2 if measured < red_below or measured > red_above else 1

    def _go_on(self, index: int) -> None:
        values, end = self._numbers.values, self.end_index()
        low, high = self._calm_after(values[index - 1]) if index else NEVER_CALM
        while index < end:
            while index < end and low <= values[index] <= high:
                index += 1
            if index == end:
                break
            self._step(index, values[index])
            low, high = self._calm_after(values[index])
            index += 1
        self.calm = low, high

    def until_green(self, index: int, end: int) -> int:
        values = self._numbers.values
        while index < end and not self.is_green:
            low, high = self._calm_after(values[index - 1])
            while index < end and low <= values[index] <= high:
                index += 1
            if index < end:
                self._step(index, values[index])
                index += 1
        return index

    def _calm_after(self, value: Scaled) -> Calm:
        """The values that leave everything as it is: green, or on the same side and not recovered."""
        loose, tight = self._loose, self._tight
        if self.is_green:
            return loose.yellow_below, loose.yellow_above
        if self._yellow or self._red > 0:
            return NEVER_CALM  # a row of recovered ones has begun
        if self._red == 0:
            return (-FAR, tight.red_below - 1) if value < tight.red_below else (tight.red_above + 1, FAR)
        if value < tight.yellow_below:
            return loose.red_below, tight.yellow_below - 1
        return tight.yellow_above + 1, loose.red_above

    def because(self, change: Change) -> Because:
        """The limit, the value, and the readings beyond it among the last `of`."""
        rule, numbers, index = self._rule, self._numbers, self.index(change)
        side = side_of(self.last_beyond(index, change.level), rule.limits, change.level)
        return self.reason(change, rule.kind, side, rule.limits.of(change.level, side), numbers.values[index])

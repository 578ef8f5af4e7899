"""Judging a rise or fall against the readings before: the kind `change`."""

from __future__ import annotations

from typing import Final, Literal

from threshold_engine.limits import FAR, first_step, last_step
from threshold_engine.machine import Walk
from threshold_engine.model import Because, Change, Level
from threshold_engine.numbers import divided
from threshold_engine.rules import ChangeRule
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Stepwise
from threshold_engine.windows import doubled_median, earlier_values

_SIDES: Final[tuple[Literal["rise", "fall"], ...]] = ("rise", "fall")


class ChangeTrack(Stepwise):
    """A life of a `change` rule: inclusive, "2 kg" is reached at 2.0.

    A reading with fewer than `at_least` earlier ones in the window is passed over: it is no step at all.
    """

    __slots__ = ("_moves", "_parts", "_rule", "_values")

    def __init__(self, rule: ChangeRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        numbers = readings.numbers(rule.code)
        # Which steps stand in the last `of` isn't known before it is known which are passed over.
        first = first_step(numbers.times, life.start, rule.repetition) if rule.repetition.need == 1 else 0
        steps = range(first, last_step(numbers.times, life.end))
        kept: list[int] = []
        self._parts = 2 if rule.reference == "median" else 1
        self._moves: list[tuple[int, int]] = []
        for index, held in earlier_values(numbers, rule.window, steps):
            if len(held) >= rule.at_least:
                kept.append(index)
                self._moves.append(self._move(numbers.values[index], held))
        self._values = [numbers.values[i] for i in kept]
        beyond = self._levels(0)
        deadband = rule.repetition.deadband
        tight = self._levels(deadband) if deadband else beyond
        walk = Walk([numbers.times[i] for i in kept], [numbers.ids[i] for i in kept], beyond, tight)
        super().__init__(walk, life, rule.repetition)

    def _move(self, value: int, held: list[int]) -> tuple[int, int]:
        """Rise and fall in parts of a millionth (halves where a median is taken)."""
        if self._parts == 1:
            return value - held[0], held[-1] - value
        rise = 2 * value - doubled_median(held)
        return rise, -rise

    def _levels(self, deadband: int) -> list[int]:
        rise_yellow, fall_yellow = self._reached(Level.YELLOW, deadband)
        rise_red, fall_red = self._reached(Level.RED, deadband)
        return [
            (2 if rise >= rise_red or fall >= fall_red else 1)
            if rise >= rise_yellow or fall >= fall_yellow
            else 0
            for rise, fall in self._moves
        ]

    def _reached(self, level: Level, deadband: int) -> tuple[int, int]:
        rise, fall = (self._rule.of(level, side) for side in _SIDES)
        return (
            FAR if rise is None else (rise - deadband) * self._parts,
            FAR if fall is None else (fall - deadband) * self._parts,
        )

    def because(self, change: Change) -> Because:
        """The rise or fall, and the readings that reached it among the last `of`."""
        rule, walk, index = self._rule, self.walk, self.index(change)
        rise_limit, _ = self._reached(change.level, 0)
        rose = self._moves[self.last_beyond(index, change.level)][0] >= rise_limit
        side: Literal["rise", "fall"] = "rise" if rose else "fall"
        beyond = self.counted(index, change.level)
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=rule.codes,
            direction=side,
            limit=rule.of(change.level, side),
            measured=divided(self._moves[index][_SIDES.index(side)], self._parts),
            beyond=len(beyond),
            need=rule.repetition.need,
            of=rule.repetition.of,
            readings=tuple((walk.ids[i], walk.times[i], self._values[i]) for i in beyond or [index]),
        )

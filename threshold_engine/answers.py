"""Judging answers, alone or counted together: the kinds `answer` and `count`."""

from __future__ import annotations

from bisect import bisect_left

from threshold_engine.limits import last_step
from threshold_engine.machine import Walk
from threshold_engine.members import typed
from threshold_engine.model import Because, Change, Instant, Level, Value
from threshold_engine.numbers import ONE
from threshold_engine.readings import Reading
from threshold_engine.rules import AnswerRule, CountRule
from threshold_engine.selection import Series, Usable
from threshold_engine.track import Life, Stepwise
from threshold_engine.windows import Newest, instants, watched


class AnswerTrack(Stepwise):
    """A life of an `answer` rule: each answer decides by itself; values compare as data."""

    __slots__ = ("_readings", "_rule")

    def __init__(self, rule: AnswerRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        series = readings.plausible.get(rule.code, Series([], []))
        judged = slice(bisect_left(series.times, life.start), last_step(series.times, life.end))
        self._readings = series.readings[judged]
        beyond = [self._level(reading.value) for reading in self._readings]
        ids = [reading.id for reading in self._readings]
        super().__init__(Walk(series.times[judged], ids, beyond, beyond), life)

    def _level(self, value: Value) -> Level:
        answer = typed(value)
        if answer in self._rule.red:
            return Level.RED
        return Level.YELLOW if answer in self._rule.yellow else Level.GREEN

    def because(self, change: Change) -> Because:
        """The answer that was given."""
        reading = self._readings[self.index(change)]
        return Because(
            at=change.at,
            level=change.level,
            kind=self._rule.kind,
            codes=self._rule.codes,
            measured=reading.value,
            readings=((reading.id, change.at, reading.value),),
        )


class CountTrack(Stepwise):
    """A life of a `count` rule: judged at each instant with a reading of any of its codes."""

    __slots__ = ("_newest", "_rule")

    def __init__(self, rule: CountRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        series = watched(readings.plausible, rule.codes)
        self._newest = Newest(series, rule.window)
        steps = instants(series, life)
        beyond = [rule.level(len(self._counted(at))) for at, _ in steps]
        super().__init__(Walk([at for at, _ in steps], [i for _, i in steps], beyond, beyond), life)

    def _counted(self, at: Instant) -> list[Reading]:
        newest = self._newest.at(at)
        return [r for code, r in newest.items() if typed(r.value) in self._rule.answers[code]]

    def because(self, change: Change) -> Because:
        """How many answers counted, and which."""
        rule, counted = self._rule, self._counted(change.at)
        threshold = rule.at(change.level)
        seen = sorted((reading.effective, reading.id, reading.value) for reading in counted)
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=tuple(sorted(reading.code for reading in counted)),
            direction="above",
            limit=None if threshold is None else threshold * ONE,
            measured=len(counted) * ONE,
            readings=tuple((reading_id, at, value) for at, reading_id, value in seen),
        )

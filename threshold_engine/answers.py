"""Judging answers, alone or counted together: the kinds `answer` and `count`."""

from __future__ import annotations

from threshold_engine.machine import Stepwise
from threshold_engine.many_codes import ManyCodes
from threshold_engine.members import typed
from threshold_engine.model import Because, Change, Instant, Level
from threshold_engine.numbers import ONE
from threshold_engine.readings import Reading
from threshold_engine.rules import AnswerRule, CountRule
from threshold_engine.selection import Usable
from threshold_engine.track import Life


class AnswerTrack(Stepwise[Level]):
    """A life of an `answer` rule: each answer decides by itself; values compare as data."""

    __slots__ = ("_rule", "_series")

    def __init__(self, rule: AnswerRule, readings: Usable, life: Life) -> None:
        super().__init__(rule.codes, life)
        self._rule = rule
        self._series = readings.series(rule.code)

    @property
    def times(self) -> list[Instant]:
        return self._series.times

    @property
    def span(self) -> int:
        return 0

    def reading(self, index: int) -> Reading:
        return self._series.readings[index]

    def measure(self, index: int) -> Level:
        answer = typed(self._series.readings[index].value)
        if answer in self._rule.red:
            return Level.RED
        return Level.YELLOW if answer in self._rule.yellow else Level.GREEN

    def beyond(self, measured: Level, *, tight: bool = False) -> int:
        return measured

    def because(self, change: Change) -> Because:
        """The answer that was given."""
        reading = self.reading(self.index(change))
        return Because(
            at=change.at,
            level=change.level,
            kind=self._rule.kind,
            codes=self._rule.codes,
            measured=reading.value,
            readings=((reading.id, change.at, reading.value),),
        )


class CountTrack(ManyCodes[int]):
    """A life of a `count` rule: judged at each instant with a reading of any of its codes."""

    __slots__ = ("_rule",)

    def __init__(self, rule: CountRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        super().__init__({code: readings.series(code) for code in rule.codes}, rule.window, life)

    def measure(self, index: int) -> int:
        return len(self._counted(self._times[index]))

    def beyond(self, measured: int, *, tight: bool = False) -> int:
        return self._rule.level(measured)

    def _counted(self, at: Instant) -> list[Reading]:
        newest = self.newest(at)
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

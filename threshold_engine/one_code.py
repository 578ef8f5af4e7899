"""Rules that judge the numbers of one code, each a step: `limit`, `change` and `average`."""

from __future__ import annotations

from typing import Literal, TypeVar

from threshold_engine.machine import Stepwise
from threshold_engine.model import Because, Change, Instant, Scaled
from threshold_engine.readings import Reading
from threshold_engine.rules import AverageRule, ChangeRule, LimitRule
from threshold_engine.selection import Usable
from threshold_engine.track import Life

M = TypeVar("M")


class OneCodeTrack(Stepwise[M]):
    """A life of such a rule."""

    __slots__ = ("_numbers",)

    def __init__(self, rule: LimitRule | ChangeRule | AverageRule, readings: Usable, life: Life) -> None:
        super().__init__(rule.codes, life, rule.repetition)
        self._numbers = readings.series(rule.code).numbers

    @property
    def times(self) -> list[Instant]:
        return self._numbers.times

    def reading(self, index: int) -> Reading:
        return self._numbers.readings[index]

    def reason(
        self,
        change: Change,
        kind: str,
        direction: Literal["below", "above", "rise", "fall"],
        limit: Scaled | None,
        measured: Scaled | None,
    ) -> Because:
        """Why a change came about, with the readings beyond its level among the last `of`."""
        numbers, index = self._numbers, self.index(change)
        beyond = self.counted(index, change.level)
        return Because(
            at=change.at,
            level=change.level,
            kind=kind,
            codes=self.codes,
            direction=direction,
            limit=limit,
            measured=measured,
            beyond=len(beyond),
            need=self.repetition.need,
            of=self.repetition.of,
            readings=tuple(
                (numbers.readings[i].id, numbers.times[i], numbers.values[i]) for i in beyond or [index]
            ),
        )

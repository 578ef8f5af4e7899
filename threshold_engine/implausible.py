"""The built-in rule `implausible:<code>`: a device whose clock or value can't be right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from threshold_engine.measures import plausible_range
from threshold_engine.model import Because, Change, Direction, Instant, Level, Step
from threshold_engine.selection import Usable
from threshold_engine.series import Series
from threshold_engine.track import ALWAYS_CALM, NEVER_CALM, Kept, Life, Track

KIND: Final = "implausible"


class ImplausibleTrack(Track):
    """Yellow at an implausible reading, green at the next plausible one; at one instant only the former."""

    __slots__ = ("_code", "_right", "_wrong")

    def __init__(self, code: str, readings: Usable, life: Life) -> None:
        super().__init__((code,), life)
        self._code = code
        self._wrong = readings.implausible.setdefault(code, Series([], []))
        self._right = readings.series(code)

    def begin(self, now: Instant) -> None:
        self.arrived(self.life.start)

    def arrived(self, at: Instant) -> None:
        self.cut(at)
        at = max(at, self.life.start)
        while True:
            found = self._next_change(at)
            if found is None:
                break
            self.add(found)
            at = found.at + 1
        self.calm = ALWAYS_CALM if self.level is Level.GREEN else NEVER_CALM

    def _next_change(self, at: Instant) -> Change | None:
        """The first change at an instant or after it."""
        if self.level is Level.GREEN:
            index = bisect_left(self._wrong.times, at)
            if index == len(self._wrong.times):
                return None
            return Change(self._wrong.times[index], Level.YELLOW, self._wrong.readings[index].id)
        for index in range(bisect_left(self._right.times, at), len(self._right.times)):
            time = self._right.times[index]
            if self._wrong.at(time) is None:
                return Change(time, Level.GREEN, self._right.readings[index].id)
        return None

    def kept(self) -> Kept:
        return Kept(tuple(self.changes), ())

    def resume(self, kept: Kept) -> None:
        self.changes = list(kept.changes)

    def steps(self) -> list[Step]:
        found = {
            series.times[index]: (series.readings[index].id, level)
            for series, level in ((self._right, Level.GREEN), (self._wrong, Level.YELLOW))
            for index in range(bisect_left(series.times, self.life.start), len(series.times))
        }
        return [Step(at, reading, level) for at, (reading, level) in sorted(found.items())]

    def because(self, change: Change) -> Because:
        """The reading; with the end of the range that its value is out of, or none where its time was."""
        reading = self._wrong.readings[bisect_right(self._wrong.times, change.at) - 1]
        value, span = reading.value, plausible_range(self._code)
        direction: Direction | None = None
        by_time = reading.effective != change.at
        if not by_time and span is not None and isinstance(value, int) and not isinstance(value, bool):
            direction = "below" if value < span[0] else "above"
        return Because(
            at=change.at,
            level=change.level,
            kind=KIND,
            codes=(self._code,),
            direction=direction,
            limit=None if direction is None or span is None else span[direction == "above"],
            measured=value,
            readings=((reading.id, change.at, value),),
        )

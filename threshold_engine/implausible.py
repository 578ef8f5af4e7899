"""The built-in rule `implausible:<code>`: a device whose clock or value can't be right."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from threshold_engine.machine import Walk
from threshold_engine.measures import plausible_range
from threshold_engine.model import Because, Change, Direction
from threshold_engine.readings import Reading
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Stepwise

KIND: Final = "implausible"


class ImplausibleTrack(Stepwise):
    """Yellow at an implausible reading, green at the next plausible one; at one instant only the former."""

    __slots__ = ("_code", "_wrong")

    def __init__(self, code: str, readings: Usable, life: Life) -> None:
        self._code = code
        self._wrong = readings.implausible[code]
        rows = {at: (0, reading.id) for at, reading in _of(readings, code)}
        rows.update((at, (1, r.id)) for at, r in zip(self._wrong.times, self._wrong.readings, strict=True))
        times = sorted(rows)
        beyond = [rows[at][0] for at in times]
        super().__init__(Walk(times, [rows[at][1] for at in times], beyond, beyond), life)

    def because(self, change: Change) -> Because:
        """The reading; with the end of the range that its value is out of, or none where its time was."""
        at = bisect_left(self._wrong.times, change.at)
        reading = self._wrong.readings[at]
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


def _of(readings: Usable, code: str) -> list[tuple[int, Reading]]:
    series = readings.plausible.get(code)
    return [] if series is None else list(zip(series.times, series.readings, strict=True))

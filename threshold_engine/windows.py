"""Looking back from an instant: which reading of each code is the newest, and when to judge."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from threshold_engine.model import Instant
from threshold_engine.readings import Reading
from threshold_engine.selection import Series
from threshold_engine.track import Life


class Newest:
    """The newest reading of each code in (instant − window, instant], the window in milliseconds."""

    __slots__ = ("_series", "_window")

    def __init__(self, series: Mapping[str, Series], window: int) -> None:
        self._series = series
        self._window = window

    def at(self, at: Instant) -> dict[str, Reading]:
        """Code → its newest reading in the window; codes without one are left out."""
        found: dict[str, Reading] = {}
        for code, series in self._series.items():
            index = bisect_right(series.times, at) - 1
            if index >= 0 and series.times[index] > at - self._window:
                found[code] = series.readings[index]
        return found


def instants(
    series: Mapping[str, Series], codes: Iterable[str], life: Life | None = None
) -> list[tuple[Instant, str]]:
    """Each instant with a reading of any of the codes, and that reading's id; of several the smallest code's.

    Only those in the life, where one is given.
    """
    found: dict[Instant, str] = {}
    for code in sorted(codes, reverse=True):
        mine = series.get(code)
        if mine is None:
            continue
        first = 0 if life is None else bisect_left(mine.times, life.start)
        last = len(mine.times) if life is None or life.end is None else bisect_left(mine.times, life.end)
        found.update((mine.times[i], mine.readings[i].id) for i in range(first, last))
    return sorted(found.items())

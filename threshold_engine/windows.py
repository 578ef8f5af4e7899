"""Looking back from an instant: which readings stand in a window, and when to judge."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence

from threshold_engine.model import Instant, Scaled
from threshold_engine.readings import Reading
from threshold_engine.selection import Numbers, Series
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


def instants(series: Mapping[str, Series], life: Life, *, earlier: bool = False) -> list[tuple[Instant, str]]:
    """Each instant of a life at which a reading of any of the codes stands, oldest first.

    With the id of that reading, of several the smallest code's. With `earlier` also those from before the
    life.
    """
    found: dict[Instant, str] = {}
    for code in sorted(series, reverse=True):
        mine = series[code]
        first = 0 if earlier else bisect_left(mine.times, life.start)
        last = len(mine.times) if life.end is None else bisect_left(mine.times, life.end)
        found.update((mine.times[i], mine.readings[i].id) for i in range(first, last))
    return sorted(found.items())


def watched(plausible: Mapping[str, Series], codes: Iterable[str]) -> dict[str, Series]:
    """The series of these codes, as far as there are any."""
    return {code: plausible[code] for code in codes if code in plausible}


def earlier_values(
    numbers: Numbers, window: int, steps: range, *, own: bool = False
) -> Iterator[tuple[int, list[Scaled]]]:
    """For each of the steps: its index, and the values before it in [this − window, this), sorted.

    With `own` instead those in (this − window, this]. The list is the same one each time, changed in between.
    """
    times, values = numbers.times, numbers.values
    if not steps:
        return
    low = bisect_left(times, times[steps.start] - window + own)
    held = sorted(values[low : steps.start])
    for index in steps:
        begin = times[index] - window + own
        if own:
            insort(held, values[index])
        while times[low] < begin:
            del held[bisect_left(held, values[low])]
            low += 1
        yield index, held
        if not own:
            insort(held, values[index])


def doubled_median(ordered: Sequence[Scaled]) -> int:
    """Twice the median of sorted values, so that the mean of two middle ones stays exact."""
    half = len(ordered) // 2
    return ordered[half] + ordered[half - 1 if len(ordered) % 2 == 0 else half]

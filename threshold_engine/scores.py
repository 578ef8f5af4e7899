"""Judging NEWS2 over the newest readings of a window: the kind `score`, and the sum for the queue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from threshold_engine.instants import HOUR
from threshold_engine.many_codes import ManyCodes
from threshold_engine.model import Because, Change, Instant, Level
from threshold_engine.news2 import WORST, News2, points_of, scores
from threshold_engine.numbers import ONE
from threshold_engine.readings import Reading
from threshold_engine.rules import SEVEN, ScoreRule
from threshold_engine.selection import Usable, usable
from threshold_engine.series import Series
from threshold_engine.track import FAR, Life


def newest_scorable(series: Series, code: str, at: Instant, window: int) -> Reading | None:
    """The newest reading in (at − window, at] that can be scored; the others are as if they weren't there."""
    index = bisect_right(series.times, at) - 1
    while index >= 0 and series.times[index] > at - window:
        reading = series.readings[index]
        if scores(code, reading.value):
            return reading
        index -= 1
    return None


class ScoreTrack(ManyCodes[Mapping[str, int]]):
    """A life of a `score` rule: judged at each instant with a reading of any of the seven codes."""

    __slots__ = ("_rule",)

    def __init__(self, rule: ScoreRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        super().__init__({code: readings.series(code) for code in SEVEN}, rule.window, life)

    def measure(self, index: int) -> Mapping[str, int] | None:
        newest = self.newest(self._times[index])
        return points_of(_values(newest), self._rule.scale) if self._rule.required <= newest.keys() else None

    def beyond(self, measured: Mapping[str, int], *, tight: bool = False) -> int:
        level = self._rule.level(sum(measured.values()))
        alone = self._rule.single and WORST in measured.values()
        return max(level, Level.YELLOW) if alone else level

    def _instants(self) -> list[Instant]:
        scored = {
            at
            for code, series in self._series.items()
            for at, reading in zip(series.times, series.readings, strict=True)
            if scores(code, reading.value)
        }
        return sorted(scored)

    def _at(self, series: Series, code: str, at: Instant) -> Reading | None:
        reading = series.at(at)
        return reading if reading is not None and scores(code, reading.value) else None

    def _newest(self, series: Series, code: str, at: Instant) -> Reading | None:
        return newest_scorable(series, code, at, self._window)

    def because(self, change: Change) -> Because:
        """The sum that reached the threshold; or else the parameters that score 3 by themselves."""
        rule, newest = self._rule, self.newest(change.at)
        points = points_of(_values(newest), rule.scale)
        total, threshold = sum(points.values()), rule.at(change.level)
        if threshold is None or total < threshold:
            total = threshold = WORST
            newest = {code: reading for code, reading in newest.items() if points[code] == WORST}
        seen = sorted((reading.effective, reading.id, reading.value) for reading in newest.values())
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=tuple(sorted(newest)),
            direction="above",
            limit=threshold * ONE,
            measured=total * ONE,
            readings=tuple((reading_id, at, value) for at, reading_id, value in seen),
        )


def news2_sum(
    readings: Iterable[Reading],
    now: Instant,
    *,
    scale: int = 1,
    window: int = HOUR,
    not_before: Instant | None = None,
) -> News2 | None:
    """The NEWS2 sum of one patient over the newest readings of the window that ends with the newest of all.

    `scale` 1 or 2 for SpO2, `window` in milliseconds. None where there is no reading of the seven codes, or
    none newer than `not_before`.
    """
    mine = list(readings)
    patients = {reading.patient for reading in mine}
    series = {
        code: one
        for used in usable(mine, now, patients).values()
        for code, one in used.plausible.items()
        if code in SEVEN
    }
    last = (newest_scorable(one, code, now, FAR) for code, one in series.items())
    at = max((reading.effective for reading in last if reading is not None), default=None)
    if at is None or (not_before is not None and at <= not_before):
        return None
    newest = {code: found for code in series if (found := newest_scorable(series[code], code, at, window))}
    points = points_of(_values(newest), scale)
    return News2(
        total=sum(points.values()),
        known=len(points),
        at=at,
        parts=MappingProxyType({code: points.get(code) for code in SEVEN}),
        single_three=WORST in points.values(),
    )


def _values(newest: Mapping[str, Reading]) -> dict[str, bool | int | str]:
    return {code: reading.value for code, reading in newest.items()}

"""Judging NEWS2 over the newest readings of a window: the kind `score`, and the sum for the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from threshold_engine.instants import HOUR
from threshold_engine.machine import Walk
from threshold_engine.model import Because, Change, Instant, Level
from threshold_engine.news2 import WORST, News2, points_of, scores
from threshold_engine.numbers import ONE
from threshold_engine.readings import Reading
from threshold_engine.rules import SEVEN, ScoreRule
from threshold_engine.selection import Series, Usable, usable
from threshold_engine.track import Life, Stepwise
from threshold_engine.windows import Newest, instants


def scorable(readings: Usable) -> dict[str, Series]:
    """The readings of the seven codes that can be scored; the others are as if they weren't there."""
    found: dict[str, Series] = {}
    for code in SEVEN:
        series = readings.plausible.get(code)
        if series is None:
            continue
        kept = [reading for reading in series.readings if scores(code, reading.value)]
        if kept:
            found[code] = Series([reading.effective for reading in kept], kept)
    return found


class ScoreTrack(Stepwise):
    """A life of a `score` rule: judged at each instant with a reading of any of the seven codes."""

    __slots__ = ("_newest", "_rule")

    def __init__(self, rule: ScoreRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        series = scorable(readings)
        self._newest = Newest(series, rule.window)
        times: list[Instant] = []
        ids: list[str] = []
        beyond: list[int] = []
        for at, reading in instants(series, life):
            newest = self._newest.at(at)
            if rule.required <= newest.keys():
                times.append(at)
                ids.append(reading)
                beyond.append(self._level(points_of(_values(newest), rule.scale)))
        super().__init__(Walk(times, ids, beyond, beyond), life)

    def _level(self, points: Mapping[str, int]) -> Level:
        level = self._rule.level(sum(points.values()))
        alone = self._rule.single and WORST in points.values()
        return max(level, Level.YELLOW) if alone else level

    def because(self, change: Change) -> Because:
        """The sum that reached the threshold; or else the parameters that score 3 by themselves."""
        rule, newest = self._rule, self._newest.at(change.at)
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
    series = {
        code: found
        for used in usable(mine, now, {reading.patient for reading in mine}).values()
        for code, found in scorable(used).items()
    }
    at = max((found.times[-1] for found in series.values()), default=None)
    if at is None or (not_before is not None and at <= not_before):
        return None
    points = points_of(_values(Newest(series, window).at(at)), scale)
    return News2(
        total=sum(points.values()),
        known=len(points),
        at=at,
        parts=MappingProxyType({code: points.get(code) for code in SEVEN}),
        single_three=WORST in points.values(),
    )


def _values(newest: Mapping[str, Reading]) -> dict[str, bool | int | str]:
    return {code: reading.value for code, reading in newest.items()}

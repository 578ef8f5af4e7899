"""A personal early-warning score: the kind `points`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from threshold_engine.limits import first_step
from threshold_engine.machine import Walk
from threshold_engine.members import typed
from threshold_engine.model import Because, Change, Instant, Level, Scaled
from threshold_engine.numbers import ONE
from threshold_engine.readings import Reading
from threshold_engine.rules import PointsRule, Term
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Stepwise
from threshold_engine.windows import Newest, doubled_median, instants, watched


class PointsTrack(Stepwise):
    """A life of a `points` rule: judged at each instant with a reading of any of its codes."""

    __slots__ = ("_memory", "_newest", "_readings", "_rule", "_sums")

    def __init__(self, rule: PointsRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        self._readings = readings
        self._memory: dict[tuple[int, Instant], int] = {}
        series = watched(readings.plausible, rule.codes)
        self._newest = Newest(series, rule.window)
        steps = instants(series, life, earlier=rule.repetition.need > 1)
        steps = steps[first_step([at for at, _ in steps], life.start, rule.repetition) :]
        times = [at for at, _ in steps]
        self._sums = [sum(points for _, points in self._given(at)) for at in times]
        beyond = [self._level(total, 0) for total in self._sums]
        deadband = rule.repetition.deadband
        tight = [self._level(total, deadband) for total in self._sums] if deadband else beyond
        super().__init__(Walk(times, [i for _, i in steps], beyond, tight), life, rule.repetition)

    def _given(self, at: Instant) -> list[tuple[Reading, int]]:
        """The newest reading that each term looks at, with the points that it gives."""
        newest = self._newest.at(at)
        given: list[tuple[Reading, int]] = []
        for number, term in enumerate(self._rule.terms):
            reading = newest.get(term.code)
            if reading is None:
                continue
            key = (number, reading.effective)
            points = self._memory.get(key)
            if points is None:
                points = self._memory[key] = _points(term, reading, self._readings)
            if points:
                given.append((reading, points))
        return given

    def _level(self, total: int, deadband: Scaled) -> Level:
        for level in (Level.RED, Level.YELLOW):
            at = self._rule.at(level)
            if at is not None and total * ONE >= at * ONE - deadband:
                return level
        return Level.GREEN

    def because(self, change: Change) -> Because:
        """The sum and the readings that gave points; with how often it was reached among the last `of`."""
        rule, index = self._rule, self.index(change)
        threshold = rule.at(change.level)
        given = {reading.id: reading for reading, _ in self._given(change.at)}
        seen = sorted((reading.effective, reading.id, reading.value) for reading in given.values())
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=tuple(sorted({reading.code for reading in given.values()})) or rule.codes,
            direction="above",
            limit=None if threshold is None else threshold * ONE,
            measured=self._sums[index] * ONE,
            beyond=len(self.counted(index, change.level)),
            need=rule.repetition.need,
            of=rule.repetition.of,
            readings=tuple((reading_id, at, value) for at, reading_id, value in seen),
        )


def _points(term: Term, reading: Reading, readings: Usable) -> int:
    """What a term gives for the newest reading of its code; 0 for a value of another type."""
    value = reading.value
    if term.form == "values":
        return term.points if typed(value) in term.values else 0
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    if term.form == "below":
        return max((points for at, points in term.thresholds if value < at), default=0)
    if term.form == "above":
        return max((points for at, points in term.thresholds if value > at), default=0)
    times, values, _ = readings.numbers(term.code)
    first = bisect_left(times, reading.effective - term.baseline)
    last = bisect_right(times, reading.effective - term.lag)
    usual = sorted(values[first:last])
    if len(usual) < term.at_least:
        return 0
    rise = 2 * value - doubled_median(usual)
    moved = rise if term.form == "rise" else -rise
    return max((points for at, points in term.thresholds if moved >= 2 * at), default=0)

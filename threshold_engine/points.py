"""A personal early-warning score: the kind `points`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from threshold_engine.many_codes import ManyCodes
from threshold_engine.members import typed
from threshold_engine.model import Because, Change, Instant, Level, Share
from threshold_engine.numbers import ONE, divided
from threshold_engine.readings import Reading
from threshold_engine.rules import PointsRule, Term
from threshold_engine.selection import Usable
from threshold_engine.series import Numbers, doubled_median
from threshold_engine.track import Life


class PointsTrack(ManyCodes[int]):
    """A life of a `points` rule: judged at each instant with a reading of any of its codes."""

    __slots__ = ("_given", "_rule")

    def __init__(self, rule: PointsRule, readings: Usable, life: Life) -> None:
        self._rule = rule
        self._given: dict[tuple[int, Instant], int] = {}
        """(term, instant of its newest reading) → the points that it gives, until something earlier comes."""
        super().__init__(
            {code: readings.series(code) for code in rule.codes}, rule.window, life, rule.repetition
        )

    @property
    def span(self) -> int:
        return self._rule.window + max(term.baseline for term in self._rule.terms)

    def arrived(self, at: Instant) -> None:
        if at <= self._judged:
            self._given.clear()
        super().arrived(at)

    def measure(self, index: int) -> int:
        return sum(points for _, _, points in self._points(self._times[index]))

    def beyond(self, measured: int, *, tight: bool = False) -> int:
        deadband = self.repetition.deadband if tight else 0
        for level in (Level.RED, Level.YELLOW):
            at = self._rule.at(level)
            if at is not None and measured * ONE >= at * ONE - deadband:
                return level
        return Level.GREEN

    def _points(self, at: Instant) -> list[tuple[Term, Reading, int]]:
        """The terms that give points, the newest reading that each looks at, and how many it gives."""
        newest = self.newest(at)
        found: list[tuple[Term, Reading, int]] = []
        for number, term in enumerate(self._rule.terms):
            reading = newest.get(term.code)
            if reading is None:
                continue
            key = (number, reading.effective)
            points = self._given.get(key)
            if points is None:
                points = self._given[key] = points_of(term, reading, self._series[term.code].numbers)
            if points:
                found.append((term, reading, points))
        return found

    def because(self, change: Change) -> Because:
        """The sum and the readings that gave points; with how often it was reached among the last `of`."""
        rule, index = self._rule, self.index(change)
        threshold = rule.at(change.level)
        found = self._points(change.at)
        given = {reading.id: reading for _, reading, _ in found}
        seen = sorted((reading.effective, reading.id, reading.value) for reading in given.values())
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=tuple(sorted({reading.code for reading in given.values()})) or rule.codes,
            direction="above",
            limit=None if threshold is None else threshold * ONE,
            measured=self.measure(index) * ONE,
            beyond=len(self.counted(index, change.level)),
            need=rule.repetition.need,
            of=rule.repetition.of,
            readings=tuple((reading_id, at, value) for at, reading_id, value in seen),
            shares=tuple(self._share(*each) for each in found),
        )

    def _share(self, term: Term, reading: Reading, points: int) -> Share:
        usual = _doubled_usual(term, reading, self._series[term.code].numbers)
        return Share(reading.code, reading.value, points, None if usual is None else divided(usual, 2))


def points_of(term: Term, reading: Reading, numbers: Numbers) -> int:
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
    usual = _doubled_usual(term, reading, numbers)
    if usual is None:
        return 0
    rise = 2 * value - usual
    moved = rise if term.form == "rise" else -rise
    return max((points for at, points in term.thresholds if moved >= 2 * at), default=0)


def _doubled_usual(term: Term, reading: Reading, numbers: Numbers) -> int | None:
    """Twice the median that a rise or fall is counted from; none for other terms and too few readings."""
    if term.form not in ("rise", "fall"):
        return None
    first = bisect_left(numbers.times, reading.effective - term.baseline)
    last = bisect_right(numbers.times, reading.effective - term.lag)
    return doubled_median(numbers.values[first:last]) if last - first >= term.at_least else None

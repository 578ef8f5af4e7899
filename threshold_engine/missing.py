"""Nothing measured for too long: the kind `missing`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from threshold_engine.model import Because, Change, Instant, Level, Step
from threshold_engine.plans import Pause
from threshold_engine.rules import MissingRule
from threshold_engine.selection import Usable
from threshold_engine.track import Life, Track


class MissingTrack(Track):
    """A life of a `missing` rule: stretches between pauses, in each of which a timer waits from an anchor.

    The anchor is where the stretch begins (the life, or the end of a pause), and then each usable reading.
    At one instant a pause or the life's end comes before a reading, and a reading before the timer.
    """

    __slots__ = ("_anchor", "_level", "_rule")

    def __init__(
        self, rule: MissingRule, readings: Usable, life: Life, pauses: Sequence[Pause], now: Instant
    ) -> None:
        self._rule = rule
        self._level = Level.GREEN
        self._anchor: Instant | None = None
        self.changes: list[Change] = []
        arrivals = _arrivals(rule, readings)
        times = sorted(arrivals)
        for start, end in _stretches(life, pauses, now):
            first, last = bisect_left(times, start), bisect_left(times, end)
            self._stretch(start, end, [(at, arrivals[at]) for at in times[first:last]], now)
            if end <= now:
                self._anchor = None
                if end != life.end:
                    self._set(end, Level.GREEN, None)

    def _stretch(
        self, start: Instant, end: Instant, arrivals: list[tuple[Instant, str]], now: Instant
    ) -> None:
        rule = self._rule
        if not arrivals or arrivals[0][0] != start:
            arrivals.insert(0, (start, ""))
        yellow = rule.every + rule.grace
        red = None if rule.red_after is None else rule.every + rule.red_after
        for index, (anchor, reading) in enumerate(arrivals):
            following = arrivals[index + 1][0] if index + 1 < len(arrivals) else end
            before = min(following - 1, now)
            self._anchor = anchor
            if reading:
                self._set(anchor, Level.GREEN, reading)
            if anchor + yellow <= before:
                self._set(anchor + yellow, Level.YELLOW, None)
            if red is not None and anchor + red <= before:
                self._set(anchor + red, Level.RED, None)

    def _set(self, at: Instant, level: Level, reading: str | None) -> None:
        if level is not self._level:
            self._level = level
            self.changes.append(Change(at, level, reading))

    def steps(self) -> list[Step]:
        """None: no reading can be beyond."""
        return []

    def because(self, change: Change) -> Because:
        """Since when nothing has come."""
        rule = self._rule
        wait = rule.red_after if change.level is Level.RED and rule.red_after is not None else rule.grace
        return Because(
            at=change.at,
            level=change.level,
            kind=rule.kind,
            codes=rule.codes,
            since=change.at - rule.every - wait,
        )

    def due(self, now: Instant) -> Instant | None:
        """When the timer that runs now will next raise the level."""
        rule, anchor = self._rule, self._anchor
        if anchor is None:
            return None
        waits = [rule.grace] if rule.red_after is None else [rule.grace, rule.red_after]
        return min((at for at in (anchor + rule.every + wait for wait in waits) if at > now), default=None)


def _arrivals(rule: MissingRule, readings: Usable) -> dict[Instant, str]:
    """Instant → id of the reading, of the smallest code where several stand at one instant."""
    arrivals: dict[Instant, str] = {}
    for code in reversed(rule.codes):
        series = readings.plausible.get(code)
        if series is not None:
            arrivals.update(
                (at, reading.id) for at, reading in zip(series.times, series.readings, strict=True)
            )
    return arrivals


def _stretches(life: Life, pauses: Sequence[Pause], now: Instant) -> Iterator[tuple[Instant, Instant]]:
    """The parts of a life that no pause covers, as far as they have begun by now."""
    never = now + 1
    start: Instant = life.start
    end = never if life.end is None else life.end
    for pause in pauses:
        resumed = never if pause.end is None else pause.end
        if resumed <= start:
            continue
        if start > now or pause.start >= end:
            break
        if pause.start > start:
            yield start, pause.start
        start = resumed
    if start < end and start <= now:
        yield start, end

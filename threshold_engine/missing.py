"""Nothing measured for too long: the kind `missing`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threshold_engine.model import Because, Change, Instant, Level, Step
from threshold_engine.plans import Pause
from threshold_engine.rules import MissingRule
from threshold_engine.selection import Usable
from threshold_engine.series import Series
from threshold_engine.track import ALWAYS_CALM, FAR, NEVER_CALM, Kept, Life, Track

_NEVER: Final[Instant] = FAR
_BEFORE: Final[Instant] = -FAR


class Gap(NamedTuple):
    """A time without a reading."""

    since: Instant
    until: Instant
    reading: str | None
    """The one that ended it."""


class Stretch(NamedTuple):
    """A part of a life that no pause covers, from `start` up to `end`."""

    start: Instant
    end: Instant


class MissingTrack(Track):
    """A life of a `missing` rule: stretches between pauses, in each of which a timer waits from an anchor.

    The anchor is where the stretch begins (the life, or the end of a pause), and then each usable reading.
    At one instant a pause or the life's end comes before a reading, and a reading before the timer.
    """

    __slots__ = (
        "_fetched",
        "_in_order",
        "_readings",
        "_rule",
        "_stretches",
        "_until",
        "edge",
        "patience",
        "wake",
    )

    def __init__(self, rule: MissingRule, readings: Usable, life: Life, pauses: Sequence[Pause]) -> None:
        super().__init__(rule.codes, life)
        self._rule = rule
        self._readings = readings
        self._fetched: list[Series] | None = None
        self._stretches = list(_stretches(life, pauses))
        self._until = life.start - 1
        """Judged up to here, timers included."""
        self._in_order = True
        """Whether all readings since then came one after the other."""
        self.wake: Instant = life.start
        """Before this instant time alone changes nothing; readings that have come since may put it off."""
        self.edge: Instant = life.start
        """When a pause or the life next begins or ends."""
        self.patience = rule.every + rule.grace
        """How long after a reading nothing is missed."""

    @property
    def judged_at_least(self) -> Instant:
        # At the last instant that has been judged a reading changes nothing, unless another reading did.
        changed = bool(self.changes) and self.changes[-1].at == self._until
        return self._until if changed else self._until - 1

    @property
    def _series(self) -> list[Series]:
        """Its codes' readings; in a batch most lives are judged without."""
        if self._fetched is None:
            self._fetched = [self._readings.series(code) for code in self.codes]
        return self._fetched

    def begin(self, now: Instant) -> None:
        self.pass_to(now)

    def begin_among(self, gaps: Iterable[Gap], now: Instant) -> None:
        """Judge everything up to now, told the gaps that are too long, the last of which may be open.

        For a life that hasn't ended by now and that no pause interrupts.
        """
        for anchor, following, reading in gaps:
            self._timers(anchor, anchor, min(following - 1, now))
            if following <= now:
                self._set(following, Level.GREEN, reading)
        self._until = now

    def reach(self, since: Instant) -> Instant:
        return min(since, self._until + 1)

    def arrived(self, at: Instant) -> None:
        if at <= self._until:
            self.cut(at)
            self._judge(at, self._until)
        elif self.calm is NEVER_CALM:
            self.pass_to(at)
        else:
            self._in_order = False

    def pass_to(self, now: Instant) -> bool:
        """Let time pass; gives whether the level has changed."""
        if now <= self._until:
            return False
        since, before = self._until + 1, self.stamp
        self._until = now
        self._judge(since, now)
        return self.stamp != before

    def skip_readings_in_time(self) -> None:
        """Take for judged what came up to the newest reading.

        For whoever lets time pass whenever a reading comes later than `patience` after the one before.
        """
        if self._in_order and self.calm is ALWAYS_CALM:
            newest = (series.times[-1] for series in self._series if series.times)
            self._until = max(self._until, max(newest, default=_BEFORE) - 1)

    def _judge(self, since: Instant, now: Instant) -> None:
        """Judge from `since` up to `now`; the changes before that stand."""
        self._in_order = True
        self.edge = self.wake = _NEVER
        for stretch in self._stretches:
            if stretch.start > now:
                self.edge = self.wake = stretch.start
                break
            if stretch.end < since:
                continue
            self._stretch(stretch, since, now)
            if stretch.end > now:
                self.edge = stretch.end
                self.wake = min(stretch.end, self.due(now) or _NEVER)
                break
            if stretch.end != self.life.end:
                self._set(stretch.end, Level.GREEN, None)
        if self.level is Level.GREEN:
            self.calm = ALWAYS_CALM
            return
        self.calm = NEVER_CALM
        # Readings that have come since, while nothing was missed, have not been told of.
        later = (series.times[bisect_right(series.times, now) :][:1] for series in self._series)
        self.wake = min([self.wake, *(at for first in later for at in first)])

    def _stretch(self, stretch: Stretch, since: Instant, now: Instant) -> None:
        begin = max(stretch.start, since)
        end = min(stretch.end, now + 1)
        anchor = self._last_before(begin, stretch.start)
        for at in (*self._arrivals(begin, end), end):
            if at - anchor > self.patience:
                self._timers(anchor, begin, at - 1)
            if at < end:
                if self.changes and self.changes[-1].level is not Level.GREEN:
                    self._set(at, Level.GREEN, self._reading(at))
                anchor = at

    def _timers(self, anchor: Instant, since: Instant, until: Instant) -> None:
        rule = self._rule
        yellow = anchor + self.patience
        if since <= yellow <= until:
            self._set(yellow, Level.YELLOW, None)
        if rule.red_after is not None:
            red = anchor + rule.every + rule.red_after
            if since <= red <= until:
                self._set(red, Level.RED, None)

    def _set(self, at: Instant, level: Level, reading: str | None) -> None:
        if level is not self.level:
            self.add(Change(at, level, reading))

    def _last_before(self, begin: Instant, start: Instant) -> Instant:
        """The anchor at an instant of a stretch: the last reading before it, or the stretch's start."""
        anchor = start
        for series in self._series:
            index = bisect_left(series.times, begin) - 1
            if index >= 0:
                anchor = max(anchor, series.times[index])
        return anchor

    def _arrivals(self, begin: Instant, end: Instant) -> list[Instant]:
        if len(self._series) == 1:
            times = self._series[0].times
            return times[bisect_left(times, begin) : bisect_left(times, end)]
        found: set[Instant] = set()
        for series in self._series:
            times = series.times
            found.update(times[bisect_left(times, begin) : bisect_left(times, end)])
        return sorted(found)

    def _reading(self, at: Instant) -> str | None:
        """Of several readings at one instant the one with the smallest code."""
        standing = (series.at(at) for series in self._series)
        return next((reading.id for reading in standing if reading is not None), None)

    def steps(self) -> tuple[Step, ...]:
        """None: no reading can be beyond."""
        return ()

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
        """When the timer that runs at `now` will next raise the level, unless a reading comes before."""
        running = next((s for s in self._stretches if s.start <= now < s.end), None)
        if running is None:
            return None
        anchor = self._last_before(now + 1, running.start)
        rule = self._rule
        waits = [rule.grace] if rule.red_after is None else [rule.grace, rule.red_after]
        timers = (anchor + rule.every + wait for wait in waits)
        return min((at for at in timers if now < at < running.end), default=None)

    def kept(self) -> Kept:
        return Kept(tuple(self.changes), (self._until,))

    def resume(self, kept: Kept) -> None:
        self.changes = list(kept.changes)
        (self._until,) = kept.marks
        self._judge(self._until + 1, self._until)


def _stretches(life: Life, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """The parts of a life that no pause covers, oldest first."""
    start = life.start
    end = _NEVER if life.end is None else life.end
    for pause in pauses:
        resumed = _NEVER if pause.end is None else pause.end
        if resumed <= start:
            continue
        if pause.start >= end:
            break
        if pause.start > start:
            yield Stretch(start, pause.start)
        start = resumed
    if start < end:
        yield Stretch(start, end)

"""A follow-up centre's opening hours and targets, and time counted in opening hours.

Hours are local (Europe/Oslo by default, so a day with a change of clocks has 23 or 25 hours); instants
are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from threshold_engine.model import Instant
from work_items.model import Band
from work_items.public_holidays import public_holidays

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MS = timedelta(milliseconds=1)
_ONE_DAY = timedelta(days=1)


class NeverOpenError(ValueError):
    """A centre whose opening hours never come, so that no respond-by can be counted."""


class Hours(NamedTuple):
    """A span of opening hours, in minutes since local midnight: 08:00-15:30 is (480, 930)."""

    opens: int
    closes: int


class HalfDay(NamedTuple):
    """A day of the year that closes early: (12, 24, 720) is Christmas Eve until 12:00."""

    month: int
    day: int
    closes: int


class Opening(NamedTuple):
    """A span during which the centre is open: from `start` up to, not including, `end`."""

    start: Instant
    end: Instant


_DAYTIME = (Hours(8 * 60, 15 * 60 + 30),)
_WEEK: tuple[tuple[Hours, ...], ...] = (*(_DAYTIME,) * 5, (), ())
_HALF_DAYS = (HalfDay(12, 24, 12 * 60), HalfDay(12, 31, 12 * 60))


@dataclass(frozen=True)
class Centre:
    """When a centre works, and how soon it wants each band looked at. `Centre()` is the default one.

    Raises `NeverOpenError` if no day of the week has hours, `ValueError` if hours are out of order.
    """

    weekly: tuple[tuple[Hours, ...], ...] = _WEEK
    """Monday to Sunday: spans in rising order, none on a day that is closed."""
    closed_days: frozenset[date] = frozenset()
    """Closed beside weekends and public holidays: a planning day, say."""
    half_days: tuple[HalfDay, ...] = _HALF_DAYS
    public_holidays: bool = True
    """Whether Norwegian public holidays are closed days."""
    zone: str = "Europe/Oslo"
    red_ms: int = 30 * MINUTE
    """Target for red, in opening hours."""
    yellow_ms: int = 4 * HOUR
    blue_ms: int = 8 * HOUR
    quiet_red_ms: int = 4 * HOUR
    """How long a red item that was closed while its condition stood stays quiet; elapsed time."""
    quiet_other_ms: int = 24 * HOUR
    _days: dict[date, tuple[Opening, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        """Refuse hours that can't be counted in."""
        if len(self.weekly) != 7:
            raise ValueError("weekly hours need seven days, Monday first")
        for spans in self.weekly:
            edges = [minute for span in spans for minute in span]
            if edges != sorted(set(edges)) or (edges and not 0 <= edges[0] < edges[-1] <= 24 * 60):
                raise ValueError(f"opening hours must be in rising order within a day: {spans}")
        if not any(self.weekly):
            raise NeverOpenError("give the centre opening hours on at least one day of the week")

    def target(self, band: Band) -> int:
        """How soon an item of this band is to be responded to: milliseconds of opening hours."""
        return (self.blue_ms, self.yellow_ms, self.red_ms)[band]

    def quiet(self, band: Band) -> int:
        """How long an item of this band stays quiet after a close: milliseconds, elapsed."""
        return self.quiet_red_ms if band is Band.RED else self.quiet_other_ms

    def openings(self, day: date) -> tuple[Opening, ...]:
        """The spans during which the centre is open on a local date."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._openings(day)
        return known

    def is_open(self, at: Instant) -> bool:
        """Whether the centre is open; at the instant of closing it no longer is."""
        return any(start <= at < end for start, end in self.openings(self.local_date(at)))

    def after_open_time(self, start: Instant, duration_ms: int) -> Instant:
        """The first instant at which `duration_ms` of opening hours have passed since `start`.

        15:00 + 30 min is 15:30 the same day; Friday 15:10 + 30 min is Monday 08:10. Nothing to count
        means `start` itself.
        """
        if duration_ms <= 0:
            return start
        left = duration_ms
        for day in self._opening_days(self.local_date(start)):
            for opening in self.openings(day):
                begin = max(start, opening.start)
                if begin + left <= opening.end:
                    return begin + left
                left -= max(0, opening.end - begin)
        raise NeverOpenError("these opening hours end before the target has passed")

    def after_opening_days(self, start: Instant, days: int) -> Instant:
        """The same time of day `days` opening days later, kept within that day's hours.

        Where `start` is outside opening hours: the end of the `days`-th opening day after it.
        """
        today = self.local_date(start)
        inside = self.is_open(start)
        if not inside and any(start < opening.start for opening in self.openings(today)):
            days -= 1
        day = today
        for _ in range(days):
            day = self._next_opening_date(day)
        spans = self.openings(day)
        if not inside:
            return spans[-1].end
        same_time = self._instant(day, 0) + (start - self._instant(today, 0))
        return min(max(same_time, spans[0].start), spans[-1].end)

    def end_of_opening_day(self, at: Instant) -> Instant | None:
        """When the centre closes on the local date of `at`, or none where it isn't open that day."""
        spans = self.openings(self.local_date(at))
        return spans[-1].end if spans else None

    def end_of_next_opening_day(self, at: Instant) -> Instant:
        """When the centre closes on the first opening day after the local date of `at`."""
        return self.openings(self._next_opening_date(self.local_date(at)))[-1].end

    def start_of_previous_opening_day(self, now: Instant) -> Instant:
        """When the centre opened on the last opening day before the local date of `now`."""
        day = self.local_date(now) - _ONE_DAY
        while not self.openings(day):
            day -= _ONE_DAY
        return self.openings(day)[0].start

    def next_opening_day_at(self, at: Instant, hour: int, minute: int = 0) -> Instant:
        """A local time of day on the first opening day after the local date of `at`."""
        return self._instant(self._next_opening_date(self.local_date(at)), hour * 60 + minute)

    def last_closing(self, now: Instant) -> Instant:
        """The latest instant, up to now, at which the centre closed."""
        day = self.local_date(now)
        while True:
            for opening in reversed(self.openings(day)):
                if opening.end <= now:
                    return opening.end
            day -= _ONE_DAY

    def local_date(self, at: Instant) -> date:
        """The date on the centre's wall at an instant."""
        return (_EPOCH + at * _ONE_MS).astimezone(ZoneInfo(self.zone)).date()

    def _instant(self, day: date, minute: int) -> Instant:
        """The instant of a local time of day, in minutes since midnight; 1440 is the next midnight."""
        wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
        return (wall.replace(tzinfo=ZoneInfo(self.zone)) - _EPOCH) // _ONE_MS

    def _openings(self, day: date) -> tuple[Opening, ...]:
        spans = self.weekly[day.weekday()]
        if not spans or day in self.closed_days:
            return ()
        if self.public_holidays and day in public_holidays(day.year):
            return ()
        closes = min(
            (half.closes for half in self.half_days if (half.month, half.day) == (day.month, day.day)),
            default=24 * 60,
        )
        return tuple(
            Opening(self._instant(day, span.opens), self._instant(day, min(span.closes, closes)))
            for span in spans
            if span.opens < closes
        )

    def _opening_days(self, day: date) -> Iterator[date]:
        """Opening days from `day` on, `day` included where it is one."""
        while day < date.max:
            if self.openings(day):
                yield day
            day += _ONE_DAY

    def _next_opening_date(self, day: date) -> date:
        for later in self._opening_days(day + _ONE_DAY):
            return later
        raise NeverOpenError("no opening day follows")

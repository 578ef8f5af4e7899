"""Days and values to cells: the scale of a trend's plot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from threshold_engine.model import Instant, Scaled
from triage_tui.wording.dates import DAY, local, local_day

if TYPE_CHECKING:
    from local_store.views import LimitSpan
    from triage_tui.widgets.trend_data import Trend

CELLS_A_DAY: Final = 6
"""From so many cells a day on each reading is drawn, instead of a day's least to greatest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Days and values to cells."""

    trend: Trend
    width: int
    height: int
    low: float
    high: float

    def row(self, value: float, rows: int) -> int:
        """Row (of `rows`) of a value, 0 at the top."""
        share = (value - self.low) / (self.high - self.low)
        return min(rows - 1, max(0, round((1 - share) * (rows - 1))))

    def column(self, day: date, columns: int) -> int:
        """Column (of `columns`) of the middle of a day."""
        span = (self.trend.last - self.trend.first).days + 1
        return min(columns - 1, int(((day - self.trend.first).days + 0.5) * columns / span))

    def moment(self, at: Instant, columns: int) -> int:
        """Column (of `columns`) of an instant within its day."""
        clock = local(at)
        share = ((clock.hour * 60 + clock.minute) * 60_000) / DAY
        span = (self.trend.last - self.trend.first).days + 1
        column = int(((local_day(at) - self.trend.first).days + share) * columns / span)
        return min(columns - 1, max(0, column))

    @property
    def sparse(self) -> bool:
        """Whether a day is so wide that each reading has room of its own."""
        return self.width >= CELLS_A_DAY * ((self.trend.last - self.trend.first).days + 1)


def value_range(trend: Trend) -> tuple[float, float]:
    """The values that the plot spans: readings and limits, with a little air."""
    values = [float(v) for day in trend.days for v in (day.low, day.high)]
    values += [float(odd.value) for odd in trend.odd if odd.why == "corrected"]
    values += [float(value) for span in trend.limits if overlaps(span, trend) for value in values_of(span)]
    if not values:
        values = [float(odd.value) for odd in trend.odd]
    low, high = min(values), max(values)
    air = (high - low) * 0.08 or 1_000_000.0
    return low - air, high + air


def values_of(span: LimitSpan) -> list[Scaled]:
    """The limits of a span, whichever there are."""
    four = (span.red_below, span.yellow_below, span.yellow_above, span.red_above)
    return [value for value in four if value is not None]


def overlaps(span: LimitSpan, trend: Trend) -> bool:
    """Whether a span of limits was in force on any of the trend's days."""
    ended = None if span.end is None else local_day(span.end)
    return local_day(span.start) <= trend.last and (ended is None or ended >= trend.first)

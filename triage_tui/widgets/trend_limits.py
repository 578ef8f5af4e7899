"""The limits in a trend's plot: drawn where they were in force, with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.style import Style

from threshold_engine.model import Level, Scaled
from triage_tui.widgets.marks import DIM, LEVEL_STYLES
from triage_tui.widgets.raster import Raster
from triage_tui.widgets.trend_scale import Scale, overlaps
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.dates import local_day
from triage_tui.wording.measures import measure
from triage_tui.wording.numbers import number, rounded

if TYPE_CHECKING:
    from triage_tui.widgets.trend_data import Trend

_LIMITS: Final = (
    ("red_below", Level.RED, "↓"),
    ("yellow_below", Level.YELLOW, "↓"),
    ("yellow_above", Level.YELLOW, "↑"),
    ("red_above", Level.RED, "↑"),
)
_RULES: Final = {Level.RED: "━", Level.YELLOW: "─"}


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit over the columns where it was in force."""

    value: Scaled
    level: Level
    arrow: str
    first: int
    last: int


def limits_on(trend: Trend, scale: Scale) -> list[LimitLine]:
    """The limits of the trend's days, from the column where each came into force to where it ended."""
    found = []
    for span in trend.limits:
        if not overlaps(span, trend):
            continue
        first = max(local_day(span.start), trend.first)
        end = trend.last if span.end is None else min(local_day(span.end), trend.last)
        columns = scale.column(first, scale.width), scale.column(end, scale.width)
        start = 0 if first == trend.first else columns[0]
        stop = scale.width - 1 if end == trend.last else columns[1] - 1
        for name, level, arrow in _LIMITS:
            value = getattr(span, name)
            if value is not None:
                found.append(LimitLine(value, level, arrow, start, stop))
    return found


def draw_limit(
    limit: LimitLine, scale: Scale, raster: Raster, grid: list[list[str]], styles: list[list[Style]]
) -> None:
    """A rule with its words, these where no dots would cover them if there is such a place."""
    row, style = scale.row(limit.value, scale.height), LEVEL_STYLES[limit.level]
    for column in range(limit.first, limit.last + 1):
        grid[row][column], styles[row][column] = _RULES[limit.level], style
    words = f" {number(limit.value)} {level_in_sentence(limit.level)} {limit.arrow} "
    places = range(limit.first + 1, limit.last - len(words) + 1)
    near = [at for at in (row, row - 1, row + 1) if 0 <= at < scale.height]
    free = (
        (line, at)
        for line in near
        for at in places
        if all(raster.cell(at + i, line) == " " for i in range(len(words)))
    )
    place = next(free, (row, places[0]) if places else None)
    if place is not None:
        for i, character in enumerate(words):
            grid[place[0]][place[1] + i], styles[place[0]][place[1] + i] = character, style


def axis_labels(scale: Scale, limits: list[LimitLine], code: str) -> dict[int, tuple[str, Style]]:
    """Row → number at the axis: the newest limits, and enough others to read the scale."""
    labels: dict[int, tuple[str, Style]] = {}
    for limit in limits:
        if limit.last == scale.width - 1:
            labels[scale.row(limit.value, scale.height)] = (number(limit.value), LEVEL_STYLES[limit.level])
    for row in range(0, scale.height, 3):
        if not any(near in labels for near in (row - 1, row, row + 1)):
            value = scale.high - (scale.high - scale.low) * row / (scale.height - 1)
            labels[row] = (rounded(round(value), measure(code).decimals), DIM)
    return labels

"""A measure over time, drawn in cells: each day's least to greatest value with a line through the medians.

Limits are drawn where they were in force, with their words. Days without readings are gaps, not lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from threshold_engine.model import Level, Scaled
from triage_tui.widgets.line_block import LineBlock
from triage_tui.widgets.marks import BOLD, DIM, LEVEL_STYLES, PLAIN, fit_right
from triage_tui.widgets.raster import Raster
from triage_tui.widgets.text_lines import line, rule
from triage_tui.wording import _
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.dates import days_ago, local_day, short_date
from triage_tui.wording.measures import measure, short_name
from triage_tui.wording.numbers import number, rounded

if TYPE_CHECKING:
    from local_store.views import LimitSpan
    from triage_tui.widgets.trend_data import Odd, Trend

GUTTER: Final = 7
"""Cells of the axis: a number of five, a blank, a line."""

_ODD_MARK: Final = {"implausible": "!", "corrected": "*", "in-error": "x"}
_LIMITS: Final = (
    ("red_below", Level.RED, "↓"),
    ("yellow_below", Level.YELLOW, "↓"),
    ("yellow_above", Level.YELLOW, "↑"),
    ("red_above", Level.RED, "↑"),
)
_RULES: Final = {Level.RED: "━", Level.YELLOW: "─"}


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit over the columns where it was in force."""

    value: Scaled
    level: Level
    arrow: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Scale:
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


class TrendPlot(LineBlock):
    """The plot of one measure."""

    def __init__(self, *, braille: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._braille = braille
        self._trend: Trend | None = None
        self._days = 0

    def show(self, trend: Trend | None, days: int) -> None:
        """Show another trend, or that there is none."""
        self._trend, self._days = trend, days
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """Title, plot, axis."""
        trend = self._trend
        if trend is None:
            return [rule(width, _("trend")), line(" " + _("No numbers to plot."))]
        unit = measure(trend.code).axis_unit
        title = " · ".join(
            [f"{short_name(trend.code)} {unit}".strip(), days_ago(self._days), *_legend(trend)]
        )
        if not trend.days and not trend.odd:
            words = _("No reading of this measure in the period.")
            return [rule(width, title), line(f" {words}")]
        return [rule(width, title), *plot_lines(trend, width, height - 1, braille=self._braille)]


def _legend(trend: Trend) -> list[str]:
    words = {"implausible": _("implausible"), "corrected": _("corrected"), "in-error": _("wrong, not used")}
    seen = dict.fromkeys(odd.why for odd in trend.odd)
    return [f"{_ODD_MARK[why]} {words[why]}" for why in seen]


def plot_lines(trend: Trend, width: int, height: int, *, braille: bool) -> list[Strip]:
    """The plot in `width` × `height` cells, axis included."""
    inner, rows = max(4, width - GUTTER), max(2, height - 1)
    low, high = _range(trend)
    scale = _Scale(trend, inner, rows, low, high)
    limits = _limits_on(trend, scale)
    grid, styles = _grid(trend, scale, limits, braille=braille)
    labels = _labels(scale, limits, trend.code)
    strips = []
    for row in range(rows):
        label, style = labels.get(row, ("", DIM))
        axis = "┤" if label else "│"
        segments = [Segment(fit_right(label, GUTTER - 2) + " ", style), Segment(axis, DIM)]
        strips.append(Strip(segments + _runs(grid[row], styles[row])))
    return [*strips, _axis(trend, scale)]


def _range(trend: Trend) -> tuple[float, float]:
    """The values that the plot spans: readings and limits, with a little air."""
    values = [float(v) for day in trend.days for v in (day.low, day.high)]
    values += [float(odd.value) for odd in trend.odd if odd.why == "corrected"]
    values += [float(value) for span in trend.limits if _overlaps(span, trend) for value in _values(span)]
    if not values:
        values = [float(odd.value) for odd in trend.odd]
    low, high = min(values), max(values)
    air = (high - low) * 0.08 or 1_000_000.0
    return low - air, high + air


def _values(span: LimitSpan) -> list[Scaled]:
    return [value for name, _level, _arrow in _LIMITS if (value := getattr(span, name)) is not None]


def _overlaps(span: LimitSpan, trend: Trend) -> bool:
    ended = None if span.end is None else local_day(span.end)
    return local_day(span.start) <= trend.last and (ended is None or ended >= trend.first)


def _limits_on(trend: Trend, scale: _Scale) -> list[_Limit]:
    found = []
    for span in trend.limits:
        if not _overlaps(span, trend):
            continue
        first = max(local_day(span.start), trend.first)
        end = trend.last if span.end is None else min(local_day(span.end), trend.last)
        columns = scale.column(first, scale.width), scale.column(end, scale.width)
        start = 0 if first == trend.first else columns[0]
        stop = scale.width - 1 if end == trend.last else columns[1] - 1
        for name, level, arrow in _LIMITS:
            value = getattr(span, name)
            if value is not None:
                found.append(_Limit(value, level, arrow, start, stop))
    return found


def _grid(
    trend: Trend, scale: _Scale, limits: list[_Limit], *, braille: bool
) -> tuple[list[list[str]], list[list[Style]]]:
    """Characters and styles: limits first, dots over them, marks on top."""
    grid = [[" "] * scale.width for _row in range(scale.height)]
    styles = [[PLAIN] * scale.width for _row in range(scale.height)]
    raster = _raster(trend, scale, braille=braille)
    for limit in limits:
        _draw_limit(limit, scale, raster, grid, styles)
    for row in range(scale.height):
        for column in range(scale.width):
            dots = raster.cell(column, row)
            if dots != " ":
                grid[row][column], styles[row][column] = dots, BOLD
    for odd in trend.odd:
        _draw_odd(odd, scale, grid, styles)
    return grid, styles


def _draw_limit(
    limit: _Limit, scale: _Scale, raster: Raster, grid: list[list[str]], styles: list[list[Style]]
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


def _raster(trend: Trend, scale: _Scale, *, braille: bool) -> Raster:
    raster = Raster(scale.width, scale.height, braille=braille)
    before: tuple[date, int, int] | None = None
    for day in trend.days:
        x = scale.column(day.day, raster.dots_across)
        top, bottom = scale.row(day.high, raster.dots_down), scale.row(day.low, raster.dots_down)
        middle = scale.row(day.middle, raster.dots_down)
        raster.upright(x, top, bottom)
        if before is not None and day.day - before[0] == timedelta(days=1):
            raster.line(before[1], before[2], x, middle)
        before = (day.day, x, middle)
    return raster


def _draw_odd(odd: Odd, scale: _Scale, grid: list[list[str]], styles: list[list[Style]]) -> None:
    """A mark where the reading is; at the edge where its value is off the scale."""
    row, column = scale.row(odd.value, scale.height), scale.column(local_day(odd.at), scale.width)
    grid[row][column], styles[row][column] = _ODD_MARK[odd.why], BOLD


def _labels(scale: _Scale, limits: list[_Limit], code: str) -> dict[int, tuple[str, Style]]:
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


def _runs(characters: list[str], styles: list[Style]) -> list[Segment]:
    """Neighbours of one style as one segment."""
    segments: list[Segment] = []
    for character, style in zip(characters, styles, strict=True):
        if segments and segments[-1].style is style:
            segments[-1] = Segment(segments[-1].text + character, style)
        else:
            segments.append(Segment(character, style))
    return segments


def _axis(trend: Trend, scale: _Scale) -> Strip:
    """The days under the plot: first, middle, last."""
    span = (trend.last - trend.first).days
    middle = trend.first + timedelta(days=span // 2)
    first, centre, last = (f" {short_date(day)} " for day in (trend.first, middle, trend.last))
    text = list("─" * scale.width)
    text[0 : len(first)] = first
    at = max(len(first), scale.column(middle, scale.width) - len(centre) // 2)
    if at + len(centre) < scale.width - len(last):
        text[at : at + len(centre)] = centre
    text[scale.width - len(last) :] = last
    return Strip([Segment(" " * (GUTTER - 1) + "└" + "".join(text)[: scale.width], DIM)])

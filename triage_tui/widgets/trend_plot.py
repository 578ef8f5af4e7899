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

from threshold_engine.model import Instant
from triage_tui.chart.reading_words import odd_word
from triage_tui.widgets.line_block import LineBlock
from triage_tui.widgets.marks import BOLD, DIM, PLAIN, REVERSE, fit_right
from triage_tui.widgets.raster import Raster
from triage_tui.widgets.text_lines import line, rule
from triage_tui.widgets.trend_limits import LimitLine, axis_labels, draw_limit, limits_on
from triage_tui.widgets.trend_scale import Scale, value_range
from triage_tui.wording import _
from triage_tui.wording.dates import days_ago, local_day, short_date
from triage_tui.wording.measures import measure, short_name

if TYPE_CHECKING:
    from triage_tui.widgets.trend_data import Odd, Trend

GUTTER: Final = 7
"""Cells of the axis: a number of five, a blank, a line."""

LEAST_HEIGHT: Final = 6
"""Lines of a plot that can be read; where there is no room for more of them, fewer are drawn."""

_ODD_MARK: Final = {"implausible": "!", "corrected": "*", "in-error": "x"}


@dataclass(frozen=True, slots=True)
class PlotCursor:
    """The reading that is read off."""

    at: Instant
    words: str
    """Time, value, unit, limit."""


class TrendPlot(LineBlock):
    """The plot of one measure, or of several over one another on one axis of time."""

    def __init__(self, *, braille: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._braille = braille
        self._trends: list[Trend] = []
        self._days = 0
        self._cursor: PlotCursor | None = None

    def show(self, trends: list[Trend], days: int, cursor: PlotCursor | None = None) -> None:
        """Show other trends, the first of them on top, or that there is none.

        `cursor`: of the first trend; what it reads stands in the title.
        """
        self._trends, self._days, self._cursor = trends, days, cursor
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """Titles, plots, axis."""
        if not self._trends:
            return [rule(width, _("trend")), line(" " + _("No numbers to plot."))]
        shown = self._trends[: max(1, height // LEAST_HEIGHT)]
        strips: list[Strip] = []
        for i, trend in enumerate(shown):
            rows = (height - len(strips)) // (len(shown) - i)
            strips += self._one(trend, width, rows, last=i == len(shown) - 1)
        return strips

    def _one(self, trend: Trend, width: int, height: int, *, last: bool) -> list[Strip]:
        cursor = self._cursor if trend is self._trends[0] else None
        name = f"{short_name(trend.code)} {measure(trend.code).axis_unit}".strip()
        read_off = [f"▸ {cursor.words}"] if cursor else []
        title = rule(width, " · ".join([name, days_ago(self._days), *read_off, *_legend(trend)]))
        if not trend.days and not trend.odd:
            said = [title, line(" " + _("No reading of this measure in the period."))]
            return said + [Strip([])] * (height - len(said))
        lines = plot_lines(
            trend, width, height - 1, braille=self._braille, cursor=cursor.at if cursor else None, axis=last
        )
        return [title, *lines]


def _legend(trend: Trend) -> list[str]:
    seen = dict.fromkeys(odd.why for odd in trend.odd)
    return [f"{_ODD_MARK[why]} {odd_word(why)}" for why in seen]


def plot_lines(
    trend: Trend,
    width: int,
    height: int,
    *,
    braille: bool,
    cursor: Instant | None = None,
    axis: bool = True,
) -> list[Strip]:
    """The plot in `width` × `height` cells, the axis of days included where there is one."""
    inner, rows = max(4, width - GUTTER), max(2, height - axis)
    low, high = value_range(trend)
    scale = Scale(trend, inner, rows, low, high)
    limits = limits_on(trend, scale)
    grid, styles = _grid(trend, scale, limits, braille=braille)
    if cursor is not None:
        _draw_cursor(cursor, scale, grid, styles)
    labels = axis_labels(scale, limits, trend.code)
    strips = []
    for row in range(rows):
        label, style = labels.get(row, ("", DIM))
        edge = "┤" if label else "│"
        segments = [Segment(fit_right(label, GUTTER - 2) + " ", style), Segment(edge, DIM)]
        strips.append(Strip(segments + _runs(grid[row], styles[row])))
    return [*strips, _axis(trend, scale)] if axis else strips


def _grid(
    trend: Trend, scale: Scale, limits: list[LimitLine], *, braille: bool
) -> tuple[list[list[str]], list[list[Style]]]:
    """Characters and styles: limits first, dots over them, marks on top."""
    grid = [[" "] * scale.width for _row in range(scale.height)]
    styles = [[PLAIN] * scale.width for _row in range(scale.height)]
    raster = _raster(trend, scale, braille=braille)
    for limit in limits:
        draw_limit(limit, scale, raster, grid, styles)
    for row in range(scale.height):
        for column in range(scale.width):
            dots = raster.cell(column, row)
            if dots != " ":
                grid[row][column], styles[row][column] = dots, BOLD
    for odd in trend.odd:
        _draw_odd(odd, scale, grid, styles)
    return grid, styles


def _raster(trend: Trend, scale: Scale, *, braille: bool) -> Raster:
    raster = Raster(scale.width, scale.height, braille=braille)
    if scale.sparse:
        _points(trend, scale, raster)
    else:
        _days(trend, scale, raster)
    return raster


def _days(trend: Trend, scale: Scale, raster: Raster) -> None:
    """Each day from its least to its greatest value, neighbours joined at their medians."""
    before: tuple[date, int, int] | None = None
    for day in trend.days:
        x = scale.column(day.day, raster.dots_across)
        top, bottom = scale.row(day.high, raster.dots_down), scale.row(day.low, raster.dots_down)
        middle = scale.row(day.middle, raster.dots_down)
        raster.upright(x, top, bottom)
        if before is not None and day.day - before[0] == timedelta(days=1):
            raster.line(before[1], before[2], x, middle)
        before = (day.day, x, middle)


def _points(trend: Trend, scale: Scale, raster: Raster) -> None:
    """Each reading at its time, joined to the one before where no day lies between them."""
    before: tuple[date, int, int] | None = None
    for point in trend.points:
        day, x = local_day(point.at), scale.moment(point.at, raster.dots_across)
        y = scale.row(point.value, raster.dots_down)
        raster.dot(x, y)
        if before is not None and day - before[0] <= timedelta(days=1):
            raster.line(before[1], before[2], x, y)
        before = (day, x, y)


def _column(at: Instant, scale: Scale) -> int:
    """Where a reading stands: at its time, or in the middle of its day where days are narrow."""
    return scale.moment(at, scale.width) if scale.sparse else scale.column(local_day(at), scale.width)


def _draw_cursor(at: Instant, scale: Scale, grid: list[list[str]], styles: list[list[Style]]) -> None:
    """A line through the reading that is read off; nothing where its day isn't shown."""
    if not scale.trend.first <= local_day(at) <= scale.trend.last:
        return
    column = _column(at, scale)
    for row in range(scale.height):
        styles[row][column] = BOLD if grid[row][column] == " " else REVERSE
        if grid[row][column] == " ":
            grid[row][column] = "┊"


def _draw_odd(odd: Odd, scale: Scale, grid: list[list[str]], styles: list[list[Style]]) -> None:
    """A mark where the reading is; at the edge where its value is off the scale."""
    row, column = scale.row(odd.value, scale.height), _column(odd.at, scale)
    grid[row][column], styles[row][column] = _ODD_MARK[odd.why], BOLD


def _runs(characters: list[str], styles: list[Style]) -> list[Segment]:
    """Neighbours of one style as one segment."""
    segments: list[Segment] = []
    for character, style in zip(characters, styles, strict=True):
        if segments and segments[-1].style is style:
            segments[-1] = Segment(segments[-1].text + character, style)
        else:
            segments.append(Segment(character, style))
    return segments


def _axis(trend: Trend, scale: Scale) -> Strip:
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

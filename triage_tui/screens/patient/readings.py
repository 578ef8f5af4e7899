"""2: readings by time with a cursor, the trend of their measure over them; or that as a table, or stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.chart.reading_words import (
    beyond,
    limits_at,
    oddity,
    reading_marks,
    reading_name,
    reading_value,
)
from triage_tui.screens.patient.page import Page, Tab
from triage_tui.widgets.marks import BOLD, DIM, LEVEL_STYLES, PLAIN, fit, fit_right
from triage_tui.widgets.pick_list import PickLine, PickList
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.text_lines import TextLines, line, rule
from triage_tui.widgets.trend_plot import PlotCursor, TrendPlot
from triage_tui.widgets.trend_table import table_lines
from triage_tui.wording import _
from triage_tui.wording.dates import when
from triage_tui.wording.measures import short_name

if TYPE_CHECKING:
    from local_store.views import ReadingView

Mode: TypeAlias = Literal["list", "table", "stack"]

_LEAST_FOR_PLOT = 15
"""Lines of the tab below which the list has them all."""


class ReadingsTab(Tab):
    """Readings one by one, and their trend."""

    def __init__(self, *, braille: bool) -> None:
        super().__init__(id="readings", classes="tab")
        self._braille = braille
        self._page: Page | None = None
        self.mode: Mode = "list"

    def compose(self) -> ComposeResult:
        """Trend, list, the trend's twin."""
        yield TrendPlot(braille=self._braille, id="trend")
        yield TextLines(id="readings-head")
        yield PickList(id="readings-list")
        yield ScrollLines(id="table")

    @property
    def rows(self) -> PickList:
        """The list."""
        return self.query_one("#readings-list", PickList)

    @property
    def selected(self) -> ReadingView | None:
        """The reading under the cursor, while the list is shown."""
        if self._page is None or self.mode != "list":
            return None
        return next((one for one in self._page.view.readings if one.id == self.rows.current), None)

    def to_focus(self) -> Widget | None:
        """The list, or the table."""
        return {"list": self.rows, "table": self.query_one("#table"), "stack": None}[self.mode]

    def show_mode(self, mode: Mode) -> None:
        """The list with the trend over it, the trend as a table, or the measures stacked."""
        self.mode = mode
        plot = self.query_one("#trend")
        plot.display = mode == "stack" or (mode == "list" and self.size.height >= _LEAST_FOR_PLOT)
        plot.set_class(mode == "stack", "full")
        self.rows.display = self.query_one("#readings-head").display = mode == "list"
        self.query_one("#table").display = mode == "table"

    def on_resize(self, _event: events.Resize) -> None:
        """On a low terminal the list needs the lines."""
        self.show_mode(self.mode)

    def show_page(self, page: Page) -> None:
        """Draw what the mode shows."""
        self._page = page
        if self.mode == "table":
            trend = None if page.code is None else page.trend(page.code)
            self.query_one("#table", ScrollLines).show(
                lambda w: [line(" " + _("No numbers to plot."))] if trend is None else table_lines(trend, w)
            )
            return
        if self.mode == "list":
            chosen = [one for one in page.view.readings if not page.only_code or one.code == page.code]
            told = _told(page, len(chosen))
            self.query_one("#readings-head", TextLines).show(lambda w, _h: [rule(w, told)])
            self.rows.show([_line(one, page) for one in chosen])
        self._show_plot()

    def _show_plot(self) -> None:
        page = self._page
        if page is None or page.code is None:
            self.query_one("#trend", TrendPlot).show([], 0)
            return
        if self.mode == "stack":
            codes = page.codes
            start = codes.index(page.code)
            trends = [page.trend(code) for code in codes[start:] + codes[:start]]
            self.query_one("#trend", TrendPlot).show(trends, page.days)
            return
        at = self.selected
        shown = at.code if at is not None and at.code in page.codes else page.code
        cursor = None if at is None or at.code != shown else PlotCursor(at.effective, _read_off(at, page))
        self.query_one("#trend", TrendPlot).show([page.trend(shown)], page.days, cursor)

    def on_pick_list_moved(self, message: PickList.Moved) -> None:
        """The plot follows the cursor."""
        message.stop()
        if self.mode == "list":
            self._show_plot()


def _told(page: Page, shown: int) -> str:
    """What the list holds: which measures, how many, since when."""
    if not shown:
        return _("no readings")
    which = short_name(page.code) if page.only_code and page.code else _("all measures")
    oldest = page.view.readings[-1].effective
    words = _("readings · {which} · {n} since {when}")
    return words.format(which=which, n=shown, when=when(oldest, page.now))


def _read_off(reading: ReadingView, page: Page) -> str:
    """`i går 20:05 87 %, gul under 92 %, rød under 88 %`: time, value, unit, limits of that time."""
    limits = limits_at(reading.code, page.view.limits.get(reading.code, ()), reading.effective)
    told = f"{when(reading.effective, page.now)} {reading_value(reading)}"
    return f"{told}, {limits}" if limits else told


def _line(reading: ReadingView, page: Page) -> PickLine:
    return PickLine(reading.id, lambda width: _strip(reading, page, width))


def _strip(reading: ReadingView, page: Page, width: int) -> Strip:
    """Time, measure, value with its arrow, what is remarkable: in words, and in the level's colour."""
    spans = page.view.limits.get(reading.code, ())
    found = beyond(reading, spans)
    style = PLAIN if found is None else LEVEL_STYLES[found.level]
    if oddity(reading) in ("in-error", "implausible"):
        style = DIM
    name = max(16, min(28, width - 46))
    marks = ", ".join(reading_marks(reading, spans, page.chart))
    return Strip(
        [
            Segment(fit(when(reading.effective, page.now), 17)),
            Segment(fit(reading_name(reading), name) + " "),
            Segment(fit_right(reading_value(reading), 14), style or BOLD),
            Segment(f" {found.arrow if found else ' '} ", style),
            Segment(fit(marks, max(0, width - name - 35)), style),
        ]
    )

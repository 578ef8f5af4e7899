"""1: alerts, today's values, the plan's zone; the trend and what was done last."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from triage_tui.chart.timeline_words import timeline_lines
from triage_tui.screens.patient.page import Page, Tab
from triage_tui.widgets.overview import overview_lines, recent_lines
from triage_tui.widgets.text_lines import TextLines
from triage_tui.widgets.trend_plot import TrendPlot


class OverviewTab(Tab):
    """What is going on with her, at a glance."""

    def __init__(self, *, braille: bool) -> None:
        super().__init__(id="overview", classes="tab")
        self._braille = braille

    def compose(self) -> ComposeResult:
        """Left: alerts, today, zone. Right: trend, latest."""
        yield TextLines(id="left")
        with Vertical(id="right"):
            yield TrendPlot(braille=self._braille, id="small-trend")
            yield TextLines(id="recent")

    def show_page(self, page: Page) -> None:
        """Draw both halves."""
        view, subject, now = page.view, page.subject, page.now
        told = [each.text for each in timeline_lines(view, page.chart, now)]
        self.query_one("#left", TextLines).show(lambda w, h: overview_lines(view, subject, w - 1, h, now))
        self.query_one("#recent", TextLines).show(lambda w, h: recent_lines(told, w, h))
        trends = [] if page.code is None else [page.trend(page.code)]
        self.query_one("#small-trend", TrendPlot).show(trends, page.days)

"""5: everything that was done and that happened, newest first."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from triage_tui.chart.timeline_words import timeline_lines
from triage_tui.screens.patient.page import Page, Tab, prose
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.wording import _


class TimelineTab(Tab):
    """Notes, contacts, messages, escalations, alerts, approvals, wrong readings."""

    def __init__(self) -> None:
        super().__init__(id="timeline", classes="tab")

    def compose(self) -> ComposeResult:
        """One text."""
        yield ScrollLines(id="timeline-text")

    def to_focus(self) -> Widget | None:
        """The text scrolls."""
        return self.query_one("#timeline-text")

    def show_page(self, page: Page) -> None:
        """All lines."""
        told = [each.text for each in timeline_lines(page.view, page.chart, page.now)]
        texts = told or [_("Nothing has been done yet.")]
        self.query_one("#timeline-text", ScrollLines).show(lambda width: prose(texts, width, "    "))

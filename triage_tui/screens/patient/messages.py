"""6: the thread with the patient, newest first; what nobody has opened yet is marked."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.chart.thread_words import attachment_lines, message_heading
from triage_tui.screens.patient.page import Page, Tab, prose
from triage_tui.widgets.marks import BOLD, PLAIN
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.text_lines import line, wrap
from triage_tui.wording import _, clean

_MEASURE = 80
"""Cells of a message's line at most; hers stand at the left, ours a little to the right."""
_OURS = 8


class MessagesTab(Tab):
    """What she wrote and what was answered."""

    def __init__(self) -> None:
        super().__init__(id="messages", classes="tab")

    def compose(self) -> ComposeResult:
        """One text."""
        yield ScrollLines(id="thread")

    def to_focus(self) -> Widget | None:
        """The text scrolls."""
        return self.query_one("#thread")

    def show_page(self, page: Page) -> None:
        """The thread."""
        self.query_one("#thread", ScrollLines).show(lambda width: thread_strips(page, width))


def thread_strips(page: Page, width: int) -> list[Strip]:
    """The thread as lines of at most `width` cells."""
    if not page.chart.thread:
        return prose([_("No messages to or from the patient.")], width)
    strips: list[Strip] = []
    for message in page.chart.thread:
        indent = " " * (1 if message.inbound else _OURS)
        room = min(_MEASURE, width - len(indent) - 1)
        heading = wrap(message_heading(message, page.now), room)
        strips += [line(indent + text, BOLD if message.unread else PLAIN) for text in heading]
        for text in (clean(message.text, multiline=True), *attachment_lines(message)):
            strips += [line(f"{indent}  {part}") for part in wrap(text, room - 2)]
        strips.append(line(""))
    return strips

"""`v`: the handover of the shift, to be read, and saved into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from triage_tui.screens.acting import ActingScreen
from triage_tui.screens.actions import HANDOVER, bindings_of
from triage_tui.screens.head import practice_part, sync_parts, who_and_when
from triage_tui.screens.overview_messages import ReportMade, ReportSaved
from triage_tui.screens.question import Question
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, PLAIN
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.text_lines import line, wrap
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from textual.strip import Strip

    from triage_tui.reports.report import Report
    from triage_tui.screens.session import Session
    from triage_tui.widgets.subject import Subject


class HandoverScreen(ActingScreen):
    """The report."""

    CSS_PATH = "overview.tcss"
    ACTIONS = HANDOVER
    BINDINGS: ClassVar = bindings_of(HANDOVER)
    AUTO_FOCUS = "ScrollLines"

    def __init__(self) -> None:
        super().__init__()
        self.report: Report | None = None

    def compose(self) -> ComposeResult:
        """Head, banner, the report, keys."""
        yield HeadLine(id="head")
        yield HeadLine(id="banner")
        yield ScrollLines(id="report")
        yield HeadLine(between="   ", id="keys")

    def subject(self) -> Subject | None:
        """Nobody: a report is about many."""
        return None

    def reload(self) -> None:
        """Made once: what she reads doesn't change under her. r makes it anew."""
        if self.report is None:
            self.console_app.ask(
                self, lambda session: ReportMade(session.overview.handover()), group="report"
            )

    def on_report_made(self, message: ReportMade) -> None:
        """Show it."""
        self.report = report = message.report
        self.query_one(ScrollLines).show(lambda width: _drawn(report, width))
        self.show_all()

    def show_head(self) -> None:
        """Practice, what this is; nurse, time, freshness."""
        console, now = self.console_app, self.console_app.now()
        left = [practice_part(console), Part(_("HANDOVER"), BOLD, keep=6)]
        self.query_one("#head", HeadLine).show(
            left, [*who_and_when(console, now), *sync_parts(console, now)[:1]]
        )

    def action_back(self) -> None:
        """Back to where v was pressed."""
        self.app.pop_screen()

    def action_again(self) -> None:
        """Make it anew."""
        self.report = None
        self.reload()

    def action_save(self) -> None:
        """Write it into a file, after a question: names leave the encrypted store by it."""
        report = self.report
        if report is None:
            return

        def save(session: Session) -> ReportSaved:
            return ReportSaved(session.overview.save_report(report))

        def answered(yes: bool | None) -> None:
            if yes:
                self.console_app.ask(self, save, group="save", exclusive=False)

        words = _(
            "The report names patients, and the file isn't encrypted. Only you can read it."
            " Delete it when it has been used. Save it where the console was started?"
        )
        self.app.push_screen(Question(_("Save the handover?"), words), answered)

    def on_report_saved(self, message: ReportSaved) -> None:
        """Say where it is."""
        self.say(_("Saved: {file}").format(file=clean(message.file)))


def _drawn(report: Report, width: int) -> list[Strip]:
    from triage_tui.reports.formats import text_lines  # noqa: PLC0415 - csv and json, which reading doesn't need

    titles = {section.title for section in report.sections}
    strips = []
    for i, text in enumerate(text_lines(report)):
        style = BOLD if i == 0 or text.partition(" (")[0] in titles else PLAIN
        strips += [line(f" {part}", style) for part in wrap(text, width - 2, "     ")]
    return strips

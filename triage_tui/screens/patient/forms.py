"""3: answered forms at the left; at the right the answers of the chosen one, with the earlier ones beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.chart.form_words import answer_lines, form_remarks, form_title, form_when, unanswered
from triage_tui.screens.patient.page import Page, Tab, prose
from triage_tui.widgets.marks import BOLD, PLAIN, fit
from triage_tui.widgets.pick_list import PickLine, PickList
from triage_tui.widgets.scroll_lines import ScrollLines
from triage_tui.widgets.text_lines import TextLines, line, rule, wrap
from triage_tui.wording import _

if TYPE_CHECKING:
    from threshold_engine.model import Instant
    from triage_tui.chart.views import AnsweredForm


class FormsTab(Tab):
    """Symptom forms, weekly forms, and forms that ask whether a consultation is wanted."""

    def __init__(self) -> None:
        super().__init__(id="forms", classes="tab")
        self._page: Page | None = None

    def compose(self) -> ComposeResult:
        """What is missing, the list, the answers."""
        yield TextLines(id="unanswered")
        yield PickList(fits=True, id="forms-list")
        yield ScrollLines(id="answers")

    def to_focus(self) -> Widget | None:
        """The list."""
        return self.query_one("#forms-list")

    def show_page(self, page: Page) -> None:
        """List and answers."""
        self._page = page
        forms, now = page.chart.forms, page.now
        missing = unanswered(page.view, now)
        head = self.query_one("#unanswered", TextLines)
        head.display = bool(missing)
        head.styles.height = len(missing)
        head.show(lambda w, _h: [line(fit(f" ! {text}", w), BOLD) for text in missing])
        self.query_one("#forms-list").display = bool(forms)
        self.query_one("#forms-list", PickList).show([_line(form, now) for form in forms])
        self._show_answers()

    def on_pick_list_moved(self, message: PickList.Moved) -> None:
        """The answers follow the cursor."""
        message.stop()
        self._show_answers()

    def _show_answers(self) -> None:
        page = self._page
        if page is None:
            return
        forms, now = page.chart.forms, page.now
        key = self.query_one("#forms-list", PickList).current
        form = next((one for one in forms if one.id == key), None)

        def drawing(width: int) -> list[Strip]:
            if form is None:
                return prose([_("No form has been answered.")], width)
            return _answers(form, forms, width, now)

        self.query_one("#answers", ScrollLines).show(drawing)


def _line(form: AnsweredForm, now: Instant) -> PickLine:
    def draw(width: int) -> Strip:
        marks = ", ".join(form_remarks(form))
        text = f"{form_title(form)}, {marks}" if marks else form_title(form)
        style = BOLD if form.wish == "wanted" else PLAIN
        return Strip([Segment(fit(form_when(form, now), 15) + " "), Segment(fit(text, width - 16), style)])

    return PickLine(form.id, draw)


def _answers(form: AnsweredForm, forms: tuple[AnsweredForm, ...], width: int, now: Instant) -> list[Strip]:
    """Each question, its answer under it, and what was answered before."""
    strips = [rule(width, f"{form_title(form)} · {form_when(form, now)}")]
    strips += prose(form_remarks(form), width, bold=True)
    for each in answer_lines(form, forms, now):
        strips += prose([each.question], width)
        style = BOLD if each.changed or not each.earlier else PLAIN
        strips += [line(f"   {text}", style) for text in wrap(each.answer, width - 4)]
        strips += [line(f"   {text}") for text in wrap(each.earlier, width - 4)] if each.earlier else []
    return strips

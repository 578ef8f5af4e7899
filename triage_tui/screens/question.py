"""A question before something that deserves one: j does it, everything else doesn't."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import _


class Question(ModalScreen[bool]):
    """Whom it is about, what will happen, and two keys."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,y", "answer(True)", show=False),
        Binding("n,escape", "answer(False)", show=False),
    ]

    def __init__(self, title: str, question: str) -> None:
        super().__init__(classes="panel")
        self._title, self._question = title, question

    def compose(self) -> ComposeResult:
        """Title, question, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title")
            yield TextLines(id="choices")
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Fill in the lines."""
        self.query_one("#form-title", HeadLine).show([Part(self._title, BOLD)])
        text = self.query_one("#choices", TextLines)
        text.styles.height = len(wrap(self._question, max(20, self.app.size.width - 4)))
        text.show(lambda width, _height: [line(f" {part}") for part in wrap(self._question, width - 2)])
        keys = [Part(_("y") + " " + _("yes"), KEY), Part("n " + _("no"), PLAIN)]
        self.query_one("#form-keys", HeadLine).show(keys)

    def action_answer(self, yes: bool) -> None:
        """Give the answer back."""
        self.dismiss(yes)

"""`?`: the keys of the screen under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip

from triage_tui.screens.actions import Action
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, fit
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _


class Help(ModalScreen[None]):
    """A list of keys; any of esc, ? and enter closes it."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,enter", "leave", show=False)]

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions

    def compose(self) -> ComposeResult:
        """Title, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title")
            yield TextLines(id="choices")
            yield HeadLine(id="form-keys")

    def on_mount(self) -> None:
        """Two columns, as many lines as it takes."""
        self.query_one("#form-title", HeadLine).show([Part(_("Keys"), BOLD)])
        self.query_one("#form-keys", HeadLine).show([Part("esc " + _("leave"))])
        keys = [(action.shown, _(action.help)) for action in self._actions]
        half = -(-len(keys) // 2)
        choices = self.query_one("#choices", TextLines)
        choices.styles.height = half

        def drawing(width: int, _height: int) -> list[Strip]:
            column = (width - 2) // 2
            return [
                Strip(
                    [
                        segment
                        for key, words in keys[row::half]
                        for segment in (Segment(f" {key:>6}", KEY), Segment(fit(f"  {words}", column - 7)))
                    ]
                )
                for row in range(half)
            ]

        choices.show(drawing)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

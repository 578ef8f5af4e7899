"""A form about one of several lines: ↑↓ pick it until a text has the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.widget import Widget

from triage_tui.screens.form import Form
from triage_tui.widgets.choice_lines import picked_lines
from triage_tui.widgets.text_lines import TextLines, line
from triage_tui.wording import _

LINES: Final = 6
"""So many are seen at once."""


class PickingForm(Form):
    """Shows the lines and which one is picked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
    ]
    picked = 0

    def lines(self) -> Sequence[str]:
        """What can be picked, safe to draw; never changes while the form is open."""
        raise NotImplementedError

    def nothing(self) -> str:
        """What stands there if there are none."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """The lines; a form adds its own fields below."""
        yield TextLines(id="items")

    def on_mount(self) -> None:
        """Show the lines."""
        super().on_mount()
        self.query_one("#items", TextLines).styles.height = max(1, min(LINES, len(self.lines())))
        self.show_lines()

    def show_lines(self) -> None:
        """Draw which one is picked."""
        texts, picked = self.lines(), self.picked
        if not texts:
            self.query_one("#items", TextLines).show(lambda _w, _h: [line(f" {self.nothing()}")])
            return
        self.query_one("#items", TextLines).show(lambda w, h: picked_lines(texts, picked, w, h))

    def action_pick(self, step: int) -> None:
        """Another line."""
        if self.lines():
            self.picked = (self.picked + step) % len(self.lines())
            self.say("")
            self.show_lines()

    def keys(self) -> Sequence[tuple[str, str]]:
        """↑↓ where there is more than one."""
        return [("↑↓", _("which one"))] if len(self.lines()) > 1 else []

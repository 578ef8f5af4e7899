"""Lines that scroll with the arrow keys, drawn one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from triage_tui.widgets.line_keys import LINE_KEYS
from triage_tui.widgets.marks import PLAIN


class ScrollLines(ScrollView, can_focus=True, inherit_bindings=False):
    """A longer text: the timeline, the plan, a table."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ScrollLines { scrollbar-size: 0 0; overflow-x: hidden; background: transparent; }"

    BINDINGS: ClassVar[list[BindingType]] = [*LINE_KEYS]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawing: Callable[[int], Sequence[Strip]] = lambda _width: ()
        self._strips: Sequence[Strip] = ()

    def show(self, drawing: Callable[[int], Sequence[Strip]]) -> None:
        """Show other lines; `drawing` makes them for a width."""
        self._drawing = drawing
        self._lay_out(self.size.width)

    def _lay_out(self, width: int) -> None:
        self._strips = self._drawing(width) if width else ()
        self.virtual_size = Size(width, len(self._strips))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Another width breaks lines elsewhere."""
        self._lay_out(event.size.width)

    def render_line(self, y: int) -> Strip:
        """Textual asks for line `y` of what is on the screen."""
        index, width = y + self.scroll_offset.y, self.size.width
        if index >= len(self._strips):
            return Strip.blank(width, PLAIN)
        return self._strips[index].adjust_cell_length(width, PLAIN)

    def action_move(self, lines: int) -> None:
        """So many lines down, without animation."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_page(self, pages: int) -> None:
        """So many screens down."""
        self.action_move(pages * max(1, self.size.height - 1))

"""What lists with a cursor share: lines drawn one by one, and of what changes only the cells that differ."""

from __future__ import annotations

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from triage_tui.widgets.line_block import changed_width


class CursorList(ScrollView, can_focus=True, inherit_bindings=False):
    """A virtual list by the line API: only the lines on the screen are ever drawn."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: dict[int, Strip] = {}

    def _strip(self, index: int) -> Strip:
        """A line of the list as wide as the list; blank below the last."""
        raise NotImplementedError

    def action_move(self, lines: int) -> None:
        """Move the cursor by so many lines, no further than the ends."""
        raise NotImplementedError

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self.action_move(pages * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        """Textual asks for line `y` of what is on the screen."""
        index = y + self.scroll_offset.y
        strip = self._drawn[index] = self._strip(index)
        return strip

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lines that left the screen are forgotten, so that memory doesn't grow with the list."""
        super().watch_scroll_y(old_value, new_value)
        self._drawn.clear()

    def _send_changes(self) -> None:
        top = self.scroll_offset.y
        for index in range(top, top + self.size.height):
            old, new = self._drawn.get(index), self._strip(index)
            cells = self.size.width if old is None else changed_width(old, new)
            if cells:
                self.refresh(Region(0, index - top, cells, 1))

    def _keep_visible(self, index: int) -> None:
        """Scroll half a screen when the cursor leaves it: a line at a time would send the whole list each."""
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= index < top + height:
            self.scroll_to(y=max(0, index - height // 2), animate=False)

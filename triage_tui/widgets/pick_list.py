"""A list of lines with a cursor that is bound to what a line stands for, not to its place.

Drawn line by line; a move of the cursor sends the first cells of two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from triage_tui.widgets.cursor_list import CursorList
from triage_tui.widgets.marks import BOLD, PLAIN

CURSOR: Final = "▌"
_MARK: Final = 2


@dataclass(frozen=True, slots=True)
class PickLine:
    """A line of the list."""

    key: str
    """What it stands for; no other line has the same."""
    draw: Callable[[int], Strip]
    """The line for a width, without the cursor's cells."""


class PickList(CursorList, can_focus=True, inherit_bindings=False):
    """Lines of which one is chosen."""

    DEFAULT_CSS = "PickList { scrollbar-size: 0 0; overflow-x: hidden; background: transparent; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("enter", "pick", show=False),
    ]

    @dataclass
    class Moved(Message):
        """Another line is chosen."""

        picked: PickList
        key: str | None

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor ended matters."""
            return isinstance(message, PickList.Moved) and message.picked is self.picked

    @dataclass
    class Picked(Message):
        """Enter on a line."""

        picked: PickList
        key: str

    def __init__(self, *, fits: bool = False, id: str | None = None) -> None:
        """`fits`: no higher than its lines, and no higher than its style's `max-height`."""
        super().__init__(id=id)
        self._fits = fits
        self._lines: Sequence[PickLine] = ()
        self._index: dict[str, int] = {}
        self._cursor: str | None = None

    @property
    def current(self) -> str | None:
        """What the chosen line stands for; none where there are no lines."""
        return self._cursor

    @property
    def at_end(self) -> bool:
        """Whether the last line is chosen."""
        return bool(self._lines) and self._index.get(self._cursor or "") == len(self._lines) - 1

    def show(self, lines: Sequence[PickLine]) -> None:
        """Show other lines; the cursor stays on what it stood on, or near it where that is gone."""
        before = self._index.get(self._cursor or "", 0)
        self._lines = lines
        self._index = {line.key: i for i, line in enumerate(lines)}
        if self._cursor not in self._index:
            self._cursor = lines[min(before, len(lines) - 1)].key if lines else None
        self.virtual_size = Size(self.size.width, len(lines))
        if self._fits:
            self.styles.height = max(1, len(lines))
        if self._cursor is not None:
            self._keep_visible(self._index[self._cursor])
        self._send_changes()
        self.post_message(self.Moved(self, self._cursor))

    def _strip(self, index: int) -> Strip:
        width = self.size.width
        if index >= len(self._lines):
            return Strip.blank(width, PLAIN)
        line = self._lines[index]
        mark = Segment(f"{CURSOR} " if line.key == self._cursor else " " * _MARK, BOLD)
        return Strip([mark, *line.draw(width - _MARK)]).adjust_cell_length(width, PLAIN)

    def on_resize(self, event: events.Resize) -> None:
        """Another width draws every line anew."""
        self._drawn.clear()
        self.virtual_size = Size(event.size.width, len(self._lines))
        if self._cursor is not None:
            self._keep_visible(self._index[self._cursor])

    def move_to(self, key: str) -> None:
        """Choose a line; nothing happens where there is none of that key."""
        index, old = self._index.get(key), self._index.get(self._cursor or "")
        if index is None or index == old:
            return
        self._cursor = key
        for line in (old, index):
            if line is not None:
                self.refresh(Region(0, line - self.scroll_offset.y, _MARK, 1))
        self._keep_visible(index)
        self.post_message(self.Moved(self, key))

    def action_move(self, lines: int) -> None:
        """Move the cursor by so many lines, no further than the ends."""
        if self._cursor is not None:
            index = self._index[self._cursor] + lines
            self.move_to(self._lines[max(0, min(len(self._lines) - 1, index))].key)

    def action_pick(self) -> None:
        """Enter: whoever shows the list knows what that means."""
        if self._cursor is not None:
            self.post_message(self.Picked(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a double click picks."""
        index = event.y + self.scroll_offset.y
        if index < len(self._lines):
            self.move_to(self._lines[index].key)
            if event.chain == 2:
                self.action_pick()

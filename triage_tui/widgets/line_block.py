"""Lines that repaint only what changed: every cell sent counts on a mobile line in the far north."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

PLAIN = Style()


def changed_width(old: Strip, new: Strip) -> int:
    """How many cells from the left have to be sent to turn `old` into `new`; 0 where they are equal."""
    before, after = _cells(old), _cells(new)
    if len(before) != len(after):
        return max(len(before), len(after))
    for x in range(len(after), 0, -1):
        if before[x - 1] != after[x - 1]:
            # one more, since the last cell of a wide character stands for it
            return min(x + 1, len(after))
    return 0


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """Each cell's character and style; the second cell of a wide character is empty."""
    cells: list[tuple[str, Style | None]] = []
    for text, style, _control in strip:
        if text.isascii():
            cells += [(character, style) for character in text]
            continue
        for character in text:
            width = Segment(character).cell_length
            if width == 0 and cells:
                cells[-1] = (cells[-1][0] + character, cells[-1][1])
            else:
                cells += [(character, style), *[("", style)] * (width - 1)]
    return cells


class LineBlock(Widget, inherit_bindings=False):
    """A widget of a few lines drawn by `draw`, of which only the changed ends are sent to the terminal."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: list[Strip] = []
        self._drawn_for: tuple[int, int] = (-1, -1)

    def draw(self, width: int, height: int) -> list[Strip]:
        """The lines for a size; fewer than `height` leaves the rest blank."""
        raise NotImplementedError

    def _lines(self, width: int, height: int) -> list[Strip]:
        lines = [strip.adjust_cell_length(width, PLAIN) for strip in self.draw(width, height)[:height]]
        return lines + [Strip.blank(width, PLAIN)] * (height - len(lines))

    def redraw(self) -> None:
        """Draw again and send what differs."""
        width, height = self.size
        if not self.is_mounted or (width, height) != self._drawn_for:
            self._drawn_for = (-1, -1)
            self.refresh()
            return
        before, self._drawn = self._drawn, self._lines(width, height)
        for y, (old, new) in enumerate(zip(before, self._drawn, strict=True)):
            cells = changed_width(old, new)
            if cells:
                self.refresh(Region(0, y, cells, 1))

    def render_line(self, y: int) -> Strip:
        """Textual asks for line `y` of the widget."""
        width, height = self.size
        if (width, height) != self._drawn_for:
            self._drawn, self._drawn_for = self._lines(width, height), (width, height)
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(width, PLAIN)

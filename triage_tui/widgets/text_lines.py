"""Lines of safe text: short ones drawn as they are, long ones broken between words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from triage_tui.widgets.line_block import LineBlock
from triage_tui.widgets.marks import DIM, PLAIN, fit

Drawing: TypeAlias = Callable[[int, int], Sequence[Strip]]
"""Width and height → lines."""


def line(text: str, style: Style = PLAIN) -> Strip:
    """One line in one style."""
    return Strip([Segment(text, style)])


def rule(width: int, title: str = "") -> Strip:
    """`── tittel ─────`, or a bare rule."""
    if not title:
        return line("─" * width, DIM)
    left = f"── {title} "
    return line(fit(left + "─" * max(0, width - cell_len(left)), width), DIM)


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """`text` broken into lines of at most `width` cells, later lines begun with `indent`."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            piece = f"{current} {word}" if current else (indent + word if lines else word)
            if cell_len(piece) <= width:
                current = piece
                continue
            if current.strip():
                lines.append(current)
            current = (indent if lines else "") + word
            while cell_len(current) > width:
                head = set_cell_size(current, width)
                lines.append(head)
                current = indent + current[len(head.rstrip("\0")) :]
        lines.append(current)
    return lines


def cut(lines: list[str], count: int, width: int) -> list[str]:
    """At most `count` lines; what doesn't fit is told by an ellipsis."""
    if len(lines) <= count:
        return lines
    if count <= 0:
        return []
    last = lines[count - 1]
    return [
        *lines[: count - 1],
        fit(last, width - 1).rstrip() + "…" if cell_len(last) < width else fit(last + "…", width),
    ]


class TextLines(LineBlock):
    """A block whose lines are made by whoever shows it."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing: Drawing = lambda _width, _height: ()

    def show(self, drawing: Drawing) -> None:
        """Show another drawing; only what differs is sent."""
        self._drawing = drawing
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """The lines."""
        return list(self._drawing(width, height))

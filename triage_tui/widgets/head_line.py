"""One line with parts at the left and at the right; where there is no room the least kept goes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.strip import Strip

from triage_tui.widgets.line_block import LineBlock
from triage_tui.widgets.marks import PLAIN, fit

MUST_STAY: Final = 8
"""Parts kept as much as this go only where nothing else helps."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line, already safe to draw."""

    text: str
    style: Style = PLAIN
    keep: int = 0
    """The higher, the longer it stays when there's no room."""
    least: int = 0
    """It may be cut to so many cells before anything of keep 8 or more goes; 0: it is never cut."""
    goes: str = ""
    """The screen's action that one who jumps to it wants, or none."""


def fit_parts(left: Sequence[Part], right: Sequence[Part], width: int, between: str = " · ") -> Strip:
    """`left` and `right` on one line; whole parts go, the least kept first, until the rest fits."""
    kept_left, kept_right = [p for p in left if p.text], [p for p in right if p.text]

    def used(parts: Sequence[Part]) -> int:
        return sum(cell_len(part.text) for part in parts) + cell_len(between) * max(0, len(parts) - 1)

    def over() -> int:
        return used(kept_left) + used(kept_right) + 3 - width

    def drop(below: int) -> None:
        while over() > 0 and len(kept_left) + len(kept_right) > 1:
            least = min((*kept_left, *kept_right), key=lambda part: part.keep)
            if least.keep >= below:
                return
            (kept_left if least in kept_left else kept_right).remove(least)

    drop(MUST_STAY)
    for parts in (kept_left, kept_right):
        for i, part in enumerate(parts):
            if over() > 0 and part.least:
                parts[i] = replace(part, text=fit(part.text, max(part.least, cell_len(part.text) - over())))
    drop(1_000)
    gap = max(1, width - 2 - used(kept_left) - used(kept_right)) if kept_right else 0
    segments = [Segment(" "), *_joined(kept_left, between)]
    if kept_right:
        segments += [Segment(" " * gap), *_joined(kept_right, between)]
    strip = Strip(segments)
    if strip.cell_length > width:
        return Strip([Segment(fit(strip.text, width))])
    return strip


def _joined(parts: Sequence[Part], between: str) -> list[Segment]:
    segments: list[Segment] = []
    for i, part in enumerate(parts):
        if i:
            segments.append(Segment(between))
        segments.append(Segment(part.text, part.style))
    return segments


class HeadLine(LineBlock):
    """A line of parts at the left and at the right."""

    DEFAULT_CSS = "HeadLine { height: 1; }"

    def __init__(self, *, between: str = " · ", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._between = between
        self._left: Sequence[Part] = ()
        self._right: Sequence[Part] = ()

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Show other parts; only what differs is sent."""
        self._left, self._right = left, right
        self.redraw()

    def jump_points(self) -> Iterator[tuple[Offset, Callable[[], object]]]:
        """The parts at the left that lead somewhere, as far as they are shown."""
        shown = self.draw(self.size.width, 1)[0].text
        for part in self._left:
            at = shown.find(part.text) if part.goes else -1
            if at >= 0:
                cells = cell_len(shown[:at])
                yield self.region.offset + Offset(cells, 0), partial(self.screen.run_action, part.goes)

    def draw(self, width: int, height: int) -> list[Strip]:
        """The line."""
        return [fit_parts(self._left, self._right, width, self._between)]

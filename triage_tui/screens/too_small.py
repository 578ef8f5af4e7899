"""A terminal that is too small says so, instead of hiding half a row."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen

from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import _

LEAST: Final = Size(80, 24)


def too_small(size: Size) -> bool:
    """Whether the screens don't fit."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmall(Screen[None]):
    """One sentence; what was on the screen is there again when there's room."""

    CSS = "TooSmall TextLines { height: 1fr; }"

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield TextLines()

    def on_mount(self) -> None:
        """Says how large it is and how large it must be."""
        self.show(self.app.size)

    def on_screen_resume(self) -> None:
        """A question over it was answered; meanwhile there may have come to be room."""
        if not too_small(self.app.size):
            self.app.pop_screen()

    def show(self, size: Size) -> None:
        """Say it for another size."""
        words = _(
            "The terminal is {width} × {height}. Make it at least {least_width} × {least_height}."
        ).format(width=size.width, height=size.height, least_width=LEAST.width, least_height=LEAST.height)
        self.query_one(TextLines).show(
            lambda width, _height: [line(text) for text in wrap(words, max(1, width))]
        )

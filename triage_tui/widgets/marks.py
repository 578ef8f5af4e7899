"""How bands, levels and text look in a terminal: its own sixteen colours, so that its owner's contrast holds.

Colour is the last of the marks; the word, the shape and the exclamation marks stand without it (NO_COLOR).
"""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.style import Style

from threshold_engine.model import Level
from work_items.model import Band

PLAIN: Final = Style()
BOLD: Final = Style(bold=True)
DIM: Final = Style(dim=True)
REVERSE: Final = Style(reverse=True)
KEY: Final = Style(bold=True)
WARNING: Final = Style(bold=True, reverse=True)

BAND_STYLES: Final = {
    Band.RED: Style(color="bright_red", bold=True),
    Band.YELLOW: Style(color="bright_yellow", bold=True),
    Band.BLUE: Style(color="bright_blue", bold=True),
}
LEVEL_STYLES: Final = {
    Level.RED: BAND_STYLES[Band.RED],
    Level.YELLOW: BAND_STYLES[Band.YELLOW],
    Level.GREEN: Style(color="green"),
}


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: padded with blanks, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) > width:
        return (
            set_cell_size(text, width - 1).rstrip()
            + "…"
            + " " * (width - 1 - cell_len(set_cell_size(text, width - 1).rstrip()))
        )
    return set_cell_size(text, width)


def fit_right(text: str, width: int) -> str:
    """`text` at the right of `width` cells."""
    return " " * max(0, width - cell_len(text)) + text if cell_len(text) <= width else fit(text, width)

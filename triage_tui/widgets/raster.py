"""Dots in cells: braille (2 × 4 a cell), or half blocks (1 × 2) where a font has no braille."""

from __future__ import annotations

from typing import Final

_BRAILLE: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLOCKS: Final = (" ", "▀", "▄", "█")


class Raster:
    """A grid of dots, `width` × `height` cells; dot (0, 0) is at the top left."""

    def __init__(self, width: int, height: int, *, braille: bool) -> None:
        self._across, self._down = (2, 4) if braille else (1, 2)
        self._braille = braille
        self.dots_across = width * self._across
        self.dots_down = height * self._down
        self._cells = [bytearray(width) for _ in range(height)]

    def dot(self, x: int, y: int) -> None:
        """Set a dot; one outside is left out."""
        if 0 <= x < self.dots_across and 0 <= y < self.dots_down:
            bit = _BRAILLE[y % 4][x % 2] if self._braille else 1 << (y % 2)
            self._cells[y // self._down][x // self._across] |= bit

    def upright(self, x: int, y1: int, y2: int) -> None:
        """A vertical line."""
        for y in range(min(y1, y2), max(y1, y2) + 1):
            self.dot(x, y)

    def line(self, x1: int, y1: int, x2: int, y2: int) -> None:
        """A line from one dot to another."""
        steps = max(abs(x2 - x1), abs(y2 - y1), 1)
        for i in range(steps + 1):
            self.dot(round(x1 + (x2 - x1) * i / steps), round(y1 + (y2 - y1) * i / steps))

    def cell(self, column: int, row: int) -> str:
        """The character of a cell; a blank where no dot is set."""
        bits = self._cells[row][column]
        if not bits:
            return " "
        return chr(0x2800 + bits) if self._braille else _BLOCKS[bits]

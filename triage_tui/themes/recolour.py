"""Puts a theme's colours in place of the terminal's sixteen, on the way to the terminal."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter, NoColor

if TYPE_CHECKING:
    from textual.color import Color as Background

    from triage_tui.themes.theme import Colours, Theme

_ORDER: Final = ("ground", "red", "green", "yellow", "blue", "magenta", "cyan", "text")
"""The first eight; the bright ones are the same, but for a bright black, which is grey."""


class Recolour(LineFilter):
    """The sixteen colours as a theme has them."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        text, ground, dim = (_near(value) for value in (colours.text, colours.ground, colours.dim))
        hues = [_near(getattr(colours, name)) for name in _ORDER]
        numbered = [*hues, dim, *hues[1:]]
        base = Style(color=text, bgcolor=ground)

        def themed(color: Color | None, default: Color) -> Color:
            if color is None or color.is_default:
                return default
            if color.number is None or color.number >= len(numbered):
                return color
            return numbered[color.number]

        @lru_cache(1024)
        def restyle(style: Style | None) -> Style:
            if style is None:
                return base
            foreground = themed(style.color, dim if style.dim else text)
            return style + Style(color=foreground, bgcolor=themed(style.bgcolor, ground), dim=False)

        self._restyle = restyle

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        """The same segments in the theme's colours, neighbours of one style as one to save bytes."""
        restyle = self._restyle
        changed: list[Segment] = []
        for text, style, control in segments:
            now = restyle(style)
            if changed and not control and changed[-1].style == now:
                changed[-1] = Segment(changed[-1].text + text, now)
            else:
                changed.append(Segment(text, now, control))
        return changed


def _near(value: str) -> Color:
    """The nearest of the 240 fixed colours that nearly all terminals have: half the bytes of an exact one."""
    return Color.parse(f"#{value}").downgrade(ColorSystem.EIGHT_BIT)


def filters_of(theme: Theme) -> list[LineFilter]:
    """What a line goes through on its way to the terminal."""
    if theme.mono:
        return [NoColor()]
    return [] if theme.colours is None else [Recolour(theme.colours)]

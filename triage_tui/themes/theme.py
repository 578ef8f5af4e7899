"""The themes. What widgets draw is named by the terminal's sixteen colours; a theme says what those are.

Every text of every theme has at least 4.5 : 1 against what it stands on (WCAG 2.2, 1.4.3), and 7 : 1 in
`high-contrast` (1.4.6). Colour is never the only mark: word, letter and shape stand without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from triage_tui.wording import N_


@dataclass(frozen=True, slots=True)
class Colours:
    """Six-digit hexadecimal RGB for what the sixteen colours stand for here."""

    text: str
    ground: str
    dim: str
    """Rules, column names, axes."""
    red: str
    green: str
    yellow: str
    blue: str
    magenta: str
    cyan: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A choice of colours."""

    name: str
    words: str
    """For the palette, a msgid."""
    colours: Colours | None = None
    """None: the terminal's own, so that what its owner set up holds."""
    mono: bool = False


TERMINAL: Final = Theme("terminal", N_("Colours: the terminal's own"))
THEMES: Final = (
    TERMINAL,
    Theme(
        "dark",
        N_("Colours: dark"),
        Colours(
            text="e6e6e6",
            ground="101418",
            dim="a3a9b0",
            red="ff7b72",
            green="7ee787",
            yellow="f2cc60",
            blue="79b8ff",
            magenta="d2a8ff",
            cyan="76e3ea",
        ),
    ),
    Theme(
        "light",
        N_("Colours: light"),
        Colours(
            text="1a1a1a",
            ground="ffffff",
            dim="595959",
            red="b00020",
            green="0f6b2b",
            yellow="7a5200",
            blue="0b4fb3",
            magenta="7a2f9e",
            cyan="0b6170",
        ),
    ),
    Theme(
        "high-contrast",
        N_("Colours: high contrast"),
        Colours(
            text="ffffff",
            ground="000000",
            dim="ffffff",
            red="ff9d9d",
            green="7dff7d",
            yellow="ffff00",
            blue="8fc7ff",
            magenta="ffb0ff",
            cyan="80ffff",
        ),
    ),
    Theme(
        "colour-blind",
        N_("Colours: for the colour-blind"),
        # Okabe & Ito, Color Universal Design (2008): vermilion, bluish green, yellow, sky blue, purple
        Colours(
            text="ffffff",
            ground="000000",
            dim="b0b0b0",
            red="d55e00",
            green="009e73",
            yellow="f0e442",
            blue="56b4e9",
            magenta="cc79a7",
            cyan="56b4e9",
        ),
    ),
    Theme("mono", N_("Colours: none"), mono=True),
)


def theme_named(name: str) -> Theme | None:
    """A theme, or none of that name."""
    return next((theme for theme in THEMES if theme.name == name), None)

"""Every text of every theme can be read against what it stands on, as WCAG 2.2 counts contrast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from practice_centre import PracticeSession
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Background

from triage_tui.app import TriageApp
from triage_tui.screens.look import Look
from triage_tui.themes.recolour import filters_of
from triage_tui.themes.theme import TERMINAL, THEMES, Theme, theme_named

OURS = [theme for theme in THEMES if theme.colours is not None]
WALK = (
    *("down", "n", *"Ringt", "escape", "k", "i", "escape", "f", "escape", "s", "n", "escape"),
    *("colon", *"ta", "escape", "question_mark", "escape", "enter", "2", "T", "4", "5", "escape"),
)
"""Through the queue, the forms, the search, the palette, the help and a patient's tabs."""


def luminance(color: Color) -> float:
    """Relative luminance (WCAG 2.2)."""
    shares = [value / 255 for value in color.get_truecolor()]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def drawn(app: TriageApp) -> Iterator[tuple[str, Style]]:
    """Every text on the screen with its style."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if segment.text.strip():
                yield segment.text, segment.style or Style()


def test_contrast_is_counted_as_the_guideline_does() -> None:
    black, white, grey = Color.parse("#000000"), Color.parse("#ffffff"), Color.parse("#777777")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, grey) == pytest.approx(4.48, abs=0.005)


async def test_every_text_on_every_screen_can_be_read_in_every_theme(app, settle) -> None:
    """One walk in the terminal's colours; what it drew is then put into each theme's, as the app does."""
    seen: dict[Style, str] = {}
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for key in WALK:
            await pilot.press(key)
            await settle(pilot)
            seen |= {style: text for text, style in drawn(app)}
    assert len(seen) >= 8
    for theme in OURS:
        least = 7.0 if theme.name == "high-contrast" else 4.5
        (recolour,) = filters_of(theme)
        for style, text in seen.items():
            (segment,) = recolour.apply([Segment(text, style)], Background(0, 0, 0))
            assert segment.style is not None and not segment.style.dim, "how far a terminal dims isn't known"
            color, ground = segment.style.color, segment.style.bgcolor
            assert color is not None and ground is not None, (theme.name, text)
            assert contrast(color, ground) >= least, (theme.name, text, segment.style)


async def test_a_theme_is_what_is_drawn(settle) -> None:
    app = TriageApp(PracticeSession, look=Look(theme=OURS[0]))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grounds = {style.bgcolor.name for _text, style in drawn(app) if style.bgcolor is not None}
        assert OURS[0].colours is not None and len(grounds) == 1 and grounds != {"default"}


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_bands_are_told_apart_by_the_colours_too(theme: Theme) -> None:
    assert theme.colours is not None
    bands = [theme.colours.red, theme.colours.yellow, theme.colours.blue, theme.colours.green]
    assert len(set(bands)) == 4


async def test_without_colours_nothing_is_coloured(settle) -> None:
    theme = theme_named("mono")
    assert theme is not None
    app = TriageApp(PracticeSession, look=Look(theme=theme))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for text, style in drawn(app):
            for color in (style.color, style.bgcolor):
                assert color is None or color.is_default, text


async def test_no_color_is_stronger_than_a_theme(settle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = TriageApp(PracticeSession, look=Look(theme=OURS[0]))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert all(style.color is None or style.color.is_default for _text, style in drawn(app))


async def test_a_theme_is_chosen_in_the_palette_at_once_and_kept(settle) -> None:
    kept: dict[str, object] = {}
    app = TriageApp(PracticeSession, look=Look(theme=TERMINAL, keep=kept.__setitem__))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        command = next(c for c in app.get_system_commands(app.screen) if c.title == "Farger: lyse")
        app.call_later(command.callback)
        await settle(pilot)
        grounds = {style.bgcolor.get_truecolor().hex for _text, style in drawn(app) if style.bgcolor}
        assert grounds == {"#ffffff"}
    assert kept == {"theme": "light"}

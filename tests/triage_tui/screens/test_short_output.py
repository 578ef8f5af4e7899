"""Fewer bytes draw the same picture, and leave no style behind."""

from __future__ import annotations

import random

import pyte
import pytest
from practice_centre import PracticeSession, many, queue
from textual._compositor import CompositorUpdate

from triage_tui.app import TriageApp
from triage_tui.screens.look import Look
from triage_tui.screens.short_output import Lines, shortened
from triage_tui.themes.theme import TERMINAL, theme_named

STYLES = (
    "",
    "1",
    "2",
    "7",
    "1;7",
    "2;3",
    "4;31",
    "1;38;5;124;48;5;231",
    "38;5;234;48;5;231",
    "38;2;1;2;3",
    "91",
)

WALK = ("down", "pagedown", "n", "a", "escape", "j", "escape", "enter", *"2T3456712", "question_mark")
"""Through the queue, a form, the letters to jump by, a patient's tabs, and the help."""


def picture(data: str) -> list[list[pyte.screens.Char]]:
    """Each cell's character and style."""
    screen = pyte.Screen(100, 6)
    pyte.Stream(screen).feed(data.replace("\n", "\r\n"))
    screen.draw("after")  # in the style that was left behind
    return [[screen.buffer[y][x] for x in range(100)] for y in range(6)]


def cells(screen: pyte.Screen) -> list[list[pyte.screens.Char]]:
    """What is shown; a blank's colour can't be seen."""
    shown = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    return [
        [cell if cell.data != " " else cell._replace(fg="", bold=False) for cell in line] for line in shown
    ]


def as_textual_sends(rng: random.Random) -> str:
    """Pieces of text on some lines, each with its whole style and a reset."""
    data = ""
    for y in sorted(rng.sample(range(1, 6), 3)):
        data += f"\x1b[{y};{rng.randint(1, 4)}H"
        for _ in range(rng.randint(1, 5)):
            style, text = rng.choice(STYLES), rng.choice(("rød", " ", "87 % ", "Ola", " " * 14))
            data += f"\x1b[{style}m{text}\x1b[0m" if style else text
        data += "\n"
    return data.removesuffix("\n") + "\x1b[6;1H"


@pytest.mark.parametrize("seed", range(50))
def test_the_picture_is_the_same_in_fewer_bytes(seed: int) -> None:
    data = as_textual_sends(random.Random(seed))  # noqa: S311 - only to vary it
    assert picture(shortened(data)) == picture(data)
    assert len(shortened(data)) < len(data)


def test_a_style_that_stays_is_told_once() -> None:
    told = "\x1b[38;5;234m \x1b[0m\x1b[1;38;5;234mNils\x1b[0m\x1b[38;5;234m, 72\x1b[0m"
    assert shortened(told) == "\x1b[38;5;234m \x1b[1mNils\x1b[22m, 72\x1b[m"


def test_a_line_is_gone_to_once() -> None:
    assert shortened("\x1b[5;1Ha\n\x1b[6;1H\x1b[7;1Hb") == "\x1b[5;1Ha\x1b[7;1Hb"


@pytest.mark.parametrize("data", ["\x1b[53mover\x1b[0m", "\x1b[4:3mcurly", "\x1b[38;9;1mx"])
def test_what_is_not_understood_is_sent_as_it_is(data: str) -> None:
    assert shortened(data) == data


def test_controls_without_a_style_pass() -> None:
    assert shortened("\x1b[?2026h") == "\x1b[?2026h" and shortened("\x1b[6n") == "\x1b[6n"


def test_a_line_that_is_painted_again_is_sent_once_until_another_is_written_there() -> None:
    lines = Lines()
    head, row, other = "\x1b[1;1Hhead\n", "\x1b[2;1Hrow\n", "\x1b[2;5Hx"
    assert lines.news_in(head + row) == head + row
    assert lines.news_in(head + row + "\x1b[1;1H") == "\x1b[1;1H"
    assert lines.news_in(other) == other
    assert lines.news_in(head + row) == row


@pytest.mark.parametrize("control", ["\x1b[?1049h", "\x1b[2J\x1b[1;1Hx"])
def test_after_a_control_every_line_is_sent_again(control: str) -> None:
    lines, row = Lines(), "\x1b[2;1Hrow"
    assert lines.news_in(row) == row
    assert lines.news_in(control) == control
    assert lines.news_in(row) == row


def test_many_blanks_are_erased_on_the_terminals_own_ground_only() -> None:
    blanks = " " * 30
    assert shortened(f"a{blanks}b") == "a\x1b[30X\x1b[30Cb"
    for style in ("7", "4", "48;5;231"):
        assert blanks in shortened(f"\x1b[{style}m{blanks}\x1b[0m")


@pytest.mark.parametrize("theme", ["terminal", "light"])
async def test_the_terminal_shows_what_textual_painted_after_every_key(
    theme: str, settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, short = pyte.Screen(120, 36), pyte.Screen(120, 36)
    to_whole, to_short, lines = pyte.Stream(whole), pyte.Stream(short), Lines()
    counts = [0, 0]

    def painted(app: TriageApp, _screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate) and not app._batch_count:
            data = update.render_segments(app.console)
            told = shortened(lines.news_in(data))
            for i, (stream, sent) in enumerate(((to_whole, data), (to_short, told))):
                stream.feed(sent.replace("\n", "\r\n"))
                counts[i] += len(sent)

    monkeypatch.setattr(TriageApp, "_display", painted)
    app = TriageApp(lambda: PracticeSession(queue(many(40))), look=Look(theme=theme_named(theme) or TERMINAL))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        for key in (
            "down",
            "pagedown",
            "n",
            "a",
            "escape",
            "j",
            "escape",
            "enter",
            *"2T3456712",
            "question_mark",
        ):
            await pilot.press(key)
            await settle(pilot)
            assert cells(short) == cells(whole), key
    assert counts[1] < counts[0] / 2

"""Fewer bytes draw the same picture, and leave no style behind."""

from __future__ import annotations

import random

import pyte
import pytest

from triage_tui.screens.short_output import shortened

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


def picture(data: str) -> list[list[pyte.screens.Char]]:
    """Each cell's character and style."""
    screen = pyte.Screen(40, 6)
    pyte.Stream(screen).feed(data.replace("\n", "\r\n"))
    screen.draw("after")  # in the style that was left behind
    return [[screen.buffer[y][x] for x in range(40)] for y in range(6)]


def as_textual_sends(rng: random.Random) -> str:
    """Pieces of text on some lines, each with its whole style and a reset."""
    data = ""
    for y in sorted(rng.sample(range(1, 6), 3)):
        data += f"\x1b[{y};{rng.randint(1, 4)}H"
        for _ in range(rng.randint(1, 5)):
            style, text = rng.choice(STYLES), rng.choice(("rød", " ", "87 % ", "Ola"))
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

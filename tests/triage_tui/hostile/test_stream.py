"""The taking apart of what a terminal is sent finds what it is to find."""

from __future__ import annotations

import pytest
from stream import odd_in


@pytest.mark.parametrize(
    "sent",
    [
        b"\x1b]0;title\x07",
        b"\x1b]52;c;eA==\x1b\\",
        b"\x1bP1$r\x1b\\",
        b"\x1b[21t",
        b"\x1bc",
        b"a\x07b",
        "a\x9b2J".encode(),
        b"\x1b",
    ],
)
def test_it_is_found(sent: bytes) -> None:
    assert len(list(odd_in(b"Hansen \x1b[1;2H" + sent))) == 1


def test_what_the_console_says_to_its_terminal_is_none_of_it() -> None:
    assert list(odd_in("\x1b[?1049h\x1b[31;1mČáŋđ ␛]0;x\x1b[0m\r\n\x1b[2J\x1b[?25l".encode())) == []

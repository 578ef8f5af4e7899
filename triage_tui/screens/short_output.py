"""What goes to the terminal, in fewer bytes.

Textual ends each piece of text with a reset and starts the next with its whole style, goes to a line both by
a line feed and by its place, and paints what comes into view two or three times. The terminal remembers its
style and its lines: only what differs from them is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

_STYLE: Final = re.compile(r"\x1b\[([0-9;]*)m")
_NEEDLESS: Final = re.compile(r"\n(?=\x1b\[\d+;\d+H)|\x1b\[\d+;\d+H(?=\n?\x1b\[\d+;\d+H)")
"""A line feed before a move to a place, and a move that another follows at once."""
_MOVES: Final = re.compile(r"(?:\r|\n|\x1b\[\d+;\d+H)*")
_PLACE: Final = re.compile(r"\x1b\[(\d+);(\d+)H")
_BLANKS: Final = re.compile(" {12,}")
_DRAWN: Final = frozenset("4789")
"""In these styles a blank can be seen."""
_OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
"""What is switched on → what switches it off (ECMA-48, 8.3.117)."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How the terminal draws."""

    on: frozenset[str] = frozenset()
    text: str = "39"
    ground: str = "49"

    def codes(self) -> list[str]:
        """What leads here from a reset."""
        colours = [each for each, default in ((self.text, "39"), (self.ground, "49")) if each != default]
        return [*sorted(self.on), *colours]


_PLAIN: Final = _Style()


@lru_cache(1024)
def _after(style: _Style, codes: str) -> _Style | None:
    """The style after a sequence; none where it holds something that isn't counted here."""
    on, text, ground = set(style.on), style.text, style.ground
    left = iter(codes.split(";"))
    for code in left:
        if code in ("", "0"):
            on, text, ground = set(), "39", "49"
        elif code in _OFF:
            on.add(code)
        elif code in _OFF.values():
            on -= {each for each, off in _OFF.items() if off == code}
        elif (colour := _colour(code, left)) is None:
            return None
        elif code[0] in "39":
            text = colour
        else:
            ground = colour
    return _Style(frozenset(on), text, ground)


def _colour(code: str, left: Iterable[str]) -> str | None:
    """A colour with what follows its first number."""
    if code in ("38", "48"):
        rest = iter(left)
        kind = next(rest, "")
        numbers = {"5": 1, "2": 3}.get(kind, 0)
        return ";".join([code, kind, *(next(rest, "0") for _ in range(numbers))]) if numbers else None
    return code if re.fullmatch(r"(?:[34]|9|10)[0-79]", code) else None


@lru_cache(1024)
def _change(old: _Style, new: _Style) -> str:
    """The shortest sequence from one style to another."""
    off = {_OFF[each] for each in old.on - new.on}
    on = {each for each in new.on if each not in old.on or _OFF[each] in off}
    step = [*sorted(off), *sorted(on)]
    step += [new.text] if new.text != old.text else []
    step += [new.ground] if new.ground != old.ground else []
    anew = new.codes()
    return min(f"\x1b[{';'.join(step)}m", f"\x1b[{';'.join(['0', *anew]) if anew else ''}m", key=len)


def shortened(data: str) -> str:
    """The same picture in fewer bytes, ending in no style at all; unchanged where it isn't understood."""
    shown = wanted = _PLAIN
    sent: list[str] = []
    for i, part in enumerate(_STYLE.split(_NEEDLESS.sub("", data))):
        if i % 2:  # the pattern's group: a style
            after = _after(wanted, part)
            if after is None:
                return data
            wanted = after
            continue
        moves = _MOVES.match(part)
        start = moves.end() if moves else 0
        sent.append(part[:start])
        if start < len(part):
            if wanted != shown:
                sent.append(_change(shown, wanted))
                shown = wanted
            sent.append(_text(part[start:], shown))
    if shown != _PLAIN:
        sent.append("\x1b[m")
    return "".join(sent)


def _text(text: str, style: _Style) -> str:
    """Many blanks are erased instead of sent; not on a ground of ours: not all terminals erase with it."""
    if style.ground != "49" or style.on & _DRAWN:
        return text
    return _BLANKS.sub(lambda found: f"\x1b[{len(found[0])}X\x1b[{len(found[0])}C", text)


class Lines:
    """What was last written to each line."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, str]] = {}
        """Line → column and what was written from there on."""

    def forget(self) -> None:
        """The terminal may show anything."""
        self._last.clear()

    def news_in(self, data: str) -> str:
        """Without what was the last that was written to its line; anything but a picture makes it forget."""
        head, *rest = _PLACE.split(data)
        if head or not rest:
            self.forget()
            return data
        told: list[str] = []
        for line, column, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            written = (int(column), text.removesuffix("\n"))
            if not written[1] or self._last.get(int(line)) != written:
                told.append(f"\x1b[{line};{column}H{text}")
            if written[1]:
                self._last[int(line)] = written
        return "".join(told)


class ShortDriver(LinuxDriver):
    """The terminal, told in few bytes."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.lines = Lines()

    def process_message(self, message: Message) -> None:
        """A key may be pressed because the picture was spoilt by others: what it paints is sent in full."""
        if isinstance(message, Key):
            self.lines.forget()
        super().process_message(message)

    def write(self, data: str) -> None:
        """Send a picture or a control."""
        super().write(shortened(self.lines.news_in(data)))

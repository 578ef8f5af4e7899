"""What goes to the terminal, in fewer bytes.

Textual ends each piece of text with a reset and starts the next with its whole style, and goes to a line both
by a line feed and by its place. The terminal remembers its style: only what differs from it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from textual.drivers.linux_driver import LinuxDriver

_STYLE: Final = re.compile(r"\x1b\[([0-9;]*)m")
_NEEDLESS: Final = re.compile(r"\n(?=\x1b\[\d+;\d+H)|\x1b\[\d+;\d+H(?=\n?\x1b\[\d+;\d+H)")
"""A line feed before a move to a place, and a move that another follows at once."""
_MOVES: Final = re.compile(r"(?:\r|\n|\x1b\[\d+;\d+H)*")
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
            sent.append(part[start:])
    if shown != _PLAIN:
        sent.append("\x1b[m")
    return "".join(sent)


class ShortDriver(LinuxDriver):
    """The terminal, told in few bytes."""

    def write(self, data: str) -> None:
        """Send a picture or a control."""
        super().write(shortened(data))

"""Plays a minute of a shift in the real console and writes docs/console.cast (asciicast v2).

Run it with `make recording` after the console has changed, and watch it. The centre, the clock and the pace
are fixed, so that the recording tells the same story each time.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyte

RECORDING: Final = Path(__file__).parent / "console.cast"
AT: Final = "2026-03-03T08:31:00Z"
COLUMNS, ROWS = 110, 30
DOWN, ENTER, ESC, F6, F10, F12 = "\x1b[B", "\r", "\x1b", "\x1b[17~", "\x1b[21~", "\x1b[24~"
SCRIPT: Final = (
    (3.5, ""),  # who needs me now, and why
    (1.2, DOWN), (1.2, DOWN), (1.8, DOWN), (0.6, "\x1b[H"),
    (2.5, ENTER), (2.5, "2"), (1.2, DOWN), (1.5, DOWN), (2.5, "T"), (0.6, "T"),
    (2.0, "4"), (2.0, "5"), (1.5, "1"),
    (1.8, "t"),
    (1.0, "k"), (0.8, "s"), (0.0, "~Mer tungpust siden i går, tar medisinene."), (2.2, ENTER),
    (1.2, "f"), (1.0, "r"), (2.5, ENTER),
    (2.0, F6),
    (1.0, "n"), (0.0, "~Pårørende ringte."), (1.0, F12), (1.5, ESC),
    (1.0, "u"), (0.8, "i"), (0.8, "s"), (2.0, ENTER),
    (2.5, "?"), (0.8, ESC), (1.0, ":"), (0.0, "~kont"), (1.5, ""), (0.5, ESC), (0.5, ESC), (2.0, ""),
)  # fmt: skip
"""What is pressed, and for how many seconds what comes of it is looked at. `~`: typed letter by letter."""
TYPED_S: Final = 0.06


_COLOURS: Final = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")


class Recorder:
    """What a terminal shows after each step, by a clock that goes only as the script says.

    Only rows that differ from the step before are kept, so that the file stays small.
    """

    def __init__(self, terminal: int) -> None:
        self.events: list[tuple[float, str, str]] = []
        self._terminal, self._at = terminal, 0.0
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._shown: list[str] = [""] * ROWS

    def look(self, seconds: float, *, until: str = "", quiet: float = 0.4) -> None:
        """Take what comes until nothing does, and let `seconds` of the recording go by."""
        end = time.monotonic() + 60
        while select.select([self._terminal], [], [], quiet)[0] or until not in "".join(self._screen.display):
            if time.monotonic() > end:
                raise TimeoutError(f"{until!r} never came")
            if select.select([self._terminal], [], [], 0.1)[0]:
                self._stream.feed(os.read(self._terminal, 65536))
        rows = [self._row(y) for y in range(ROWS)]
        changed = [f"\x1b[{y + 1};1H{row}" for y, row in enumerate(rows) if row != self._shown[y]]
        if changed:
            self.events.append((round(self._at, 2), "o", "".join(changed)))
        self._shown = rows
        self._at += seconds

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self._terminal, keys.encode())

    def _row(self, y: int) -> str:
        line, written, style = self._screen.buffer[y], "", ""
        for x in range(COLUMNS):
            cell = line[x]
            faces = [code for code, on in (("1", cell.bold), ("3", cell.italics), ("7", cell.reverse)) if on]
            wanted = ";".join(["0", *faces, *_colour(cell.fg, 30), *_colour(cell.bg, 40)])
            written += f"\x1b[{wanted}m{cell.data}" if wanted != style else cell.data
            style = wanted
        return written.rstrip() + "\x1b[0m\x1b[K"


def _colour(name: str, base: int) -> list[str]:
    """As a terminal is told of it: the sixteen by number, others by their shares."""
    plain = name.removeprefix("bright")
    if plain in _COLOURS:
        return [str(base + _COLOURS.index(plain) + (60 if name != plain else 0))]
    if name == "default":
        return []
    return [f"{base + 8};2", *(str(int(name[at : at + 2], 16)) for at in (0, 2, 4))]


def steps() -> Iterator[tuple[float, str]]:
    """The script with its texts taken apart."""
    for seconds, keys in SCRIPT:
        if keys.startswith("~"):
            yield from ((TYPED_S, letter) for letter in keys[1:])
        else:
            yield seconds, keys


def record() -> list[tuple[float, str, str]]:
    """Play the script on a simulated centre."""
    command = [sys.executable, "-m", "triage_tui", "demo", "--patients", "200", "--days", "30", "--seed", "3"]
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("TRIAGE_", "NO_COLOR"))
        }
        wanted = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TRIAGE_NOW": AT,
            "TRIAGE_PICTURES": "blocks",
        }
        os.execve(command[0], command, kept | wanted)  # noqa: S606 - our own command
    recorder = Recorder(terminal)
    recorder.look(0.0, until="0 usendt", quiet=4.0)
    for seconds, keys in steps():
        recorder.press(keys)
        recorder.look(seconds, quiet=0.15 if len(keys) == 1 and seconds == TYPED_S else 0.6)
    recorder.press(F10)
    os.waitpid(pid, 0)
    return recorder.events


def main() -> None:
    """Write the recording."""
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": "triage-tui"}
    lines = [json.dumps(head), *(json.dumps(event, ensure_ascii=False) for event in record())]
    RECORDING.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

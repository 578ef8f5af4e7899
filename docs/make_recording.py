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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

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


@dataclass
class Recorder:
    """What a terminal was sent, by a clock that goes only as the script says."""

    terminal: int
    at: float = 0.0
    events: list[tuple[float, str, str]] = field(default_factory=list)
    held: bytes = b""

    def look(self, seconds: float, *, until: bytes = b"", quiet: float = 0.4) -> None:
        """Take what comes until nothing does, let `seconds` of the recording go by."""
        got = b""
        end = time.monotonic() + 60
        while until not in got or select.select([self.terminal], [], [], quiet)[0]:
            if not select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(f"{until!r} never came")
            got += os.read(self.terminal, 65536)
        self._keep(got)
        self.at += seconds

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self.terminal, keys.encode())

    def _keep(self, got: bytes) -> None:
        whole = self.held + got
        text = whole.decode("utf-8", errors="ignore")
        self.held = whole[len(text.encode()) :]
        if text:
            self.events.append((round(self.at, 2), "o", text))


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
    recorder.look(0.0, until=b"0 usendt", quiet=4.0)
    recorder.events = [(0.0, "o", "".join(text for _at, _kind, text in recorder.events))]
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

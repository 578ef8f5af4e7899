"""How long until `triage` has painted its first screen, as a ratio to an empty Textual app.

Both are started in turn under a pseudo-terminal of 120 × 40, so that a busy machine slows both alike. The
first paint is the first byte after the alternate screen was opened that is a letter of the screen. Prints one
JSON document. Run from the project's root: `python -m benchmarks.first_paint [--rounds N]`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

EMPTY = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Empty(App):
    def compose(self) -> ComposeResult:
        yield Static("TRIAGE")

Empty().run()
"""

CONSOLE = """
import sys
from triage_tui.cli.main import main

sys.argv = ["triage", "--data-dir", "no-profile-here"]
main()
"""

PAINTED = b"TRIAGE"


def seconds_to_paint(program: str) -> float:
    """Start `program` on a pty; seconds until its first screen is there."""
    with painted(program) as (_pid, _terminal, seconds):
        return seconds


@contextmanager
def painted(program: str, words: bytes = PAINTED, **env: str) -> Iterator[tuple[int, int, float]]:
    """`program` on a pty once `words` stand there, as (process id, the pty, seconds that it took)."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **env}
        os.execve(sys.executable, [sys.executable, "-c", program], environment)  # noqa: S606 - our own
    sent = b""
    try:
        while words not in sent:
            if not select.select([terminal], [], [], 60)[0]:
                raise TimeoutError(sent[-500:].decode(errors="replace"))
            sent += os.read(terminal, 65536)
        yield pid, terminal, time.perf_counter() - start
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def measure(rounds: int) -> dict[str, float | int]:
    """Medians of `rounds` pairs, after one pair that only warms the caches."""
    seconds_to_paint(EMPTY), seconds_to_paint(CONSOLE)
    pairs = [(seconds_to_paint(EMPTY), seconds_to_paint(CONSOLE)) for _ in range(rounds)]
    return {
        "rounds": rounds,
        "empty_s": round(statistics.median(empty for empty, _ in pairs), 3),
        "console_s": round(statistics.median(console for _, console in pairs), 3),
        "ratio": round(statistics.median(console / empty for empty, console in pairs), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    print(json.dumps(measure(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()

"""A real terminal for tests. Not a test file."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent


class Tmux:
    """A terminal of its own, by its own socket."""

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)

    def _tmux(self, *args: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *args], capture_output=True, text=True, check=True, timeout=20
        )
        return done.stdout

    def start(self, command: str, columns: int = 120, rows: int = 36) -> None:
        # a shell may hand on another terminal's size
        command = f"unset COLUMNS LINES; {command}"
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(ROOT), command)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self._tmux("send-keys", key)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def until(self, *words: str, seconds: float = 60) -> str:
        """The screen once all the words stand on it."""
        end = time.monotonic() + seconds
        while True:
            shown = self.screen()
            if all(word in shown for word in words):
                return shown
            if time.monotonic() > end:
                raise TimeoutError(f"{words} not on the screen:\n{shown}")
            threading.Event().wait(0.1)

    def stop(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True)


@contextmanager
def terminal_in(folder: Path) -> Iterator[Tmux]:
    """A terminal that is closed at the end; without tmux the test is skipped, but not in CI."""
    if shutil.which("tmux") is None and "CI" not in os.environ:
        pytest.skip("not installed here: tmux")
    tmux = Tmux(folder / "tmux")
    try:
        yield tmux
    finally:
        tmux.stop()

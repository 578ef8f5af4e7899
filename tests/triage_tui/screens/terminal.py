"""A terminal for tests: starts a program on a pty, sends keys, and gives back the bytes that it was sent."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
_OURS = ("NO_COLOR", "COLUMNS", "LINES")
"""What is said of the terminal in which the tests run, whose size isn't this one's."""


class Terminal:
    """`with Terminal([...]) as terminal:`; the program is ended at the end."""

    def __init__(self, command: Sequence[str], *, columns: int = 120, rows: int = 40, **env: str) -> None:
        self._size = struct.pack("HHHH", rows, columns, 0, 0)
        self._ended = self._closed = False
        self._command = [sys.executable, *command]
        self._env = {
            **{name: value for name, value in os.environ.items() if name not in _OURS},
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            **env,
        }

    def __enter__(self) -> Terminal:
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, self._size)
            os.execve(self._command[0], self._command, self._env)  # noqa: S606 - our own interpreter
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._ended:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if not self._closed:
            os.close(self._fd)

    def modes(self) -> list[object]:
        """How the terminal treats what is typed, as `termios` tells it."""
        return list(termios.tcgetattr(self._fd))

    def close(self) -> None:
        """Take the terminal away, as a window that is closed does."""
        os.close(self._fd)
        self._closed = True

    def exit_code(self) -> int:
        """Wait until the program has ended, and give its exit code; below zero, the signal that killed it."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended = True
                return os.waitstatus_to_exitcode(status)
            select.select([] if self._closed else [self._fd], [], [], 0.05)
            if not self._closed:
                self.read(quiet=0)
        raise TimeoutError("the program doesn't end")

    def press(self, keys: bytes, *, quiet: float = 0.25, first: float = 10.0) -> bytes:
        """Send keys, and give what was sent back until nothing comes for `quiet` seconds.

        The first byte may take up to `first` seconds: the machine may be busy with other tests.
        """
        self.write(keys)
        select.select([self._fd], [], [], first)
        return self.read(quiet=quiet)

    def write(self, keys: bytes) -> None:
        """Send keys, and wait for nothing."""
        os.write(self._fd, keys)

    def signal(self, number: int) -> bytes:
        """Send a signal, and give what was sent back."""
        os.kill(self.pid, number)
        select.select([self._fd], [], [], 10.0)
        return self.read(quiet=0.5)

    def read(self, *, quiet: float) -> bytes:
        """What comes until nothing does for `quiet` seconds."""
        got = b""
        while select.select([self._fd], [], [], quiet)[0]:
            try:
                more = os.read(self._fd, 65536)
            except OSError:  # the program has ended
                break
            if not more:
                break
            got += more
        return got

    def until(self, done: Callable[[bytes], bool], *, seconds: float = 60.0) -> bytes:
        """What comes until `done` says so of all of it."""
        got, end = b"", time.monotonic() + seconds
        while not done(got):
            if time.monotonic() > end:
                raise TimeoutError(got[-2000:].decode(errors="replace"))
            got += self.read(quiet=0.05)
        return got

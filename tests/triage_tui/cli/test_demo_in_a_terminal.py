"""`make demo` as somebody at a keyboard runs it: in a real terminal, with the real server behind it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.triage_tui.cli.conftest import NOW, TRIAGE, Server

pytestmark = pytest.mark.slow

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


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Tmux]:
    """A terminal that is closed at the end."""
    if shutil.which("tmux") is None and "CI" not in os.environ:
        pytest.skip("not installed here: tmux")
    tmux = Tmux(tmp_path / "tmux")
    yield tmux
    tmux.stop()


def test_a_stranger_sees_the_queue_takes_a_patient_and_the_note_is_on_the_server(
    tmp_path: Path, terminal: Tmux
) -> None:
    kept = tmp_path / "kept"
    options = f"--patients 40 --days 14 --seed 7 --keep {shlex.quote(str(kept))}"
    terminal.start(f"TRIAGE_NOW={NOW} make demo ARGS={shlex.quote(options)}; sleep 60")
    queue = terminal.until("ØVELSE", "RØD", "fordi", "0 usendt")
    assert "Kari Nordmann" in queue
    terminal.keys("Enter")
    terminal.until("1 oversikt", "varsler")
    terminal.keys("t")
    terminal.until("tatt av Kari Nordmann")
    terminal.keys("n")
    terminal.until("Notat")
    terminal.type("Ringte, mer tungpust siden sist")
    terminal.keys("F12")
    terminal.until("noterte: «Ringte, mer tungpust siden sist»", "0 usendt")
    terminal.keys("Escape")
    terminal.until("frist", "pasient")
    terminal.keys("F10")
    server = Server(kept / "server" / "fhir.db")
    server.start()
    try:
        notes = [
            each["payload"][0]["contentString"]
            for each in server.get("Communication", category="note")
            if each.get("sender", {}).get("reference") == "Practitioner/demo-kari"
        ]
    finally:
        server.stop()
    assert "Ringte, mer tungpust siden sist" in notes


def test_without_a_terminal_the_queue_is_printed(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "--silent", "demo", "ARGS=--patients 30 --days 14 --seed 7"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "TRIAGE_NOW": NOW, "TMPDIR": str(tmp_path)},
    )
    assert "RØD" in done.stdout
    assert "frist" in done.stdout
    assert not list(tmp_path.iterdir()), "a practice centre is gone when it ends"


def test_the_same_seed_gives_the_same_queue(tmp_path: Path) -> None:
    def queue() -> str:
        command = [*TRIAGE, "demo", "--patients", "20", "--days", "10", "--seed", "3", "--headless", "--json"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            env={**os.environ, "TRIAGE_NOW": NOW, "TMPDIR": str(tmp_path)},
        )
        return done.stdout

    first = queue()
    assert first.startswith("[{")
    assert queue() == first

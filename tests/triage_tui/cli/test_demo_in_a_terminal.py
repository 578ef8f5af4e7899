"""`make demo` as somebody at a keyboard runs it: in a real terminal, with the real server behind it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.triage_tui.cli.conftest import NOW, TRIAGE, Server
from tests.triage_tui.cli.tmux import ROOT, Tmux, terminal_in

pytestmark = pytest.mark.slow


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Tmux]:
    with terminal_in(tmp_path) as tmux:
        yield tmux


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

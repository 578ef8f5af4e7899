"""`triage keys` reads a real terminal: what arrives is named, what doesn't is told at the end."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.triage_tui.cli.conftest import TRIAGE

SENT = {
    "enter": b"\r",
    "escape": b"\x1b",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "ctrl+p": b"\x10",
}


def run_keys(*bursts: bytes, folder: Path) -> tuple[int, str]:
    """What the command says on a terminal that sends these bursts of bytes, and its exit code."""
    ours, theirs = pty.openpty()
    command = [*TRIAGE, "--lang", "en", "--data-dir", str(folder), "keys"]
    said = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        waiting = list(bursts)
        answers = said.count(b"\n")
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:
                break
            if not more:
                break
            said += more
            if said.count(b"\n") > max(answers, 1) and waiting:
                answers = said.count(b"\n")
                os.write(ours, waiting.pop(0))
    os.close(ours)
    return process.returncode, said.decode().replace("\r", "")


@pytest.mark.slow
def test_when_all_keys_have_arrived_it_says_so_and_ends(tmp_path: Path) -> None:
    code, said = run_keys(b"t", *SENT.values(), folder=tmp_path)
    assert code == 0
    assert "Take the patient, or give her back" in said
    assert "F5       Sync now" in said
    assert "All of the console's keys arrived." in said


@pytest.mark.slow
def test_keys_that_did_not_arrive_are_named(tmp_path: Path) -> None:
    code, said = run_keys(SENT["f2"], SENT["escape"], b"\x1b[19~", b"\x04", folder=tmp_path)
    missing = next(line for line in said.splitlines() if line.startswith("Didn't arrive: "))
    assert code == 1
    assert "F5" in missing and "F10" in missing and "PgUp" in missing
    assert "F2" not in missing and "esc" not in missing
    assert "not used by the console" in said


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    command = [*TRIAGE, "--data-dir", str(tmp_path), "keys"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "triage keys --list" in done.stderr


def test_the_list_follows_the_keymap(tmp_path: Path) -> None:
    command = [*TRIAGE, "--lang", "en", "--keymap", "vim", "--data-dir", str(tmp_path), "keys", "--list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "j: A line down (list.down)" in done.stdout
    assert "F5: Sync now (app.sync)" in done.stdout

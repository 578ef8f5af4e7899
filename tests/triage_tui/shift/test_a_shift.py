"""A nurse's shift, key by key in a real terminal: twenty patients, the link lost and found, nothing twice."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.triage_tui.cli.conftest import NOW, TRIAGE, Nurse, Server
from tests.triage_tui.cli.tmux import Tmux, terminal_in

pytestmark = pytest.mark.slow

PATIENTS = 20
ACTS = ("note", "no answer", "reached", "take", "put off")
LINK_LOST, LINK_BACK = 8, 14
"""Before whom the server goes away, and before whom it is there again."""


class Shift:
    """Kari at her keyboard, and what she has done."""

    def __init__(self, terminal: Tmux) -> None:
        self.terminal = terminal
        self.done: Counter[str] = Counter()
        self.patients: dict[str, str] = {}

    def see_to(self, patient: dict[str, Any], act: str, n: int) -> None:
        """Search for a patient, and do one thing about her."""
        self.terminal.keys("s")
        self.terminal.until("Navn eller nummer")
        self.terminal.type(patient["name"])
        self.terminal.keys("Enter")
        self.terminal.until("1 oversikt", patient["name"].split(",")[0].upper())
        getattr(self, "_" + act.replace(" ", "_"))(f"Vakt nummer {n}")
        self.done[act] += 1
        self.patients[patient["patient"]] = act
        self.terminal.keys("F2")
        self.terminal.until("frist", "pasient")

    def _note(self, text: str) -> None:
        self.terminal.keys("n")
        self.terminal.until("Notat")
        self.terminal.type(text)
        self.terminal.keys("F12")
        self.terminal.until("Notat lagret: ")

    def _no_answer(self, _text: str) -> None:
        self.terminal.keys("k", "i", "Enter")
        self.terminal.until("Kontakt lagret: ")

    def _reached(self, text: str) -> None:
        self.terminal.keys("k", "s")
        self.terminal.type(text)
        self.terminal.keys("Enter")
        self.terminal.until("Kontakt lagret: ")

    def _take(self, _text: str) -> None:
        self.terminal.keys("t")
        self.terminal.until("Tatt: ")

    def _put_off(self, _text: str) -> None:
        self.terminal.keys("u", "i", "s", "Enter")
        self.terminal.until("Utsatt til ")


@pytest.fixture
def centre(tmp_path: Path) -> Server:
    """A server on a simulated centre of its own."""
    database = tmp_path / "server" / "fhir.db"
    database.parent.mkdir(mode=0o700)
    options = ["--patients", "120", "--days", "8", "--seed", "7", "--database", str(database)]
    subprocess.run(
        [*TRIAGE, "server", "simulate", *options],
        env={**os.environ, "TRIAGE_NOW": NOW},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Server(database)


def worklist(kari: Nurse) -> Iterator[tuple[str, dict[str, Any]]]:
    """Act and patient, twenty times: red ones are taken, others put off; notes and calls for anybody."""
    queue, everybody = kari.run("queue", "--json").json, kari.run("patients", "--json").json
    assert isinstance(queue, list) and isinstance(everybody, list)
    names = Counter(each["name"] for each in everybody)
    rows = [row for row in queue if names[row["name"]] == 1]
    red = [row for row in rows if row["band"] == "red"]
    other = [row for row in rows if row["band"] != "red"]
    queued = {row["patient"] for row in queue}
    calm = [one for one in everybody if one["patient"] not in queued and names[one["name"]] == 1]
    each = PATIENTS // len(ACTS)
    about = {"take": iter(red[:each]), "put off": iter(other[:each])}
    anybody = iter([*red[each:], *other[each:], *calm])
    for n in range(PATIENTS):
        act = ACTS[n % len(ACTS)]
        yield act, next(about.get(act, anybody))


def test_a_shift_with_a_lost_link_is_on_the_server_exactly_once(tmp_path: Path, centre: Server) -> None:
    (tmp_path / "passphrase").touch(mode=0o600)
    (tmp_path / "passphrase").write_text("riktig hest batteri stift\n")
    kari = Nurse(tmp_path / "data", tmp_path / "passphrase")
    centre.start()
    try:
        for command in (("setup", "--server", centre.base), ("login", "--user", "kari"), ("sync", "--once")):
            assert kari.run(*command).code == 0
        work = list(worklist(kari))
        assert len({patient["patient"] for _act, patient in work}) == PATIENTS
        with terminal_in(tmp_path) as terminal:
            shift = Shift(terminal)
            settings = {**kari.env(), "TRIAGE_LANG": "nb"}
            said = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items())
            terminal.start(f"env {said} {shlex.join(TRIAGE)}; sleep 60")
            terminal.until("ØVELSE", "fordi", "0 usendt")
            for n, (act, patient) in enumerate(work):
                if n == LINK_LOST:
                    centre.stop()
                if n == LINK_BACK:
                    terminal.until("FRAKOBLET", "usendt (eldste")
                    centre.start()
                    terminal.keys("F5")
                shift.see_to(patient, act, n)
            terminal.keys("F5")
            terminal.until("· 0 usendt")
            terminal.keys("F10")
        status = kari.run("status", "--json").json
        assert isinstance(status, dict)
        assert [status[kept] for kept in ("pending", "parked", "conflicts")] == [0, 0, 0]
        assert kari.run("outbox", "--json").json == []
        on_the_server(centre, shift)
    finally:
        centre.stop()


def on_the_server(centre: Server, shift: Shift) -> None:
    """Each act is there once, by Kari, at whom it was done to."""
    per_act = PATIENTS // len(ACTS)
    assert shift.done == dict.fromkeys(ACTS, per_act)
    texts: Counter[str] = Counter()
    unreached = 0
    for patient in shift.patients:
        for said in centre.get("Communication", patient=patient, sender="Practitioner/demo-kari"):
            text = said.get("payload", [{}])[0].get("contentString", "")
            texts[text] += text.startswith("Vakt nummer")
            unreached += said["status"] == "not-done" and said["sent"] >= "2026-03-03T08:31"
    assert {text: n for text, n in texts.items() if n} == {
        f"Vakt nummer {n}": 1 for n in range(PATIENTS) if ACTS[n % len(ACTS)] in ("note", "reached")
    }
    assert unreached == per_act
    for patient, act in shift.patients.items():
        states = Counter(task["status"] for task in centre.get("Task", patient=patient))
        if act == "take":
            assert states["in-progress"] >= 1 and not states["requested"], (patient, states)
        if act == "put off":
            assert states["on-hold"] == 1, (patient, states)

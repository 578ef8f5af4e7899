"""Every command on a hostile centre: what it prints does nothing, and its JSON is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attacks import ATTACKS, SEEN
from hostile_server import Hostile, place
from population import PATIENTS
from refusing import refusing
from stream import odd_in

from tests.triage_tui.cli.conftest import Nurse, Ran
from tests.triage_tui.cli.in_process import run_here

pytestmark = pytest.mark.slow


def harmless(ran: Ran, *codes: int) -> Ran:
    """The same, once it is sure that nothing in it is obeyed."""
    assert ran.code in (codes or (0,)), ran
    assert list(odd_in((ran.out + ran.err).replace("\n", "").encode())) == [], ran
    assert not set(ran.out + ran.err) & set("\u202e\u2066\u200f\u2028"), ran
    return ran


def patients_of(kari: Nurse) -> list[str]:
    return [each["patient"] for each in json.loads(run_here(kari, "patients", "--json").out)]


@pytest.mark.parametrize("way", [(), ("--plain",), ("--json",)], ids=["text", "plain", "json"])
def test_what_is_read(hostile: Hostile, way: tuple[str, ...]) -> None:
    everybody = patients_of(hostile.kari)
    assert len(everybody) == PATIENTS
    reading = [("queue",), ("patients",), ("outbox",), ("status",), *(("show", one) for one in everybody)]
    told = [harmless(run_here(hostile.kari, *command, *way)).out for command in reading]
    assert SEEN in told[0] and SEEN in told[1]
    if way == ("--json",):
        assert all(json.loads(one) is not None for one in told)


@pytest.mark.parametrize("attack", [ATTACKS[2] + ATTACKS[3], ATTACKS[11]], ids=["terminal", "long"])
def test_what_is_written(hostile: Hostile, attack: str) -> None:
    patient = patients_of(hostile.kari)[0]
    for act in (
        ("note", patient, "--text", "-"),
        ("contact", patient, "--by", "phone", "--result", "reached", "--text", "-"),
        ("message", patient, "--text", "-"),
        ("escalate", patient, "--to", "gp", "--text", "-"),
        ("pause", patient, "--from", "2026-03-03T08:00:00Z", "--reason", "-"),
        ("resume", patient),
    ):
        harmless(run_here(hostile.kari, *act, stdin=attack), 0, 1)
    harmless(run_here(hostile.kari, "show", patient, "--plain"))


def test_what_is_asked_for(hostile: Hostile) -> None:
    """Names of patients, tasks, ops and languages that are attacks; some are patients' names, too."""
    for attack in ATTACKS[:6]:
        for command in (("show", attack), ("take", attack), ("outbox", "retry", attack)):
            harmless(run_here(hostile.kari, *command), 0, 1, 2)
        harmless(hostile.kari.run("--lang", attack, "queue"), 1, 2)


@pytest.mark.parametrize("attack", [" ".join(ATTACKS[:5])], ids=["all"])
def test_what_a_server_answers(hostile: Hostile, tmp_path: Path, attack: str) -> None:
    ola = place(tmp_path)
    with refusing(hostile.server.base, attack) as base:
        for command in (("setup", "--server", base), ("login", "--user", "ola"), ("sync", "--once")):
            harmless(run_here(ola, *command))
        patient = patients_of(ola)[0]
        harmless(run_here(ola, "note", patient, "--text", "hei"), 1, 3)
        for way in ((), ("--plain",), ("--json",)):
            listed = harmless(run_here(ola, "outbox", *way)).out
            assert SEEN in listed
        harmless(run_here(ola, "doctor"), 0, 1)


def test_nothing_of_it_is_in_a_log(hostile: Hostile) -> None:
    files = [path for path in hostile.kari.data_dir.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if SEEN.encode() in path.read_bytes()] == []

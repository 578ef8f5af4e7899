"""The key, the folder, the locale or the clock isn't as usual: said in a sentence, and nothing is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.triage_tui.cli.conftest import TRIAGE, Nurse, Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = tmp_path_factory.mktemp("server") / "fhir.db"
    database.write_bytes(simulated.read_bytes())
    running = Server(database)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def kari(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Nurse:
    home = tmp_path_factory.mktemp("kari")
    passphrase = home / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("riktig hest batteri stift\n")
    kari = Nurse(home / "data", passphrase)
    for command in (("setup", "--server", server.base), ("login", "--user", "kari"), ("sync", "--once")):
        assert kari.run(*command).code == 0
    return kari


def test_a_cache_without_its_key_at_hand_is_locked(kari: Nurse) -> None:
    for named in ("", str(kari.data_dir / "nowhere")):
        ran = kari.run("queue", "--json", TRIAGE_PASSPHRASE_FILE=named)
        assert (ran.code, ran.out) == (4, "")
        assert "Nothing was saved" in ran.err


def test_text_that_is_not_utf8_is_refused_and_not_saved(kari: Nurse) -> None:
    patient = kari.run("patients", "--json").json[0]["patient"]
    for text, stdin in (("-", b"\xff\xfe"), (b"\xff", b"")):
        command: list[str | bytes] = [*TRIAGE, "note", patient, "--text", text, "--json"]
        ran = subprocess.run(command, env=kari.env(), input=stdin, capture_output=True, check=False)
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert b"UTF-8" in ran.stderr
    assert kari.run("outbox", "--json").json == []


def test_a_pipe_gets_utf8_whatever_the_locale(kari: Nurse) -> None:
    plain = kari.run("patients", "--json")
    assert not plain.out.isascii()
    assert kari.run("patients", "--json", PYTHONIOENCODING="ascii").json == plain.json


def test_a_folder_that_cannot_be_written_to_is_named_as_such(kari: Nurse) -> None:
    in_the_way = kari.data_dir / "default" / "cache.db-wal"
    in_the_way.mkdir()
    for command in (("queue",), ("sync", "--once")):
        ran = kari.run(*command, "--json")
        assert (ran.code, ran.out) == (1, "")
        assert "can be written to" in ran.err
    in_the_way.rmdir()


def test_doctor_goes_by_the_clock_of_a_demo_profile(kari: Nurse) -> None:
    ran = kari.run("doctor", "--json")
    assert (ran.code, ran.json["problems"]) == (0, [])


def test_patients_are_found_by_a_number_on_standard_input(server: Server, kari: Nurse) -> None:
    wanted = kari.run("patients", "--json").json[0]
    identifiers = server.get("Patient", _id=wanted["patient"])[0]["identifier"]
    number = next(each["value"] for each in identifiers if "2.16.578.1.12.4.1.4" in each["system"])
    assert kari.run("patients", "-", "--json", stdin=f"{number}\n").json == [wanted]
    assert kari.run("patients", "-", "--json", stdin="13815412345\n").json == []


def test_a_take_that_the_server_has_not_seen_is_shown_as_not_confirmed(server: Server, kari: Nurse) -> None:
    task = kari.run("queue", "--json").json[0]["items"][0]["task"]
    server.stop()
    assert kari.run("take", task).code == 3
    assert "(not confirmed)" in kari.run("queue", "--mine").out
    server.start()
    assert kari.run("sync", "--once").code == 0
    mine = kari.run("queue", "--mine").out
    assert "with Kari" in mine
    assert "(not confirmed)" not in mine

"""The server as a process: start, ports, logins, stop, and what survives."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from followup_server.http.auth import check_mode, is_loopback
from followup_server.http.serve import run
from followup_server.problems import DatabaseRefused, ServeError
from followup_server.storage.database import database_url
from followup_server.storage.store import ResourceStore

NOW = "2026-03-03T08:31:00Z"
KARI = {"Authorization": "Bearer demo-kari"}


def refuse_to_wait(_port: int) -> None:
    raise AssertionError("the server must not start")


@contextmanager
def served(database: Path | str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [
        sys.executable,
        "-m",
        "triage_tui",
        "server",
        "run",
        "--port",
        "0",
        "--database",
        str(database),
    ]
    environment = {**os.environ, "TRIAGE_NOW": NOW}
    with subprocess.Popen(
        [*command, *options], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        try:
            yield process, line.split()[-1]
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_stops_gracefully_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path / "fhir.db") as (process, base):
        answered = httpx.get(f"{base}/metadata", trust_env=False)
        assert answered.headers["date"] == "Tue, 03 Mar 2026 08:31:00 GMT"
        process.send_signal(number)
        assert process.wait(20) == 0


@pytest.mark.slow
def test_what_was_answered_survives_a_kill(database: str) -> None:
    with served(database) as (process, base):
        for at in range(20):
            raw = {"resourceType": "Patient", "id": f"p-{at}"}
            put = httpx.put(f"{base}/Patient/p-{at}", json=raw, headers=KARI, trust_env=False)
            assert put.status_code == 201
        process.kill()
        process.wait(20)
    store = ResourceStore(database, lambda: 0)
    assert store.search("Patient", [("_summary", "count")]).total == 20
    store.close()


@pytest.mark.slow
def test_loaded_files_are_served_judged(tmp_path: Path) -> None:
    observation = {
        "resourceType": "Observation",
        "id": "o-1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": "Patient/p-1"},
        "effectiveDateTime": "2026-03-03T08:00:00Z",
        "valueQuantity": {"value": 93, "system": "http://unitsofmeasure.org", "code": "%"},
    }
    file = tmp_path / "all.ndjson"
    file.write_text("\n".join(map(json.dumps, [{"resourceType": "Patient", "id": "p-1"}, observation])))
    command = [sys.executable, "-m", "triage_tui", "server", "load", str(file)]
    environment = {**os.environ, "TRIAGE_NOW": NOW, "TRIAGE_DATABASE": str(tmp_path / "fhir.db")}

    subprocess.run([*command, "--centre", "Sør"], check=True, env=environment, timeout=60)
    again = subprocess.run([*command, str(tmp_path)], check=False, env=environment, stderr=subprocess.PIPE)

    assert (again.returncode, b"can't be read" in again.stderr) == (1, True)
    with served(tmp_path / "fhir.db") as (_, base):
        tasks = httpx.get(f"{base}/Task?patient=p-1", headers=KARI, trust_env=False).json()
        centre = httpx.get(f"{base}/Organization?name=Sør", headers=KARI, trust_env=False).json()
    assert tasks["total"] == centre["total"] == 1


@pytest.mark.slow
def test_a_server_told_not_to_judge_leaves_that_to_others(tmp_path: Path) -> None:
    raw = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": "Patient/p-1"},
        "effectiveDateTime": "2026-03-03T08:00:00Z",
        "valueQuantity": {"value": 93, "system": "http://unitsofmeasure.org", "code": "%"},
    }
    found = []
    for number, options in enumerate([("--no-judge",), ()]):
        with served(tmp_path / f"{number}.db", *options) as (_, base):
            patient = {"resourceType": "Patient", "id": "p-1"}
            httpx.put(f"{base}/Patient/p-1", json=patient, headers=KARI, trust_env=False)
            httpx.post(f"{base}/Observation", json=raw, headers=KARI, trust_env=False)
            found.append(httpx.get(f"{base}/Task", headers=KARI, trust_env=False).json()["total"])
    assert found == [0, 1]


def test_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} on 127.0.0.1 can't be used"):
            run(tmp_path / "fhir.db", "127.0.0.1", port, "demo", lambda: 0, refuse_to_wait)
    with pytest.raises(ServeError, match="no port 99999"):
        run(tmp_path / "fhir.db", "127.0.0.1", 99999, "demo", lambda: 0, refuse_to_wait)


@pytest.mark.parametrize(
    ("auth", "host", "said"),
    [
        ("none", "0.0.0.0", "for this machine only"),  # noqa: S104
        ("demo", "192.0.2.1", "for this machine only"),
        ("demo", "::", "for this machine only"),
        ("demo", "fhir.example.org", "for this machine only"),
        ("oidc", "127.0.0.1", "OIDC isn't supported yet"),
        ("magic", "127.0.0.1", "no such login"),
    ],
)
def test_logins_that_are_none_stay_on_loopback(auth: str, host: str, said: str) -> None:
    with pytest.raises(ServeError, match=said) as refused:
        check_mode(auth, host)
    assert refused.value.remedy


def test_loopback_has_several_names() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]")))
    assert not any(map(is_loopback, ("", "10.0.0.1", "localhost.example.org", "::ffff:10.0.0.1")))


def test_without_login_everybody_may_write(tmp_path: Path) -> None:
    with served(tmp_path / "fhir.db", "--auth", "none") as (_, base):
        created = httpx.post(f"{base}/Patient", json={"resourceType": "Patient"}, trust_env=False)
        assert created.status_code == 201


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("postgresql+psycopg://u:secret@127.0.0.1:1/fhir", "can't be used"),
        ("postgresql+asyncpg://db/fhir", "asyncpg aren't supported"),
        ("mysql://db/fhir", "mysql aren't supported"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("://", "isn't a database URL"),
    ],
)
def test_databases_that_we_cant_use_are_refused(database: str, said: str) -> None:
    with pytest.raises(DatabaseRefused, match=said) as refused:
        ResourceStore(database, lambda: 0)
    assert refused.value.remedy
    assert "secret" not in f"{refused.value} {refused.value.remedy}"


def test_database_is_a_path_or_a_url(tmp_path: Path) -> None:
    for name in (tmp_path / "a.db", str(tmp_path / "a.db"), f"sqlite:///{tmp_path / 'a.db'}"):
        assert database_url(name).database == str(tmp_path / "a.db")


def test_file_of_something_else_is_refused_and_kept(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear patient, " * 100)

    with pytest.raises(DatabaseRefused, match="can't be used"):
        ResourceStore(other, lambda: 0)
    assert other.read_text() == "Dear patient, " * 100
    with pytest.raises(DatabaseRefused, match=r"can.t be (opened|used)"):
        ResourceStore(tmp_path, lambda: 0)


def test_a_url_of_postgresql_may_leave_out_the_driver() -> None:
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        assert database_url(f"{scheme}://db/fhir").drivername == "postgresql+psycopg"


def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    store = ResourceStore(tmp_path / "fhir.db", lambda: 0)
    assert (tmp_path / "fhir.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "fhir.db-wal").stat().st_mode & 0o777 == 0o600
    store.close()

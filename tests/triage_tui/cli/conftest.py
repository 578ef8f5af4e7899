"""The real command line against the real server: processes, an encrypted store, a fixed clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "screens"))  # for the made-up centre

NOW = "2026-03-03T08:31:00Z"  # a Tuesday, 09:31 in Oslo
TRIAGE = (sys.executable, "-m", "triage_tui")


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


@dataclass(frozen=True)
class Nurse:
    """A profile on this machine, by its data directory and passphrase file."""

    data_dir: Path
    passphrase: Path

    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "TRIAGE_DATA_DIR": str(self.data_dir),
            "TRIAGE_PASSPHRASE_FILE": str(self.passphrase),
            "TRIAGE_LANG": "en",
            "TRIAGE_NOW": NOW,
        }

    def run(self, *args: str, stdin: str | None = None, **more_env: str) -> Ran:
        done = subprocess.run(
            [*TRIAGE, *args],
            env=self.env() | more_env,
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


class Server:
    """A `triage server run` on loopback, which can be stopped and started again on the same port."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.port = 0
        self.auth = "demo"
        self._process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/fhir"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *TRIAGE,
                "server",
                "run",
                "--database",
                str(self.database),
                "--port",
                str(self.port),
                "--auth",
                self.auth,
            ],
            env={**os.environ, "TRIAGE_NOW": NOW, "TRIAGE_LANG": "en"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        self.port = int(said.split(":")[2].split("/")[0])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None

    def get(self, path: str, **params: str) -> list[dict[str, object]]:
        """The resources that a search finds."""
        answer = httpx.get(
            f"{self.base}/{path}",
            params=params,
            headers={"Authorization": "Bearer demo-kari"},
            trust_env=False,
        )
        answer.raise_for_status()
        return [entry["resource"] for entry in answer.json().get("entry", [])]


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small simulated centre."""
    database = tmp_path_factory.mktemp("centre") / "fhir.db"
    options = ["--patients", "30", "--days", "14", "--seed", "7", "--database", str(database)]
    subprocess.run(
        [*TRIAGE, "server", "simulate", *options],
        env={**os.environ, "TRIAGE_NOW": NOW},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return database


@pytest.fixture
def server(simulated: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of its own for the test, on a copy of the simulated centre."""
    database = tmp_path / "server" / "fhir.db"
    database.parent.mkdir(mode=0o700)
    database.write_bytes(simulated.read_bytes())
    running = Server(database)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def nurse(tmp_path: Path) -> Callable[[str], Nurse]:
    """Makes a nurse's place on a machine; the profile is still to be set up."""

    def make(name: str) -> Nurse:
        home = tmp_path / name
        home.mkdir(mode=0o700)
        passphrase = home / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text("riktig hest batteri stift\n")
        return Nurse(home / "data", passphrase)

    return make


@pytest.fixture
def kari(server: Server, nurse: Callable[[str], Nurse]) -> Nurse:
    """Kari, set up, logged in and synced."""
    made = nurse("kari")
    assert made.run("setup", "--server", server.base).code == 0
    assert made.run("login", "--user", "kari").code == 0
    assert made.run("sync", "--once").code == 0
    return made

"""A server in a process of its own, and patients in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from fhir_r4.care_plans import care_plan
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from tests.triage_tui.sync.conftest import DAY, HOUR, PLAN, observation, patient

HOST: Final = "127.0.0.1"


def real_now() -> int:
    """The machine's clock, in milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass
class ServerProcess:
    """`triage server run`, at a port that stays its own."""

    database: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}/fhir"

    def start(self) -> None:
        """Start, or start again; returns when it answers."""
        command = ("server", "run", "--database", str(self.database), "--port", str(self.port))
        self.process = subprocess.Popen(
            (sys.executable, "-m", "triage_tui", *command),
            env={**os.environ, "TRIAGE_LANG": "en"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.port = int(self.process.stderr.readline().split(":")[2].split("/")[0])

    def end(self, *, kill: bool = False) -> None:
        """Stop it gracefully, or not."""
        if self.process is None:
            return
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(30)
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.process = None

    def client(self, login: str = "ingrid", port: int | None = None, timeout: float = 60.0) -> FhirClient:
        """A client, straight or by another port."""
        base = f"http://{HOST}:{port or self.port}/fhir"
        return FhirClient(base, authorization=f"Bearer demo-{login}", timeout=timeout, clock=real_now)

    def add_patients(self, *names: str) -> None:
        """Patients with a plan each, a red alert and a yellow one."""
        now = real_now()
        for name in names:
            plan = care_plan(name, PLAN, title="kols", author="Practitioner/demo-ingrid")
            raws = [patient(name, f"Hansen {name}", "Nils"), {**plan, "id": f"plan-{name}"}]
            raws += [
                _of(name, observation(1, name, 93, now - 2 * DAY)),
                _of(name, observation(2, name, 86, now - HOUR)),
                _of(name, observation(3, name, 118, now - HOUR, "8867-4")),
            ]
            self._put(raws)

    def _put(self, raws: list[Raw]) -> None:
        entries = [
            {"request": {"method": "PUT", "url": f"{raw['resourceType']}/{raw['id']}"}, "resource": raw}
            for raw in raws
        ]
        answer = httpx.post(
            self.base,
            json={"resourceType": "Bundle", "type": "transaction", "entry": entries},
            headers={"Authorization": "Bearer demo-ingrid"},
            trust_env=False,
            timeout=60,
        )
        answer.raise_for_status()


def _of(name: str, raw: Raw) -> Raw:
    device = [{"system": "urn:device", "value": f"{name}-{raw['id']}"}]
    return {**raw, "id": f"{name}-{raw['id']}", "identifier": device}


@contextmanager
def server_process(folder: Path) -> Iterator[ServerProcess]:
    """A server while the block lasts."""
    server = ServerProcess(folder / "server" / "fhir.db")
    server.database.parent.mkdir(mode=0o700, parents=True)
    server.start()
    try:
        yield server
    finally:
        server.end()

"""The hostile centre on a real server, and a nurse who has synced it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "screens"))
sys.path.insert(0, str(Path(__file__).parent))

from attacks import ATTACKS, REFUSED
from population import Raw, hostile_centre

from fhir_r4.raw import encode
from tests.triage_tui.cli.conftest import NOW, Nurse, Server


@dataclass(frozen=True)
class Hostile:
    """The server, and Kari's place on a machine."""

    server: Server
    kari: Nurse


def place(folder: Path) -> Nurse:
    """A nurse's place on a machine; the profile is still to be set up."""
    passphrase = folder / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("riktig hest batteri stift\n")
    return Nurse(folder / "data", passphrase)


def put(client: httpx.Client, raw: Raw) -> httpx.Response:
    return client.put(f"/{raw['resourceType']}/{raw['id']}", content=encode(raw))


def post_all(server: Server) -> None:
    """Everything in batches; whatever is refused is refused by a plain outcome, and must be nothing."""
    headers = {"Authorization": "Bearer demo-device", "Content-Type": "application/fhir+json"}
    with httpx.Client(base_url=server.base, headers=headers, trust_env=False, timeout=60) as client:
        raws = hostile_centre(NOW)
        for start in range(0, len(raws), 100):
            entries = [
                {"resource": raw, "request": {"method": "PUT", "url": f"{raw['resourceType']}/{raw['id']}"}}
                for raw in raws[start : start + 100]
            ]
            batch = encode({"resourceType": "Bundle", "type": "batch", "entry": entries})
            answer = client.post(server.base, content=batch)
            assert answer.status_code == 200, answer.text
            refused = [
                one["response"]
                for one in answer.json()["entry"]
                if not one["response"]["status"].startswith("2")
            ]
            assert refused == []
        patient = next(raw for raw in raws if raw["resourceType"] == "Patient")
        nul = {**patient, "id": "nul", "name": [{"family": REFUSED, "given": [ATTACKS[0]]}]}
        assert put(client, nul).status_code in (400, 422)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """A server with the hostile centre; Kari is set up, logged in and synced."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "server").mkdir(mode=0o700)
    server = Server(folder / "server" / "fhir.db")
    server.start()
    try:
        post_all(server)
        kari = place(folder)
        for command in (("setup", "--server", server.base), ("login", "--user", "kari"), ("sync", "--once")):
            ran = kari.run(*command)
            assert ran.code == 0, ran.err
        yield Hostile(server, kari)
    finally:
        server.stop()

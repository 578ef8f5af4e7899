"""A real server with the hostile centre, and places for nurses on it. Not a test file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx
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

"""A nurse's work by the command line on a FHIR server that isn't ours, judged from beside: all of it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.triage_tui.cli.conftest import Nurse

pytestmark = [pytest.mark.slow, pytest.mark.proof]


class RealNurse(Nurse):
    """One whose clock is the machine's, since that server's is too."""

    def env(self) -> dict[str, str]:
        return {name: value for name, value in super().env().items() if name != "TRIAGE_NOW"}


@pytest.fixture
def kari(medplum: str, tmp_path: Path) -> RealNurse:
    """Kari, set up on Medplum's router over a simulated centre that has been judged once."""
    passphrase = tmp_path / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("riktig hest batteri stift\n")
    made = RealNurse(tmp_path / "data", passphrase)
    simulated = ("--patients", "12", "--days", "5", "--seed", "7", "--server", medplum)
    for command in (
        ("server", "simulate", *simulated),
        ("judge", "--once", "--server", medplum),
        ("setup", "--server", medplum),
        ("login", "--user", "kari"),
        ("sync", "--once"),
    ):
        ran = made.run(*command)
        assert ran.code == 0, ran.err
    return made


@pytest.fixture
def found(medplum: str) -> Callable[..., list[dict[str, Any]]]:
    """Asks the server, past the console."""

    def ask(kind: str, **params: str) -> list[dict[str, Any]]:
        answer = httpx.get(f"{medplum}/{kind}", params={"_count": "1000", **params}, trust_env=False)
        return [entry["resource"] for entry in answer.json().get("entry", [])]

    return ask


def test_a_nurses_work_is_on_anothers_server_once(
    medplum: str, kari: RealNurse, found: Callable[..., list[dict[str, Any]]]
) -> None:
    row: Any
    row, *_ = kari.run("queue", "--json").json  # type: ignore[misc]
    task, patient = row["items"][0]["task"], row["patient"]

    did = [
        kari.run("take", task, "--json"),
        kari.run("note", patient, "--text", "-", "--json", stdin="Tungpust siden søndag"),
        kari.run("contact", patient, "--by", "phone", "--result", "no-answer", "--json"),
        kari.run(
            "contact", patient, "--by", "phone", "--result", "reached", "--text", "-", "--json", stdin="Bedre"
        ),
        kari.run("complete", task, "--outcome", "contacted", "--json"),
    ]
    assert [(ran.code, ran.err) for ran in did if ran.code != 0] == []
    for _ in range(2):
        assert kari.run("judge", "--once", "--server", medplum).code == 0
        assert kari.run("sync", "--once").code == 0

    ops = [ran.json["op"] for ran in did]  # type: ignore[index]
    for op in ops[1:4]:
        assert len(found("Communication", identifier=f"urn:uuid:{op}")) == 1
    (closed,) = found("Task", identifier=f"urn:uuid:{task}")
    assert (closed["status"], closed["businessStatus"]["coding"][0]["code"]) == ("completed", "contacted")
    for kind in ("Task", "Communication", "DetectedIssue"):
        named = Counter(one["value"] for raw in found(kind) for one in raw.get("identifier", ()))
        assert [value for value, times in named.items() if times > 1] == [], kind
    assert kari.run("outbox", "--json").json == []
    status: Any = kari.run("status", "--json").json
    assert (status["pending"], status["parked"], status["conflicts"]) == (0, 0, 0)

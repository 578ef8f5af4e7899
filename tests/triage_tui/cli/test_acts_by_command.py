"""The rarer acts from the command line, against the real server: each reaches it once, as it is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.triage_tui.cli.conftest import NOW, Nurse, Server

pytestmark = pytest.mark.slow


def done(nurse: Nurse, *args: str) -> tuple[str, str]:
    """The op of an act that reached the server, and what was said on standard error."""
    ran = nurse.run(*args, "--json")
    assert (ran.code, ran.json["state"]) == (0, "sent"), ran.err
    return str(ran.json["op"]), ran.err


def by_op(server: Server, kind: str, op: str) -> dict[str, Any]:
    [found] = server.get(kind, identifier=f"urn:uuid:{op}")
    return found


def test_each_act_reaches_the_server_and_says_whom_it_was_done_to(server: Server, kari: Nurse) -> None:
    row = kari.run("queue", "--json").json[0]
    patient, name = row["patient"], row["name"]

    op, said = done(kari, "reading", patient, "--code", "temperature", "--value", "37,9", "--at", NOW)
    assert "37.9 °C" in said and name in said and "born" in said
    reading = by_op(server, "Observation", op)
    assert reading["effectiveDateTime"] == "2026-03-03T08:31:00.000Z"
    shown = kari.run("show", patient, "--json").json
    told = next(one for one in shown["readings"] if op in one["id"])
    done(kari, "reading-error", told["id"], "--reason", "Hørte feil")
    assert by_op(server, "Observation", op)["status"] == "entered-in-error"

    op, _said = done(kari, "escalate", patient, "--to", "gp")
    request = by_op(server, "ServiceRequest", op)
    assert request["note"][0]["text"].startswith("I: Kari")
    tasks = server.get("Task", patient=patient, code="http://triage-tui.org/fhir/work|escalation")
    assert f"ServiceRequest/{request['id']}" in [one["focus"]["reference"] for one in tasks]

    done(kari, "pause", patient, "--from", NOW, "--reason", "Innlagt")
    assert "Innlagt" in str(server.get("CarePlan", patient=patient))

    piped = kari.run("message", patient, "--text", "-", "--json", stdin="Vi ringer i dåg.\n")
    assert (piped.code, piped.json["state"]) == (0, "sent"), piped.err
    op = piped.json["op"]
    assert by_op(server, "Communication", op)["payload"] == [{"contentString": "Vi ringer i dåg."}]
    newer, _said = done(kari, "correct", op, "--text", "Vi ringer i morgen.")
    assert op in str(by_op(server, "Communication", newer)["extension"])

    assert kari.run("reading", patient, "--code", "spo2", "--value", "åtti").code == 2
    assert kari.run("resume", "nobody").code == 1

"""A nurse's day from the command line, against the real server: queue, acts, offline, back again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from tests.triage_tui.cli.conftest import Nurse, Server

pytestmark = pytest.mark.slow


def first_row(nurse: Nurse) -> dict[str, object]:
    rows = nurse.run("queue", "--json").json
    assert isinstance(rows, list) and rows
    return rows[0]


def test_queue_is_in_order_and_each_row_says_why(kari: Nurse) -> None:
    rows = kari.run("queue", "--json").json
    assert isinstance(rows, list)
    bands = [row["band"] for row in rows]
    assert bands == sorted(bands, key=["red", "yellow", "blue"].index)
    assert "red" in bands
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["why"] and row["items"] for row in rows)
    only_red = kari.run("queue", "--json", "--band", "red", "--limit", "1").json
    assert only_red == rows[:1]


def test_note_contact_and_completion_reach_the_server_once(server: Server, kari: Nurse) -> None:
    row = first_row(kari)
    task, patient = row["items"][0]["task"], row["patient"]
    assert kari.run("take", task, "--json").json["state"] == "sent"
    note = kari.run("note", patient, "--text", "Tungpust siden søndag", "--json")
    assert (note.code, note.json["state"]) == (0, "sent")
    assert row["name"] in note.err
    reached = kari.run("contact", patient, "--by", "phone", "--result", "reached", "--text", "snakket med")
    assert reached.code == 0
    done = kari.run("complete", task, "--outcome", "contacted")
    assert done.code == 0, done.err
    said = server.get("Communication", patient=patient, identifier=f"urn:uuid:{note.json['op']}")
    assert [each["payload"][0]["contentString"] for each in said] == ["Tungpust siden søndag"]
    closed = server.get("Task", identifier=f"urn:uuid:{task}")
    assert [each["status"] for each in closed] == ["completed"]


def test_acts_without_a_server_wait_and_arrive_once(server: Server, kari: Nurse) -> None:
    row = first_row(kari)
    task, patient = row["items"][0]["task"], row["patient"]
    server.stop()
    ops = []
    for args in (
        ("take", task),
        ("note", patient, "--text", "uten dekning"),
        ("contact", patient, "--by", "phone", "--result", "no-answer"),
    ):
        ran = kari.run(*args, "--json")
        assert (ran.code, ran.json["state"]) == (3, "pending"), ran.err
        ops.append(ran.json["op"])
    status = kari.run("status", "--json").json
    assert status["pending"] >= 3
    assert not status["online"]
    assert kari.run("sync", "--once").code == 3
    server.start()
    assert kari.run("sync", "--once").code == 0
    assert kari.run("sync", "--once").code == 0
    assert kari.run("status", "--json").json["pending"] == 0
    for op in ops[1:]:
        assert len(server.get("Communication", identifier=f"urn:uuid:{op}")) == 1
    taken = server.get("Task", identifier=f"urn:uuid:{task}")
    assert taken[0]["status"] == "in-progress"


def test_a_colleague_sees_who_has_the_patient(
    server: Server, kari: Nurse, nurse: Callable[[str], Nurse]
) -> None:
    row = first_row(kari)
    assert kari.run("take", row["items"][0]["task"]).code == 0
    ola = nurse("ola")
    assert ola.run("setup", "--server", server.base).code == 0
    assert ola.run("login", "--user", "ola").code == 0
    assert ola.run("sync", "--once").code == 0
    seen = [each for each in ola.run("queue", "--json").json if each["patient"] == row["patient"]]
    assert [each["owner"] for each in seen] == ["kari"]
    refused = ola.run("complete", row["items"][0]["task"], "--outcome", "contacted")
    assert refused.code == 1
    assert "takeover" in refused.err


def test_nothing_readable_lies_on_the_disk(kari: Nurse) -> None:
    names = {row["name"].split(",")[0] for row in kari.run("patients", "--json").json}
    files = [path for path in kari.data_dir.rglob("*") if path.is_file()]
    assert files
    for path in files:
        held = path.read_bytes()
        assert not [name for name in names if name.encode() in held], path
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(next(kari.data_dir.rglob("*.db"))).execute("SELECT * FROM sqlite_master")


def test_show_gives_plan_items_and_readings(kari: Nurse) -> None:
    row = first_row(kari)
    shown = kari.run("show", row["patient"], "--json").json
    assert shown["name"] == row["name"]
    assert shown["plan"]["zones"]
    assert {item["task"] for item in row["items"]} <= {item["task"] for item in shown["items"]}
    assert all(reading["effective"].endswith("Z") for reading in shown["readings"])

"""`triage engine what-if`: on a real cache, and what is said of input that can't be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.triage_tui.cli.conftest import Nurse, Server
from triage_tui.cli.commands import app
from triage_tui.cli.explain import explain
from triage_tui.cli.failure import ExitCode, Failure, UsageFailure

Json = dict[str, object]


def refused(*args: str, stdin: str | bytes = "") -> Failure:
    """How a call ends that never gets as far as a profile."""
    done = CliRunner().invoke(app, ["--lang", "en", "engine", "what-if", *args], input=stdin)
    assert done.stdout == ""
    assert isinstance(done.exception, Failure)
    return done.exception


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "--set: not JSON: "),
        ("", "--set: not JSON: "),
        ("[]", "--set: must be an object of rules by id"),
        ('{"low": 5}', "--set: low: must be an object of members, or null"),
        ('{"low": {}, "low": null}', "--set: low: is given twice"),
        ('{"low": {"red_below": NaN}}', "--set: not JSON: NaN is not a number"),
        ('{"low": {"id": "other"}}', "--set: low.id: must be the rule's own id"),
        ('{"low\x1b[2J": 5}', "--set: not JSON: "),
        ('{"low\\u001b[2J": 5}', "--set: low␛[2J: must be an object"),
        ('{"a":' * 9000, "--set: not JSON that can be read: nested too deeply"),
        ("{\udcff}", "--set: not JSON: not UTF-8"),
    ],
)
def test_what_is_no_change_is_wrong_usage_with_its_place(text: str, said: str) -> None:
    failure = refused("p1", "--set", text)

    assert isinstance(failure, UsageFailure)
    assert str(failure).startswith(said)
    assert "null takes a member away" in str(failure)


def test_one_patient_or_all_is_asked_for() -> None:
    assert refused("--set", "{}").code == ExitCode.USAGE
    assert refused("p1", "--all", "--set", "{}").code == ExitCode.USAGE
    assert refused("-", "--set", "-", stdin="1\n{}").code == ExitCode.USAGE


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in (tmp_path / "none.json", tmp_path):
        failure = refused("p1", "--set", f"@{name}")
        assert failure.code == ExitCode.FAILED
        assert str(failure).startswith(str(name))
    assert str(refused("p1", "--set", "@a\x00b")).startswith("a␀b can't be read (embedded null byte)")


def test_changes_come_from_standard_input_and_from_files(tmp_path: Path) -> None:
    file = tmp_path / "changes.json"
    file.write_text("[1]")
    assert "must be an object" in str(refused("p1", "--set", f"@{file}"))
    assert "must be an object" in str(refused("--all", "--set", "-", stdin="[1]"))
    assert "not UTF-8" in str(refused("--all", "--set", "-", stdin=b"\xff"))


def audited(nurse: Nurse) -> int:
    return int(nurse.run("status", "--json").json["audit_pending"])


@pytest.mark.slow
def test_limits_are_tried_offline_on_one_and_on_all(server: Server, kari: Nurse, tmp_path: Path) -> None:
    server.stop()
    change = {"spo2-low": {"need": 1, "of": None}}
    written = tmp_path / "change.json"
    written.write_text(json.dumps(change))
    logged = audited(kari)

    ran = kari.run("engine", "what-if", "--all", "--set", f"@{written}", "--json")

    assert (ran.code, ran.err) == (0, "")
    everybody = ran.json
    assert everybody["patients"] > 0
    assert everybody["without"] > 0
    assert everybody["patients"] + everybody["without"] + everybody["planless"] == 30
    (changed,) = [rule for rule in everybody["rules"] if rule["changed"]]
    assert changed["rule"] == "spo2-low"
    before, after = (sum(changed[side].values()) for side in ("before", "after"))
    assert before - len(everybody["gone"]) - len(everybody["merged"]) == (
        after - len(everybody["come"]) - len(everybody["split"])
    )
    assert after > before
    assert audited(kari) == logged + 1

    patient = everybody["come"][0]["patient"]
    alone = kari.run("engine", "what-if", patient, "--set", "-", "--json", stdin=json.dumps(change)).json
    assert alone["patient"] == patient
    for name in ("gone", "come", "moved"):
        assert alone[name] == [
            one for one in everybody[name] if (one.get("before") or one)["patient"] == patient
        ]
    assert audited(kari) == logged + 2

    said = kari.run("engine", "what-if", patient, "--set", json.dumps(change), "--days", "7")
    assert said.code == 0
    assert "* spo2-low" in said.out
    assert "as it is" in said.out


@pytest.mark.slow
def test_what_cannot_be_tried_is_one_sentence_with_path_and_remedy(kari: Nurse) -> None:
    patient = kari.run("queue", "--json").json[0]["patient"]

    def fails(*args: str, stdin: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(app, ["engine", "what-if", *args], input=stdin, env=kari.env())
        assert done.stdout == ""
        assert isinstance(done.exception, Exception)
        if isinstance(done.exception, Failure):
            return int(done.exception.code), str(done.exception)
        sentence, code = explain(done.exception)
        return int(code), sentence

    code, said = fails(patient, "--set", '{"lwo": {"red_below": 80}}')
    assert code == 1
    assert "lwo: no rule of that id is in force. Those in force: " in said
    code, said = fails("--all", "--set", '{"spo2-low": {"yellow_below": "90"}}')
    assert code == 1
    assert "].yellow_below: must be a number" in said
    assert "Change what is tried at the place named." in said
    code, said = fails("--all", "--set", '{"lwo": null}')
    assert (code, "The rules in force are: " in said) == (1, True)
    for nobody in ("nobody", "a\x1b[2J"):
        code, said = fails(nobody, "--set", "{}")
        assert (code, "No patient matches" in said) == (1, True)
    assert fails("-", "--set", "{}", stdin="13815400216\n")[0] == 1
    assert fails("138154 00216", "--set", "{}")[0] == 2
    ran = kari.run("engine", "what-if", "--all", "--set", '{"spo2-low": {"need": 0}}')
    assert (ran.code, ran.out, len(ran.err.strip().splitlines())) == (1, "", 1)


@pytest.mark.slow
def test_without_a_profile_it_says_so(tmp_path: Path) -> None:
    ran = Nurse(tmp_path / "none", tmp_path / "none").run("engine", "what-if", "--all", "--set", "{}")
    assert (ran.code, ran.out) == (1, "")
    assert "There is no profile" in ran.err

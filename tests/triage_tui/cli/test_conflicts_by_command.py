"""Shelving, reopening, the outbox and conflicts from the command line, two nurses on one real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.triage_tui.cli.conftest import Nurse, Ran, Server
from tests.triage_tui.cli.in_process import run_here
from triage_tui.wording import use_language

pytestmark = pytest.mark.slow
Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def language_after() -> Iterator[None]:
    yield
    use_language("nb")


@pytest.fixture
def at_work(server: Server, nurse: Callable[[str], Nurse]) -> Callable[..., Run]:
    """Makes a nurse's commands, set up and logged in."""

    def make(login: str) -> Run:
        made = nurse(login)

        def run(*args: str, stdin: str = "", **more_env: str) -> Ran:
            return run_here(made, *args, stdin=stdin, **more_env)

        assert run("setup", "--server", server.base).code == 0
        assert run("login", "--user", login).code == 0
        return run

    return make


def rows(run: Run) -> list[dict[str, list[dict[str, str]]]]:
    found = run("queue", "--json").json
    assert isinstance(found, list)
    return found


def first(run: Run, band: str) -> str:
    """The first task of a band that stands first in its row."""
    return next(row["items"][0]["task"] for row in rows(run) if row["items"][0]["band"] == band)


def test_two_nurses_settle_what_they_did_at_once(server: Server, at_work: Callable[..., Run]) -> None:
    kari, ola = at_work("kari"), at_work("ola")
    for one in (kari, ola):
        assert one("sync", "--once").code == 0
    red, blue = first(kari, "red"), first(kari, "blue")
    server.stop()
    assert kari("take", red).code == 3
    closed = kari("complete", blue, "--outcome", "no-action", "--note", "sett på", "--json").json
    server.start()
    assert ola("take", red).code == 0
    assert ola("complete", blue, "--outcome", "technical-fixed").code == 0
    assert kari("sync", "--once").code == 1

    told = kari("conflicts", "--json").json
    assert [(row["act"], row["state"]) for row in told] == [("take", "conflict"), ("complete", "conflict")]
    assert told[0]["answer"].startswith("Ola Hansen has taken it meanwhile.")
    assert kari("conflicts", "--json", TRIAGE_LANG="nb").json[0]["answer"].startswith("Ola Hansen har tatt")
    plain = kari("conflicts").out
    assert "theirs: " in plain and "sett på" in plain and plain.endswith("2 in conflict\n")
    assert "2 unsent" in kari("status").out

    kept = kari("resolve", told[0]["op"], "keep-mine", "--json")
    assert (kept.code, kept.json) == (0, {"op": told[0]["op"], "state": "sent"})
    dropped = kari("resolve", closed["op"][:13], "keep-theirs", "--json")
    assert (dropped.code, dropped.json) == (0, {"op": closed["op"], "state": "withdrawn"})

    assert kari("outbox", "--json").json == [] and kari("sync", "--once").code == 0
    (taken,) = server.get("Task", identifier=f"urn:uuid:{red}")
    assert taken["owner"] == {"reference": "Practitioner/demo-kari"}
    (done,) = server.get("Task", identifier=f"urn:uuid:{blue}")
    assert "technical-fixed" in str(done["businessStatus"])
    again = kari("resolve", told[0]["op"], "keep-mine")
    assert again.code == 1 and "isn't in conflict" in again.err


def test_putting_off_reopening_and_taking_back(server: Server, at_work: Callable[..., Run]) -> None:
    kari = at_work("kari")
    assert kari("sync", "--once").code == 0
    red, blue = first(kari, "red"), first(kari, "blue")
    refused = kari("shelve", red, "--until", "2026-03-03T14:00:00Z", "--reason", "venter")
    assert refused.code == 1 and "Ring, or escalate" in refused.err
    late = kari("shelve", blue, "--until", "2026-03-06T14:00:00Z", "--reason", "venter")
    assert late.code == 1 and "15:30 at the latest" in late.err
    shelved = kari("shelve", blue, "--until", "2026-03-04T07:00:00Z", "--reason", "venter", "--json")
    assert (shelved.code, shelved.json["state"]) == (0, "sent")
    assert blue not in str(rows(kari))
    (held,) = server.get("Task", identifier=f"urn:uuid:{blue}")
    assert (held["status"], held["statusReason"]) == ("on-hold", {"text": "venter"})

    assert kari("complete", blue, "--outcome", "no-action").code == 0
    reopened = kari("reopen", blue, "--json")
    assert (reopened.code, reopened.json["state"]) == (0, "sent")
    (new,) = server.get("Task", identifier=f"urn:uuid:{reopened.json['op']}")
    assert new["status"] == "requested" and f"Task/{held['id']}" in str(new["partOf"])
    assert reopened.json["op"] in str(rows(kari))

    server.stop()
    patient = str(rows(kari)[0]["patient"])
    note = kari("note", patient, "--text", "feil pasient", "--json").json["op"]
    listed = kari("outbox", "--json").json
    assert [(one["op"], one["act"], one["state"], one["answer"]) for one in listed] == [
        (note, "note", "pending", None)
    ]
    tried = kari("outbox", "retry", note, "--json")
    assert (tried.code, tried.json) == (3, {"op": note, "state": "pending"})
    gone = kari("outbox", "withdraw", note, "--reason", "-", "--json", stdin="feil pasient")
    assert (gone.code, gone.json) == (0, {"op": note, "state": "withdrawn"})
    assert kari("outbox", "withdraw", note).code == 1
    assert kari("outbox", "retry", "nonsense").code == 1
    server.start()
    assert kari("sync", "--once").code == 0
    assert server.get("Communication", identifier=f"urn:uuid:{note}") == []


def test_reasons_are_not_taken_from_the_command_line_outside_demo_profiles(
    server: Server, at_work: Callable[..., Run]
) -> None:
    server.stop()
    server.auth = "none"
    server.start()
    kari = at_work("kari")
    shelve = ("shelve", "x", "--until", "2036-03-04T07:00:00Z", "--reason")

    assert kari(*shelve, "venter på fastlegen").code == 2
    assert kari(*shelve, "-", stdin="venter på fastlegen").code == 1  # there is no such task
    assert kari("outbox", "withdraw", "x", "--reason", "feil").code == 2
    assert kari("outbox", "retry", "x", "--text", "feil").code == 2

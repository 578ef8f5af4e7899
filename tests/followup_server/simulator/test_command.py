"""`triage server simulate`, as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from followup_server.storage.store import ResourceStore
from triage_tui.cli.simulate_command import simulate

NOW = "2026-03-03T08:31:00Z"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("TRIAGE_NOW", NOW)
    monkeypatch.delenv("TRIAGE_DATABASE", raising=False)
    app = typer.Typer()
    app.command()(simulate)
    return app


def open_tasks(database: Path) -> dict[str, str]:
    store = ResourceStore(database, lambda: 0)
    try:
        page = store.search("Task", [("status", "requested"), ("_count", "1000")])
        return {str(stored.raw["id"]): str(stored.raw["priority"]) for stored in page.matches}
    finally:
        store.close()


def test_a_morning_with_red_is_put_into_the_database_named(command: typer.Typer, tmp_path: Path) -> None:
    options = ["--patients", "80", "--days", "14", "--seed", "7", "--database", str(tmp_path / "fhir.db")]
    assert CliRunner().invoke(command, options).exit_code == 0
    assert "stat" in open_tasks(tmp_path / "fhir.db").values()


def test_until_now_and_until_that_instant_are_the_same(command: typer.Typer, tmp_path: Path) -> None:
    options = ["--patients", "20", "--days", "5", "--seed", "3", "--database"]
    CliRunner().invoke(command, [*options, str(tmp_path / "now.db")], catch_exceptions=False)
    CliRunner().invoke(command, [*options, str(tmp_path / "then.db"), "--until", NOW], catch_exceptions=False)
    assert open_tasks(tmp_path / "now.db") == open_tasks(tmp_path / "then.db")


def test_the_database_can_be_named_by_the_environment(
    command: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_DATABASE", str(tmp_path / "named.db"))
    assert CliRunner().invoke(command, ["--patients", "1", "--days", "1"]).exit_code == 0
    assert (tmp_path / "named.db").exists()


def test_what_is_no_instant_is_wrong_usage(command: typer.Typer, tmp_path: Path) -> None:
    options = ["--until", "yesterday", "--database", str(tmp_path / "fhir.db")]
    assert CliRunner().invoke(command, options).exit_code == 2
    assert not (tmp_path / "fhir.db").exists()

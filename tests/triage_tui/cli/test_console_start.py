"""`triage` without a command opens the console by the same global options as the commands read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from triage_tui.cli.console_start import only_global_options


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRIAGE_DATA_DIR", "TRIAGE_PROFILE", "TRIAGE_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], {}),
        (["--lang", "en"], {"--lang": "en"}),
        (["--data-dir=a b", "--profile", "vakt"], {"--data-dir": "a b", "--profile": "vakt"}),
        (["--lang="], {"--lang": ""}),
    ],
)
def test_global_options_alone_open_the_console(arguments: list[str], options: dict[str, str]) -> None:
    assert only_global_options(arguments) == options


@pytest.mark.parametrize(
    "arguments", [["queue"], ["--lang", "en", "queue"], ["--help"], ["--lang"], ["-x"], ["--nonsense", "1"]]
)
def test_everything_else_is_for_the_commands(arguments: list[str]) -> None:
    assert only_global_options(arguments) is None


def test_variables_stand_in_for_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_PROFILE", "vakt")
    monkeypatch.setenv("TRIAGE_LANG", "nb")
    assert only_global_options(["--lang", "en"]) == {"--profile": "vakt", "--lang": "en"}


def test_neither_store_nor_client_nor_commands_load_before_the_first_paint() -> None:
    heavy = "sqlmodel sqlalchemy httpx typer keyring cryptography fhir_r4 local_store.store"
    script = (
        "import sys, triage_tui.app, triage_tui.cli.console_command, triage_tui.cli.console_start\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_first_rows_do_not_need_is_loaded_after_them() -> None:
    later = "httpx typer click fhir_r4.client triage_tui.sync.worker triage_tui.acts.note numpy"
    script = (
        "import sys, triage_tui.app, triage_tui.screens.navigation, triage_tui.cli.console_session\n"
        f"print([name for name in {later.split()!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

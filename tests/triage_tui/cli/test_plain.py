"""`--plain`: one fact a line, and nothing that is drawn rather than written."""

from __future__ import annotations

import contextvars
import subprocess

import pytest
from made_up_chart import made_up_chart
from practice_centre import NOW, PersonLine, nils, others, patient, queue

from tests.triage_tui.cli.conftest import TRIAGE
from triage_tui.cli.as_text import one_fact_a_line, print_patient, print_people, print_queue
from triage_tui.wording import use_language

DRAWN = [(0x2500, 0x259F), (0x2800, 0x28FF)]
"""Lines, blocks, braille dots."""


def plainly() -> None:
    use_language("nb")
    one_fact_a_line()
    view = queue([nils(), *others()])
    print_queue(view, view.entries)
    print_people([PersonLine(entry.person, NOW, "Kols") for entry in view.entries], NOW)
    print_patient(patient(nils()), made_up_chart(), NOW)


def test_each_fact_stands_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    contextvars.copy_context().run(plainly)
    said = capsys.readouterr().out
    assert " · " not in said
    assert not any(low <= ord(character) <= high for character in said for low, high in DRAWN)
    lines = said.splitlines()
    assert "Hansen, Nils" in lines and "72 år" in lines
    assert not any(line.startswith(" ") for line in lines)


@pytest.mark.parametrize("command", ["queue", "patients", "show x", "outbox", "status"])
def test_every_command_that_reads_has_it_and_refuses_it_beside_json(command: str) -> None:
    done = subprocess.run(
        [*TRIAGE, *command.split(), "--plain", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--plain" in done.stderr

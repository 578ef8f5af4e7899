"""`triage report`, on a simulated centre behind a real server."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.triage_tui.cli.conftest import Nurse
from tests.triage_tui.cli.in_process import run_here

pytestmark = pytest.mark.slow


def test_a_handover_tells_of_the_whole_queue_and_the_log_knows_it(kari: Nurse) -> None:
    queue = run_here(kari, "queue", "--json").json
    ran = run_here(kari, "report", "handover", "--format", "json")
    told = ran.json
    listed = [row["patient"] for key in ("open", "taken") for row in told["sections"][key]]
    assert ran.code == 0 and set(listed) == {row["patient"] for row in queue}


def test_it_goes_into_a_new_file_that_is_hers_alone(kari: Nurse, tmp_path: Path) -> None:
    file = tmp_path / "vakt.csv"
    assert run_here(kari, "report", "handover", "--format", "csv", "--output", str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.read_text().startswith("section,patient,name")
    again = run_here(kari, "report", "handover", "--output", str(file))
    assert again.code == 1 and "is there already" in again.err


def test_the_other_reports_and_what_is_no_time(kari: Nurse) -> None:
    load = run_here(kari, "report", "alarms", "--format", "json").json["sections"]["load"]
    assert load[0]["number"] == "alarms" and load[0]["value"] > 0
    assert "| " in run_here(kari, "report", "indicators", "--format", "md").out
    assert run_here(kari, "report", "alarms", "--from", "i går").code == 2
    late = run_here(
        kari, "report", "alarms", "--from", "2026-03-03T08:00:00Z", "--to", "2026-03-02T08:00:00Z"
    )
    assert late.code == 2 and "--from has to be before --to" in late.err

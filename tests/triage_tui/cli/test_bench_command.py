"""`triage engine bench`: both ways of judging are timed and compared."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.triage_tui.cli.conftest import TRIAGE

pytestmark = pytest.mark.slow


def test_both_ways_are_timed_on_the_same_readings_and_give_the_same_episodes() -> None:
    command = [*TRIAGE, "engine", "bench", "--patients", "8", "--days", "60", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert found["equal"] is True
    assert 3.0 <= found["readings"] / (8 * 60) <= 3.6
    assert found["episodes"] > 0
    assert min(found["streaming_ns_per_reading"], found["batch_ns_per_reading"]) > 0

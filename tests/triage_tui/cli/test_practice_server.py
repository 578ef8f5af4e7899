"""The practice centre's embedded server ends with the console, however the console ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

_CONSOLE = """
import sys
from pathlib import Path
from triage_tui.cli.practice import _server
with _server(Path(sys.argv[1]), 0) as base:
    print(base, flush=True)
    sys.stdin.read()
"""


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/metadata", timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_stops_when_its_console_is_killed(tmp_path: Path, way: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CONSOLE, str(tmp_path / "fhir.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as console:
        assert console.stdout is not None
        base = console.stdout.readline().strip()
        assert _answers(base)

        console.send_signal(way)
        console.wait(10)

    end = time.monotonic() + 20
    while _answers(base):
        assert time.monotonic() < end, "the server goes on without its console"

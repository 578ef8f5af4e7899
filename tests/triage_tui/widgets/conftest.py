"""Views in memory for the widgets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "screens"))


@pytest.fixture(autouse=True)
def no_idle_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot sleeps 20 ms after each key to see whether the process idles; a few are enough."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)

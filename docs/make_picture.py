"""Draws docs/queue.svg: the real queue screen on a simulated centre, at a fixed instant.

Run it with `make picture` after the queue screen has changed, and look at the picture.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from triage_tui.app import TriageApp
from triage_tui.cli.console_session import ConsoleSession
from triage_tui.cli.opening import of_store
from triage_tui.cli.practice import start_practice
from triage_tui.sync.round import sync_once

PICTURE = Path(__file__).parent / "queue.svg"
AT = "2026-03-03T08:31:00Z"


async def draw() -> None:
    """Open the console on a small simulated centre, wait for its queue, and save what it shows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_practice(Path(folder), patients=200, days=30, seed=3, kept=False) as practice,
        practice.open_store() as store,
    ):
        opened = of_store(store, practice.settings)
        with opened.client() as client:
            sync_once(store, client, opened.clock)
        app = TriageApp(lambda: ConsoleSession(opened, practice.open_store, lambda _state: None))
        async with app.run_test(size=(120, 34)) as pilot:
            for _ in range(2):  # opening the session, then reading the queue
                await app.workers.wait_for_complete()
                await pilot.pause()
            PICTURE.write_text(without_fonts(app.export_screenshot(title="triage")), encoding="utf-8")


def without_fonts(svg: str) -> str:
    """A picture that fetches nothing: the reader's own monospace font serves."""
    return re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    os.environ["TRIAGE_NOW"] = AT
    asyncio.run(draw())

"""What the console costs on a real profile: rows, keys and memory, as ratios to an empty Textual app.

    python benchmarks/console.py [--patients N] [--folder DIR] [--rounds N]

A practice centre is made in `--folder` (kept, and used again) or a temporary one; its server doesn't run.
`rows_ratio`: from the start until the first reason in words stands there. `key_ratio`: from a key until the
first byte of what it changes, once the console is at rest. `fill_ratio`: filling the queue's list with 50,000
rows over filling Textual's own table with 500. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import _centre
import first_paint
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from local_store.views import QueueEntry, QueueView
from triage_tui.cli.opening import opened
from triage_tui.cli.settings import Settings
from triage_tui.widgets.queue_list import QueueList
from triage_tui.widgets.queue_row import Scene
from work_items import Centre

NOW = "2026-03-03T08:31:00Z"
DOWN = b"\x1b[B"
CONSOLE = """
import sys
from triage_tui.cli.main import main

sys.argv = ["triage", "--data-dir", {folder!r}, "--no-low-bandwidth"]
main()
"""
KEYS = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Keys(App):
    count = 0

    def compose(self) -> ComposeResult:
        yield Static("TRIAGE", id="said")

    def on_key(self) -> None:
        self.count += 1
        self.query_one("#said").update(f"TRIAGE {self.count}")

Keys().run()
"""


def made_centre(folder: Path, patients: int) -> Settings:
    """A practice centre in `folder`, unless there is one."""
    os.environ |= {"TRIAGE_NOW": NOW, "TRIAGE_PASSPHRASE_FILE": str(folder / "passphrase")}
    if not (folder / "console").exists():
        command = [sys.executable, "-m", "triage_tui", "demo", "--headless", "--keep", str(folder)]
        (folder / "passphrase").touch(mode=0o600)
        (folder / "passphrase").write_text("only for this benchmark\n", encoding="utf-8")
        options = ["--patients", str(patients), "--days", "3"]
        subprocess.run([*command, *options], cwd=first_paint.ROOT, check=True, stdout=subprocess.DEVNULL)
    return Settings(folder / "console", "default")


def key_ms(terminal: int, keys: int = 30) -> float:
    """Median milliseconds from a key to the first byte that comes back."""
    waits = []
    while select.select([terminal], [], [], 1.5)[0]:
        os.read(terminal, 65536)
    for _ in range(keys):
        while select.select([terminal], [], [], 0.1)[0]:
            os.read(terminal, 65536)
        start = time.perf_counter()
        os.write(terminal, DOWN)
        select.select([terminal], [], [], 10)
        waits.append((time.perf_counter() - start) * 1_000)
    return statistics.median(waits)


class Filled(App[None]):
    """A list and a table to fill."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield QueueList(Scene(0, None))
        yield DataTable()


async def fill(view: QueueView) -> tuple[float, float]:
    """Seconds to show 50,000 rows in the list, and 500 in Textual's table."""
    app = Filled()
    many = _many(view.entries, 50_000)
    async with app.run_test(size=(120, 40)) as pilot:
        start = time.perf_counter()
        app.query_one(QueueList).show(many, Scene(view.now, view.now))
        ours = time.perf_counter() - start
        table = app.query_one(DataTable)
        table.add_columns(*"abcdefgh")
        await pilot.pause()
        start = time.perf_counter()
        table.add_rows([[entry.person.name, *"bcdefgh"] for entry in many[:500]])
        await pilot.pause()
        return ours, time.perf_counter() - start


def _many(entries: tuple[QueueEntry, ...], count: int) -> list[QueueEntry]:
    """So many rows, each of a patient of its own."""
    return [
        replace(entry, row=replace(entry.row, patient=f"p{i}"), person=replace(entry.person, id=f"p{i}"))
        for i in range(count)
        for entry in [entries[i % len(entries)]]
    ]


def measure(folder: Path, patients: int, rounds: int) -> dict[str, object]:
    """All figures of one run."""
    settings = made_centre(folder, patients)
    with opened(settings) as session:
        view = session.store.queue(session.now(), Centre())
    filled, table = asyncio.run(fill(view))
    console = CONSOLE.format(folder=str(settings.data_dir))
    paints, keys, memory = [], [], None
    for _ in range(rounds):
        with first_paint.painted(first_paint.EMPTY) as (_pid, _terminal, empty):
            pass
        with first_paint.painted(KEYS) as (_pid, terminal, _seconds):
            least = key_ms(terminal)
        with first_paint.painted(console, b"fordi") as (pid, terminal, rows):
            keys.append((key_ms(terminal), least))
            memory = _centre.resident_mb(pid)
        paints.append((rows, empty))
    return {
        "patients": patients,
        "rows": len(view.entries),
        "rounds": rounds,
        "rows_s": round(statistics.median(rows for rows, _ in paints), 3),
        "rows_ratio": round(statistics.median(rows / empty for rows, empty in paints), 2),
        "key_ms": round(statistics.median(ours for ours, _ in keys), 1),
        "key_ratio": round(statistics.median(ours / least for ours, least in keys), 2),
        "fill_50000_s": round(filled, 3),
        "fill_ratio": round(filled / table, 2),
        "memory_mb": memory,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=500)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(options.folder, options.patients, options.rounds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.patients, options.rounds)))


if __name__ == "__main__":
    main()

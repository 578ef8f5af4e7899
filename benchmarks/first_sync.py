"""The first sync of a large centre over a thin line: seconds until the queue stands, and until all is here.

A real server in a process of its own, a line of a given rate and delay before it (benchmarks/_link.py), and
the console's own sync into an encrypted cache. `ratio` is the whole time to what the line alone needs for the
same bytes. The queue stands when its rows have been reckoned and each patient with an open Task is in it by
name. The centre is simulated once a day and kept in a temporary folder. Prints one JSON document. Run from
the project's root:
`python benchmarks/first_sync.py [--patients N] [--days D] [--mbit R] [--rtt-ms T] [--plain]`.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _centre import now_ms, resident_mb, served
from _link import thin_line

from fhir_r4.client import FhirClient
from local_store import Store
from threshold_engine.instants import format_instant
from triage_tui.sync.abilities import Abilities, note
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from triage_tui.sync.state import Stage
from work_items import Centre


def centre(patients: int, days: int) -> Path:
    """The database of a simulated centre; simulated once a day."""
    folder = Path(tempfile.gettempdir()) / "triage-first-sync"
    database = folder / f"{patients}-{days}-{format_instant(now_ms())[:10]}" / "fhir.db"
    if not (database.parent / "done").exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        database.unlink(missing_ok=True)
        command = [sys.executable, "-m", "triage_tui", "server", "simulate", "--database", str(database)]
        subprocess.run([*command, "--patients", str(patients), "--days", str(days)], check=True)
        (database.parent / "done").touch()
    return database


class Watch:
    """Notes when the stages of a sync begin, and when the queue stood."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._started = time.monotonic()
        self._stood: tuple[float, set[str]] | None = None
        self.stages: list[tuple[float, str]] = []

    def stage(self, stage: Stage) -> None:
        """The queue is looked at when its rows have been reckoned for the first time."""
        name = f"{stage.key} {stage.kind or ''}".strip()
        if self.stages and self.stages[-1][1] == name:
            return
        if self._stood is None and self.stages and self.stages[-1][1] == "reckoning":
            self._stood = (round(self.seconds(), 1), self.in_queue())
        self.stages.append((round(self.seconds(), 1), name))

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def in_queue(self) -> set[str]:
        """Patients in the queue by their names."""
        entries = self._store.queue(now_ms(), Centre()).entries
        return {one.person.id for one in entries if one.person.name != one.person.id}

    def queue_after(self) -> float | None:
        """After how many seconds all stood in the queue who stand in it now; None: only now."""
        stood = self._stood
        return stood[0] if stood is not None and stood[1] >= self.in_queue() else None


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    database = centre(options.patients, options.days)
    key = secrets.token_bytes(32)
    with tempfile.TemporaryDirectory() as folder, served(str(database)) as (host, port, _):
        cache = Path(folder) / "cache"
        store = Store.create(cache, key)
        if options.plain:
            note(store, Abilities(now_ms()))
        with thin_line(host, port, options.mbit, options.rtt_ms) as line:
            watch = Watch(store)
            base = f"http://127.0.0.1:{line}/fhir"
            with FhirClient(base, authorization="Bearer demo-kari", timeout=60, clock=now_ms) as client:
                used = time.process_time()
                report = sync_once(store, client, now_ms, watch.stage)
                used = time.process_time() - used
            seconds = watch.seconds()
        readings, queued = store.status().readings, len(watch.in_queue())
        figures = _figures(options, report, watch, seconds, readings)
        store.close()
        size = sum(one.stat().st_size for one in cache.iterdir())
    return figures | {
        "patients_in_queue": queued,
        "console_cpu_s": round(used, 1),
        "console_mb": resident_mb(os.getpid()),
        "cache_bytes": size,
        "stages": watch.stages,
    }


def _figures(
    options: argparse.Namespace, report: SyncReport, watch: Watch, seconds: float, readings: int
) -> dict[str, Any]:
    bare = report.bytes_in * 8 / (options.mbit * 1e6) + options.rtt_ms / 1000
    return {
        "reached": report.reached,
        "readings": readings,
        "seconds_to_queue": watch.queue_after(),
        "seconds_to_all": round(seconds, 1),
        "bytes_in": report.bytes_in,
        "requests": report.requests,
        "bytes_per_reading_all_included": round(report.bytes_in / max(readings, 1), 2),
        "bare_line_s": round(bare, 1),
        "ratio": round(seconds / bare, 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--mbit", type=float, default=1.0)
    parser.add_argument("--rtt-ms", type=float, default=600.0)
    parser.add_argument("--plain", action="store_true", help="by Observation search, as on another server")
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()

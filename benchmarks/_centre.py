"""What the benchmarks of the server share: a filled store, and the server as a process of its own."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from fhir_r4.care_plans import care_plan
from followup_server.bulk import loading
from followup_server.judging.patients import judge_all
from followup_server.storage.store import ResourceStore
from threshold_engine import format_instant

HEADERS = {"Authorization": "Bearer demo-device", "Content-Type": "application/fhir+json"}
MINUTE = 60_000
_ROOT = Path(__file__).resolve().parent.parent
_RULES = [
    {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88, "need": 2, "of": 3},
    {"id": "weight", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2},
    {"id": "silent", "kind": "missing", "codes": ["spo2", "weight"], "every": "P2D", "grace": "PT6H"},
]
_CODES = (("59408-5", "%", 96, 2), ("29463-7", "kg", 80, 0.4))


def now_ms() -> int:
    """Milliseconds UTC."""
    return time.time_ns() // 1_000_000


def reading(patient: int, at: int, chance: random.Random) -> dict[str, Any]:
    """An Observation of SpO2 or weight, measured and received at an instant in milliseconds."""
    code, unit, usual, spread = chance.choice(_CODES)
    instant = format_instant(at)
    return {
        "resourceType": "Observation",
        "status": "final",
        "identifier": [{"system": "urn:x-device", "value": f"{chance.getrandbits(64):x}"}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient/p-{patient}"},
        "effectiveDateTime": instant,
        "issued": instant,
        "valueQuantity": {
            "value": Decimal(f"{chance.gauss(usual, spread):.1f}"),
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }


def parser(what: str | None, *, patients: int, readings: int) -> argparse.ArgumentParser:
    """The options that all have, with their defaults."""
    made = argparse.ArgumentParser(description=what)
    made.add_argument("--patients", type=int, default=patients)
    made.add_argument("--readings", type=int, default=readings, help="stored of each patient at the start")
    made.add_argument("--database", help="an empty one; by default SQLite in a temporary folder")
    made.add_argument("--filled", action="store_true", help="the database was filled by an earlier run")
    return made


@contextmanager
def served_centre(options: argparse.Namespace) -> Iterator[tuple[str, int, int]]:
    """A centre as these options say, filled and served; as `served`."""
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or f"{folder}/fhir.db"
        if not options.filled:
            fill(database, options.patients, options.readings)
        with served(database) as server:
            yield server


def fill(database: str, patients: int, readings: int) -> None:
    """Patients with a plan and `readings` readings each, one in nine hours up to now; judged."""
    store = ResourceStore(database, now_ms)
    try:
        loading.load(store, _resources(patients, readings, now_ms()))
        judge_all(store, now_ms())
    finally:
        store.close()


def _resources(patients: int, readings: int, now: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)  # noqa: S311
    start = now - readings * 540 * MINUTE
    for number in range(patients):
        version = {"version": 1, "valid_from": format_instant(start), "rules": _RULES}
        yield {"resourceType": "Patient", "id": f"p-{number}"}
        yield {**care_plan(f"p-{number}", {"versions": [version]}, title="Kols"), "id": f"plan-{number}"}
        for at in range(readings):
            yield reading(number, start + at * 540 * MINUTE, chance)


@contextmanager
def served(database: str) -> Iterator[tuple[str, int, int]]:
    """`triage server run` on a database, as (host, port, process id)."""
    command = [sys.executable, "-m", "triage_tui", "server", "run", "--port", "0", "--database", database]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        host, _, port = address.removeprefix("http://").partition("/")[0].rpartition(":")
        try:
            yield host, int(port), process.pid
        finally:
            process.terminate()


def cpu_seconds(pid: int) -> float:
    """Seconds of processor that a process has used; not a number where /proc can't tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float | None:
    """The memory that a process holds now; None where /proc can't tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmRSS")), None)
    return None if kilobytes is None else round(int(kilobytes) / 1024, 1)

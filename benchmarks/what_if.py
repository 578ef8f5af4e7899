"""How long it takes to try other limits on a centre's history: python benchmarks/what_if.py [--patients N].

On one core, from readings that are in columns already: judged under the present rules and under the changed
ones, compared, and held against known deteriorations. One patient's by readings, as the console has them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from threshold_engine import Reading, format_instant, parse_instant
from threshold_engine.batch import CodeColumns, Columns
from threshold_engine.instants import DAY, HOUR
from threshold_engine.numbers import ONE
from threshold_engine.what_if import Deterioration, Trial, WhatIf, read_changes, trial_of, what_if
from threshold_engine.what_if.in_columns import what_if_in_columns

NOW: Final = parse_instant("2026-03-03T09:00:00Z")
MEASURED: Final = {"spo2": ((7, 19), 95, 1.2), "pulse": ((7,), 74, 7.0), "weight": ((7,), 80, 0.5)}
"""Code → hours of the day, mean, deviation: four readings a day."""
CHANGES: Final = read_changes({"spo2-low": {"yellow_below": 91}, "weight-up": {"rise_yellow": 3}})


def plan(patient: str) -> dict[str, object]:
    """A limit, a change and a wait, as most plans have them."""
    rules: list[dict[str, object]] = [
        {"id": "spo2-low", "kind": "limit", "code": "spo2", "yellow_below": 93, "red_below": 90}
        | {"need": 2, "of": 3, "deadband": 1},
        {"id": "pulse-high", "kind": "limit", "code": "pulse", "yellow_above": 95, "red_above": 110},
        {"id": "weight-up", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2},
        {"id": "quiet", "kind": "missing", "codes": ["spo2", "pulse"], "every": "P1D", "grace": "PT12H"},
    ]
    begun = format_instant(NOW - 400 * DAY)
    return {"patient": patient, "versions": [{"version": 1, "valid_from": begun, "rules": rules}]}


def columns(patients: list[str], days: int) -> Columns:
    """Readings that wander about each patient's own mean, with bad days and days without any."""
    chance = np.random.default_rng(1)
    first = NOW - days * DAY
    bad = chance.random((len(patients), days)) < 0.01
    there = chance.random((len(patients), days)) > 0.02
    codes: dict[str, CodeColumns] = {}
    for code, (hours, mean, deviation) in MEASURED.items():
        shape = (len(patients), days, len(hours))
        own = chance.normal(mean, 2 * deviation, (len(patients), 1, 1)) if code == "weight" else mean
        values = own + chance.normal(0, deviation, shape) - 4 * deviation * bad[:, :, None]
        at = first + np.arange(days)[:, None] * DAY + np.array(hours) * HOUR
        times = at[None] + chance.integers(0, HOUR, shape)
        kept = np.broadcast_to(there[:, :, None], shape)
        starts = np.concatenate([[0], np.cumsum(kept.reshape(len(patients), -1).sum(axis=1))])
        tenths = np.minimum(np.round(values[kept] * 10), 1000 if code == "spo2" else 10_000)
        codes[code] = CodeColumns(
            starts.astype(np.int64), times[kept], tenths.astype(np.int64) * (ONE // 10), str
        )
    return Columns(tuple(patients), codes, {})


def readings_of(all_columns: Columns, index: int) -> list[Reading]:
    """One patient's readings, out of the columns."""
    patient = all_columns.patients[index]
    return [
        Reading(f"{code}{row}", patient, code, int(column.values[row]), int(column.times[row]))
        for code, column in all_columns.codes.items()
        for row in range(column.starts[index], column.starts[index + 1])
    ]


def measure(patients: int, days: int) -> dict[str, object]:
    """Make a centre up, try the changes, and give the figures."""
    ids = [f"p{n:05}" for n in range(patients)]
    centre = columns(ids, days)
    begin = NOW - days * DAY
    trials: list[Trial] = []
    making = _seconds(lambda: trials.extend(trial_of(plan(one), one, CHANGES, begin, NOW) for one in ids))
    known = [Deterioration(one, NOW - 20 * DAY, NOW - 18 * DAY) for one in ids[:: max(1, patients // 100)]]
    answers: list[WhatIf] = []
    whole = min(
        _seconds(lambda: answers.append(what_if_in_columns(trials, centre, NOW, known))) for _ in range(2)
    )
    mine, one = readings_of(centre, 0), trials[0]
    alone = min(_seconds(lambda: answers.append(what_if([one], mine, NOW))) for _ in range(5))
    found = answers[0]
    return {
        "patients": patients,
        "days": days,
        "readings": len(centre),
        "centre_s": round(whole, 2),
        "ns_per_reading": round(whole * 1e9 / len(centre)),
        "making_trials_s": round(making, 2),
        "one_patient_ms": round(alone * 1000, 1),
        "alarms_before": found.before.both,
        "alarms_after": found.after.both,
        "gone": len(found.difference.gone),
        "come": len(found.difference.come),
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=5000)
    parser.add_argument("--days", type=int, default=90)
    options = parser.parse_args()
    print(json.dumps(measure(options.patients, options.days)))


if __name__ == "__main__":
    main()

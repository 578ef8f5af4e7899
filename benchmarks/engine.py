"""What the engine costs a reading, as ratios to a plain loop and to polars in the same run, on one core.

Polars does the same three rules in its own way (without ids, late or doubled readings) where it is installed:
`pip install .[bench]`. Run from the project's root: `python -m benchmarks.engine [--patients N] [--days D]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import time
from typing import TYPE_CHECKING

from threshold_engine.rules import LimitRule
from triage_tui.cli.bench_centre import BenchCentre, bench_centre
from triage_tui.cli.bench_engine import timed

if TYPE_CHECKING:
    import polars

os.environ["POLARS_MAX_THREADS"] = "1"
THREE_DAYS = 3 * 86_400_000
PATIENCE = 36 * 3_600_000


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    centre = bench_centre(given.patients, given.days)
    found = timed(centre, given.rounds)
    figures: dict[str, object] = {
        "readings": found.readings,
        "equal": found.equal,
        "naive_ns": round(found.naive),
        "streaming_ns": round(found.streaming),
        "batch_ns": round(found.batch),
        "streaming_to_naive": round(found.streaming / found.naive, 3),
        "batch_to_naive": round(found.batch / found.naive, 3),
    }
    if importlib.util.find_spec("polars") is not None:
        spent = in_polars(centre, given.rounds) / found.readings * 1e9
        figures |= {"polars_ns": round(spent), "batch_to_polars": round(found.batch / spent, 3)}
    print(json.dumps(figures))


def in_polars(centre: BenchCentre, rounds: int) -> float:
    """Seconds of processor time for the three rules over the same readings, already in a frame."""
    import polars as pl

    limits = {plan.patient: _limits(plan.versions[0].rules) for plan in centre.plans}
    readings = pl.DataFrame(
        {
            "patient": [one.patient for one in centre.readings],
            "at": [one.effective for one in centre.readings],
            "value": [int(one.value) for one in centre.readings],
        }
    )
    plans = pl.DataFrame(
        [(patient, low, high) for patient, (low, high) in limits.items()],
        schema=["patient", "low", "high"],
        orient="row",
    )
    spent = []
    for _ in range(rounds):
        before = time.process_time()
        judged_in_polars(readings, plans)
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def judged_in_polars(readings: polars.DataFrame, plans: polars.DataFrame) -> tuple[int, int, int]:
    """How often 2 of 3 were beyond the limits, weight rose by 2.1 kg, and a wait was too long."""
    import polars as pl

    value, at, slack = pl.col("value"), pl.col("at"), 500_000
    beyond = (value < pl.col("low")) | (value > pl.col("high"))
    within = (value >= pl.col("low") + slack) & (value <= pl.col("high") - slack)
    frame = (
        readings.join(plans, on="patient")
        .sort("patient", "at")
        .with_columns(beyond=beyond.cast(pl.Int8), within=within)
        .with_columns(
            last=pl.col("beyond")
            + pl.col("beyond").shift(1, fill_value=0).over("patient")
            + pl.col("beyond").shift(2, fill_value=0).over("patient"),
            least=value.rolling_min_by("at", window_size=f"{THREE_DAYS}i", closed="left").over("patient"),
            wait=at.diff().over("patient"),
        )
        .with_columns(
            edge=pl.when((pl.col("last") >= 2) & (pl.col("beyond") == 1))
            .then(statement=True)
            .when(pl.col("within"))
            .then(statement=False)
        )
        .with_columns(active=pl.col("edge").forward_fill().over("patient").fill_null(value=False))
        .with_columns(opened=pl.col("active") & ~pl.col("active").shift(1, fill_value=False).over("patient"))
    )
    counts = frame.select(
        pl.col("opened").sum(),
        rises=(value - pl.col("least") >= 2_100_000).sum(),
        waits=(pl.col("wait") > PATIENCE).sum(),
    ).row(0)
    return counts[0], counts[1], counts[2]


def _limits(rules: tuple[object, ...]) -> tuple[int | None, int | None]:
    limits = next(rule.limits for rule in rules if isinstance(rule, LimitRule))
    return limits.yellow_below, limits.yellow_above


if __name__ == "__main__":
    main()

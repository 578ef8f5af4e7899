"""The engine timed on one core: reading by reading, and in columns, beside a loop that judges naively."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from threshold_engine import Episode, Judge, Plan
from threshold_engine.batch import BatchJudge, Columns
from threshold_engine.rules import LimitRule
from triage_tui.cli.bench_centre import BenchCentre

_T = TypeVar("_T")
_THREE_DAYS = 3 * 86_400_000


@dataclass(frozen=True, slots=True)
class Timing:
    """Nanoseconds a reading of processor time: the median of some rounds, in which all ways took turns."""

    readings: int
    episodes: int
    naive: float
    streaming: float
    batch: float
    equal: bool
    """Whether both ways gave the same episodes."""


def timed(centre: BenchCentre, rounds: int) -> Timing:
    """Time the three ways, `rounds` times each."""
    rows = [(one.patient, one.effective, int(one.value)) for one in centre.readings]
    limits = {plan.patient: _limits(plan) for plan in centre.plans}
    batch = BatchJudge(centre.plans)
    columns = Columns.of_readings(centre.readings, centre.now, batch.patients)
    times: dict[str, list[float]] = {"naive": [], "streaming": [], "batch": []}
    streamed: list[Episode] = []
    at_once: list[Episode] = []
    batch.episodes(columns, centre.now)  # the first time loads parts of numpy
    for _ in range(rounds):
        judge = Judge(centre.plans)
        times["naive"].append(_time(partial(naive, rows, limits))[0])
        spent, streamed = _time(partial(stream, judge, centre))
        times["streaming"].append(spent)
        spent, at_once = _time(partial(batch.episodes, columns, centre.now))
        times["batch"].append(spent)
    per = {way: statistics.median(spent) / len(rows) * 1e9 for way, spent in times.items()}
    return Timing(len(rows), len(streamed), **per, equal=streamed == at_once)


def stream(judge: Judge, centre: BenchCentre) -> list[Episode]:
    """Hand over one reading after the other, each at the instant at which it was measured."""
    feed = judge.feed
    for reading in centre.readings:
        feed(reading, reading.effective)
    judge.advance(centre.now)
    return judge.episodes


def naive(
    rows: list[tuple[str, int, int]], limits: dict[str, tuple[int, int]], slack: int = 500_000
) -> list[tuple[int, str]]:
    """The plain way: a dict for each reading, lists for the last three and the last three days.

    2 of 3 beyond the limits, back within them by a deadband, and 2.1 kg above the least of three days; no
    waiting for missing readings, no ids, no late, doubled or corrected readings.
    """
    state: dict[str, dict[str, Any]] = {}
    events: list[tuple[int, str]] = []
    for index, (patient, at, value) in enumerate(rows):
        reading: dict[str, Any] = {"patient": patient, "at": at, "value": value}
        mine = state.get(reading["patient"])
        if mine is None:
            mine = state[reading["patient"]] = {"last": [], "window": [], "active": False}
        now, weight = reading["at"], reading["value"]
        low, high = limits[reading["patient"]]
        mine["last"].append(weight < low or weight > high)
        mine["last"] = mine["last"][-3:]
        mine["window"] = [(t, v) for t, v in mine["window"] if t >= now - _THREE_DAYS]
        mine["window"].append((now, weight))
        if not mine["active"] and sum(mine["last"]) >= 2:
            mine["active"] = True
            events.append((index, "open"))
        elif mine["active"] and low + slack <= weight <= high - slack:
            mine["active"] = False
            events.append((index, "close"))
        if weight - min(v for _, v in mine["window"]) >= 2_100_000:
            events.append((index, "rise"))
    return events


def _limits(plan: Plan) -> tuple[int, int]:
    """The yellow limits of the plan's limit rule."""
    limits = next(rule.limits for rule in plan.versions[0].rules if isinstance(rule, LimitRule))
    assert limits.yellow_below is not None  # noqa: S101 - the bench's own plan
    assert limits.yellow_above is not None  # noqa: S101
    return limits.yellow_below, limits.yellow_above


def _time(call: Callable[[], _T]) -> tuple[float, _T]:
    """Seconds of processor time, and what came out; the collector waits meanwhile, as for all ways alike."""
    gc.collect()
    gc.disable()
    try:
        before = time.process_time()
        found = call()
        return time.process_time() - before, found
    finally:
        gc.enable()

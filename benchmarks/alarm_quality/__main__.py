"""Prints the table of docs/alarm-quality.md; `--tuning` makes it from the tuning seeds instead."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.alarm_quality.baselines import BASELINES
from benchmarks.alarm_quality.planners import by_own_fixed, by_population, by_template
from benchmarks.alarm_quality.scoring import Score, score
from benchmarks.alarm_quality.worlds import JUDGING, TUNING, WORLDS


def main() -> None:
    """Score every programme in every world by each way of planning."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.alarm_quality")
    options.add_argument("--tuning", action="store_true")
    options.add_argument("--patients", type=int, default=60, help="of each seed")
    options.add_argument("--programme", action="append", choices=sorted(BASELINES))
    options.add_argument("--why", action="store_true", help="which rules were wrong, and what was missed")
    chosen = options.parse_args()
    seeds = TUNING if chosen.tuning else JUDGING
    print("| programme | world | cases | population | own fixed limits | template |")
    print("| --- | --- | --- | --- | --- | --- |")
    for programme in chosen.programme or BASELINES:
        planners = (by_population, by_own_fixed, by_template(programme))
        totals = tuple(Score() for _ in planners)
        for world in WORLDS:
            scores = [score(programme, world, seeds, chosen.patients, planner) for planner in planners]
            _print(programme, world.name, scores)
            for total, each in zip(totals, scores, strict=True):
                total.add(each)
            if chosen.why:
                _explain(scores[-1])
        _print(programme, "**all**", totals)


def _print(programme: str, world: str, scores: Sequence[Score]) -> None:
    cells = " | ".join(map(_cell, scores))
    print(f"| {programme} | {world} | {scores[0].real} | {cells} |", flush=True)


def _cell(score: Score) -> str:
    red, days = score.false_red / score.months, score.alarm_days / score.months
    return f"{score.sensitivity:.0%} · {score.false_per_month:.2f} ({red:.2f} red) · {days:.1f} d"


def _explain(score: Score) -> None:
    missed = {name: score.missed.count(name) for name in sorted(set(score.missed))}
    print(f"    false by {score.false_rules}, missed {missed}")


if __name__ == "__main__":
    main()

"""A judge that is written down: what it is of, what it refuses, and how large it is."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from threshold_engine import (
    PatientJudge,
    Plan,
    Reading,
    StateError,
    load,
    parse_instant,
    read_plan,
    read_reading,
    save,
)
from threshold_engine.state import fingerprint

Case = Callable[..., dict[str, Any]]
ZERO = parse_instant("2026-03-01T00:00:00Z")
HOUR = 3_600_000
RULE: dict[str, object] = {"id": "l", "kind": "limit", "code": "k", "yellow_above": 5}


def judge_of(case: Case, rules: list[dict[str, object]], readings: list[Reading]) -> PatientJudge:
    plan = read_plan(case(rules, [], 0)["plans"][0])
    return PatientJudge(plan, readings, ZERO + 1000 * HOUR)


def test_a_state_is_of_one_plan(case: Case) -> None:
    judge = judge_of(case, [RULE], [Reading("a", "p", "k", 6_000_000, ZERO)])
    other = read_plan(case([RULE | {"yellow_above": 7}], [], 0)["plans"][0])

    assert load(judge.plan, save(judge)).episodes == judge.episodes
    with pytest.raises(StateError, match="another plan"):
        load(other, save(judge))


def test_the_same_plan_written_otherwise_is_the_same(case: Case) -> None:
    turned = dict(reversed(RULE.items())) | {"yellow_above": 5.0}
    plans = [read_plan(case([rule], [], 0)["plans"][0]) for rule in (RULE, turned)]

    assert fingerprint(plans[0]) == fingerprint(plans[1])
    assert plans[0] == plans[1]
    assert hash(plans[0]) == hash(plans[1])
    assert plans[0] != read_plan(case([RULE | {"yellow_above": 7}], [], 0)["plans"][0])


def test_another_process_gives_a_plan_the_same_fingerprint(case: Case) -> None:
    raw = case([RULE | {"id": "x", "note": "æ", "label": "y"}], [], 0)["plans"][0]
    script = (
        "import json, sys; from threshold_engine import read_plan;"
        "from threshold_engine.state import fingerprint;"
        "print(fingerprint(read_plan(json.loads(sys.stdin.read()))))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(raw),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert printed == {fingerprint(read_plan(raw))}


def test_of_two_with_one_version_the_greater_still_counts_after_loading(case: Case) -> None:
    """The members as they were written decide, also those that mean nothing to the engine."""
    rows = [
        {"id": "a", "patient": "p", "code": "k", "value": value, "effective": "2026-03-01T01:00:00Z"}
        for value in (6, 1)
    ]
    first, second = (reading for reading in map(read_reading, rows) if reading is not None)
    at_once = judge_of(case, [RULE], [first, second])
    judge = judge_of(case, [RULE], [first])

    carried_on = load(judge.plan, save(judge))
    carried_on.feed(second, carried_on.now)

    assert carried_on.episodes == at_once.episodes


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no state",
        zlib.compress(b"[]"),
        zlib.compress(b'{"format": 1}'),
        zlib.compress(b"\xff"),
        zlib.compress(b"[" * 100_000),
    ],
)
def test_damaged_bytes_are_refused(damaged: bytes) -> None:
    with pytest.raises(StateError, match="damaged"):
        load(Plan("p", ()), damaged)


def test_cut_bytes_are_refused(case: Case) -> None:
    judge = judge_of(case, [RULE], [Reading("a", "p", "k", 6_000_000, ZERO)])

    with pytest.raises(StateError, match="damaged"):
        load(judge.plan, save(judge)[:-20])


def test_a_quarter_of_readings_takes_some_kilobytes(case: Case) -> None:
    readings = [Reading(f"r{n}", "p", "k", (n % 7) * 1_000_000, ZERO + n * HOUR) for n in range(300)]

    assert len(save(judge_of(case, [RULE], readings))) < 10_000

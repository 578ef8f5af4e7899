"""From when on the cache's readings are enough."""

from __future__ import annotations

from typing import Any

import pytest

from threshold_engine import read_plan
from triage_tui.sync.local_judging.reach_back import complete_since

DAY = 86_400_000
SINCE = 1_000 * DAY

POINTS = {
    "kind": "points",
    "window": "P1D",
    "yellow_at": 3,
    "terms": [{"code": "spo2", "fall": [{"at": 3, "points": 3}], "baseline": "P28D"}],
}


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"kind": "limit", "code": "spo2", "red_below": 88}, 0),
        ({"kind": "limit", "code": "spo2", "red_below": 88, "need": 2, "of": 3}, 14),
        ({"kind": "limit", "code": "spo2", "red_below": 88, "need": 2, "of": 3, "within": "P2D"}, 2),
        ({"kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2}, 3),
        ({"kind": "missing", "codes": ["spo2"], "every": "P1D", "red_after": "P2D"}, 3),
        (POINTS, 29),
    ],
)
def test_a_rule_needs_what_it_looks_back_at(rule: dict[str, Any], days: int) -> None:
    versions = [{"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": [{"id": "r", **rule}]}]
    plan = read_plan({"patient": "p1", "versions": versions}, "p1")
    assert complete_since(plan, SINCE) == SINCE + days * DAY


def test_without_a_plan_nothing_is_looked_back_at() -> None:
    assert complete_since(None, SINCE) == SINCE

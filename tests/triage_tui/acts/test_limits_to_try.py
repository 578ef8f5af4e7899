"""The limits of a plan one by one, and what is typed in their place."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from local_store.records import PlanRecord
from local_store.store import Store
from tests.triage_tui.acts.conftest import NOW
from triage_tui.acts import ActRefused
from triage_tui.acts.limits_to_try import RuleLimit, changes_of, limits_to_try

RULES = [
    {"id": "spo2-low", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
    {"id": "weight-up", "kind": "change", "code": "weight", "window": "P3D", "rise_red": 2.1},
]


def put_plan(store: Store) -> None:
    old = {"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": RULES[:1]}
    new = {"version": 2, "valid_from": "2026-02-01T00:00:00Z", "rules": RULES}
    engine = json.dumps({"patient": "p1", "versions": [old, new]}).encode()
    with store.write() as tx:
        tx.put_plan(PlanRecord("CarePlan/p1", "p1", True, "kols", engine, 1))


def test_every_limit_of_the_version_in_force_is_told(store: Store) -> None:
    put_plan(store)
    assert limits_to_try(store, "p1", NOW) == (
        RuleLimit("spo2-low", "spo2", "red_below", "88"),
        RuleLimit("spo2-low", "spo2", "yellow_below", "92"),
        RuleLimit("weight-up", "weight", "rise_red", "2.1"),
    )


def test_without_a_plan_there_is_nothing_to_try(store: Store) -> None:
    with pytest.raises(ActRefused, match="no plan"):
        limits_to_try(store, "p2", NOW)


def test_numbers_are_taken_with_comma_or_point() -> None:
    typed = {("a", "yellow_below"): "90", ("a", "red_below"): " 86 ", ("b", "rise_red"): "2,5"}
    assert changes_of(typed) == {
        "a": {"yellow_below": 90, "red_below": 86},
        "b": {"rise_red": Decimal("2.5")},
    }
    for nonsense in ("åtti", "", "nan", "1e999999999"):
        with pytest.raises(ActRefused, match="no number"):
            changes_of({("a", "red"): nonsense})

"""A nurse's act meets the Task as it is by then: applied, applied already, or a conflict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from fhir_r4 import systems
from fhir_r4.raw import Raw, extension_of
from fhir_r4.task_change import Act, TaskChange, apply, conflict_with
from fhir_r4.tasks import item_of, task_of
from threshold_engine.instants import format_instant
from threshold_engine.model import Level
from work_items.model import Band, Item, ItemCode, ItemState

KARI, OLA = "Practitioner/kari", "Practitioner/ola"
UUID = "7d8a5f0e-5c0e-5d0b-8a1f-6c6b7e110001"


@pytest.fixture
def task(now: int) -> Raw:
    item = Item(
        task=UUID,
        patient="p1",
        code=ItemCode.ALERT,
        what="e",
        band=Band.YELLOW,
        raised=now - 600_000,
        respond_by=now + 600_000,
    )
    return {**task_of(item), "id": "t1", "description": "as it was", "note": [{"text": "kept"}]}


def change(act: Act, now: int, **members: object) -> TaskChange:
    needed: dict[str, object] = {
        "complete": {"outcome": "contacted"},
        "shelve": {"shelved_until": now + 3_600_000, "reason": "venter på ny måling"},
    }.get(act, {})
    made = TaskChange(act="take", task=UUID, owner=KARI, at=now, saw_band=Band.YELLOW)
    return replace(made, act=act, **{**needed, **members})  # type: ignore[arg-type]


def test_take(task: Raw, now: int, validated: Callable[[Raw], Raw]) -> None:
    taken = item_of(validated(apply(task, change("take", now))))
    assert (taken.state, taken.owner, taken.owned_since, taken.touched) == (
        ItemState.IN_PROGRESS,
        KARI,
        now,
        True,
    )


def test_members_unknown_to_us_survive(task: Raw, now: int) -> None:
    for act in ("take", "release", "shelve", "complete"):
        after = apply(task, change(act, now))  # type: ignore[arg-type]
        assert (after["description"], after["note"]) == ("as it was", [{"text": "kept"}])


def test_release_leaves_it_touched_and_unowned(task: Raw, now: int, validated: Callable[[Raw], Raw]) -> None:
    released = validated(apply(apply(task, change("take", now)), change("release", now + 1)))
    item = item_of(released)
    assert (item.state, item.owner, item.owned_since, item.touched) == (ItemState.REQUESTED, None, None, True)
    assert "owner" not in released
    assert "executionPeriod" not in released


def test_shelve_says_until_when_why_and_what_was_seen(
    task: Raw, now: int, validated: Callable[[Raw], Raw]
) -> None:
    shelved = validated(apply(task, change("shelve", now)))
    extension = extension_of(shelved, systems.SHELVED_UNTIL)
    assert extension == {"url": systems.SHELVED_UNTIL, "valueInstant": format_instant(now + 3_600_000)}
    item = item_of(shelved)
    assert (item.state, item.owner, item.shelved_because) == (
        ItemState.ON_HOLD,
        KARI,
        "venter på ny måling",
    )
    assert (item.shelved_until, item.shelved_at, item.shelved_band) == (now + 3_600_000, now, Band.YELLOW)


def test_complete_of_a_shelved_one_ends_the_shelving(
    task: Raw, now: int, validated: Callable[[Raw], Raw]
) -> None:
    done = validated(apply(apply(task, change("shelve", now)), change("complete", now + 9)))
    item = item_of(done)
    assert (item.state, item.outcome, item.closed_at) == (ItemState.COMPLETED, "contacted", now + 9)
    assert "statusReason" not in done
    assert extension_of(done, systems.SHELVED_UNTIL) is None
    assert done["executionPeriod"] == {"start": format_instant(now), "end": format_instant(now + 9)}


def test_slow_clock_changes_nothing_before_it_was_raised(
    task: Raw, now: int, validated: Callable[[Raw], Raw]
) -> None:
    done = validated(apply(task, change("complete", now - 900_000)))
    assert done["lastModified"] == done["authoredOn"]
    assert item_of(done).closed_at == now - 600_000


def test_applied_already_is_neither_conflict_nor_change(task: Raw, now: int) -> None:
    for act in ("take", "takeover", "release", "shelve", "complete"):
        after = apply(task, change(act, now))  # type: ignore[arg-type]
        again = change(act, now)  # type: ignore[arg-type]
        assert conflict_with(after, again) is None
        assert apply(after, again) == after


@pytest.mark.parametrize("act", ["take", "release", "shelve", "complete"])
def test_taken_by_somebody_else_is_a_conflict(act: Act, task: Raw, now: int) -> None:
    current = apply(task, change("take", now, owner=OLA))
    conflict = conflict_with(current, change(act, now))
    assert conflict is not None
    assert (conflict.kind, conflict.owner, conflict.state) == ("taken", OLA, ItemState.IN_PROGRESS)


@pytest.mark.parametrize("act", ["take", "takeover", "release", "shelve", "complete"])
def test_closed_by_somebody_else_is_a_conflict(act: Act, task: Raw, now: int) -> None:
    current = apply(task, change("complete", now, owner=OLA, outcome="no-action"))
    conflict = conflict_with(current, change(act, now))
    assert conflict is not None
    assert (conflict.kind, conflict.owner, conflict.outcome) == ("closed", OLA, "no-action")


@pytest.mark.parametrize("act", ["take", "takeover", "release", "shelve", "complete"])
def test_worse_by_now_stops_what_would_hide_it_only(act: Act, task: Raw, now: int) -> None:
    current = {**task, "priority": "stat"} if act == "take" else apply(task, change("take", now))
    conflict = conflict_with({**current, "priority": "stat"}, change(act, now))
    assert (conflict.kind if conflict else None) == ("worse" if act in ("shelve", "complete") else None)


def test_level_that_rose_again_is_worse_though_the_band_is_the_same(task: Raw, now: int) -> None:
    current = {**task, "priority": "stat"}
    act = change("complete", now, saw_band=Band.RED, saw_level=Level.YELLOW)
    assert conflict_with(current, act, level=Level.YELLOW) is None
    worse = conflict_with(current, act, level=Level.RED)
    assert worse is not None
    assert worse.kind == "worse"


def test_takeover_takes_from_whom_the_nurse_saw_and_nobody_else(task: Raw, now: int) -> None:
    olas = apply(task, change("take", now, owner=OLA))
    assert conflict_with(olas, change("takeover", now, saw_owner=OLA)) is None
    assert item_of(apply(olas, change("takeover", now + 5, saw_owner=OLA))).owned_since == now + 5
    other = conflict_with(olas, change("takeover", now, saw_owner="Practitioner/ingrid"))
    assert other is not None
    assert other.kind == "taken"


def test_json_round_trip(now: int) -> None:
    for act in ("take", "takeover", "release", "shelve", "complete"):
        made = change(act, now, saw_level=Level.RED, saw_evidence=("a", "b"), saw_owner=OLA)  # type: ignore[arg-type]
        assert TaskChange.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize(
    "raw",
    [
        {"act": "take", "task": "t", "owner": "o", "at": "2026-03-03T09:30:00Z", "saw_band": "pink"},
        {},
        {"act": "steal"},
        {"act": "take", "task": 1},
        {"act": "complete", "task": "t", "owner": "o"},
    ],
)
def test_json_that_is_no_change_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        TaskChange.from_json(raw)

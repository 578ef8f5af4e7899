"""Work items travel as Tasks and come back the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fhir_r4 import systems
from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw, extension_of
from fhir_r4.references import to_uuid
from fhir_r4.tasks import is_work_item, item_of, task_of
from threshold_engine.instants import format_instant
from threshold_engine.model import Change, Episode, Level
from work_items.model import Band, Item, ItemCode, ItemState, Mark

UUID = "7d8a5f0e-5c0e-5d0b-8a1f-6c6b7e110001"
OTHER = "7d8a5f0e-5c0e-5d0b-8a1f-6c6b7e110002"
EPISODE = "7d8a5f0e-5c0e-5d0b-8a1f-6c6b7e110003"


@pytest.fixture
def item(now: int) -> Item:
    return Item(
        task=UUID,
        patient="p1",
        code=ItemCode.ALERT,
        what=EPISODE,
        band=Band.RED,
        raised=now,
        respond_by=now + 1_800_000,
    )


def everything(item: Item) -> Item:
    return replace(
        item,
        n=3,
        kind="limit",
        state=ItemState.ON_HOLD,
        owner="Practitioner/kari",
        owned_since=item.raised + 1,
        touched=True,
        shelved_until=item.raised + 5,
        shelved_because="venter på ny måling",
        shelved_at=item.raised + 2,
        shelved_band=Band.YELLOW,
        earlier_outcome="no-action",
        follows=OTHER,
        absorbed=frozenset({OTHER, EPISODE}),
        marks=frozenset({Mark.AGAIN, Mark.RAISED_AGAIN}),
    )


def test_new_task_says_what_the_spec_asks(item: Item, validated: Callable[[Raw], Raw], now: int) -> None:
    raw = validated(task_of(item, focus=to_uuid("DetectedIssue", EPISODE), modified=now - 5))
    assert raw["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{UUID}"}]
    assert (raw["status"], raw["intent"], raw["priority"]) == ("requested", "order", "stat")
    assert raw["for"] == {"reference": "Patient/p1"}
    assert raw["authoredOn"] == raw["lastModified"] == "2026-03-03T09:30:00.000Z"
    assert raw["restriction"] == {"period": {"end": "2026-03-03T10:00:00.000Z"}}
    assert raw["code"] == {"coding": [{"system": "http://triage-tui.org/fhir/work", "code": "alert"}]}


def test_every_fact_comes_back(item: Item, validated: Callable[[Raw], Raw], now: int) -> None:
    episode = Episode(
        EPISODE, "p1", "r", now, Level.RED, Level.RED, None, None, (Change(now, Level.RED, "x"),)
    )
    full = everything(item)
    raw = validated(task_of(full))
    assert item_of(raw, episode, "change") == replace(full, episode=episode)


def test_kind_comes_from_the_plan_where_the_task_does_not_say(item: Item, now: int) -> None:
    episode = Episode(EPISODE, "p1", "r", now, Level.RED, Level.RED, None, None, ())
    assert item_of(task_of(item), episode, "change").kind == "change"


@pytest.mark.parametrize("code", list(ItemCode))
def test_each_code_comes_back(code: ItemCode, item: Item, validated: Callable[[Raw], Raw]) -> None:
    assert item_of(validated(task_of(replace(item, code=code)))).code is code


def test_closed_task(item: Item, validated: Callable[[Raw], Raw]) -> None:
    closed = replace(
        item, state=ItemState.COMPLETED, outcome="contacted", closed_at=item.raised + 9, band=Band.BLUE
    )
    raw = validated(task_of(closed))
    assert raw["executionPeriod"] == {"end": format_instant(item.raised + 9)}
    assert item_of(raw) == closed


def test_follow_up_is_hidden_until_its_time(item: Item, validated: Callable[[Raw], Raw], now: int) -> None:
    back = now + 7_200_000
    planned = replace(item, code=ItemCode.FOLLOW_UP, raised=back, respond_by=back, hidden_until=back)
    raw = validated(task_of(planned, planned_at=now))
    assert raw["authoredOn"] == format_instant(now)
    assert raw["restriction"] == {"period": {"start": format_instant(back), "end": format_instant(back)}}
    assert item_of(raw) == planned


def test_touched_is_an_extension_that_a_release_leaves(item: Item) -> None:
    raw = task_of(replace(item, touched=True))
    assert extension_of(raw, systems.TOUCHED) == {"url": systems.TOUCHED, "valueBoolean": True}
    assert item_of(raw).touched


def test_statuses_that_we_never_write_count_as_the_nearest(item: Item) -> None:
    raw = task_of(item)
    states = {status: item_of({**raw, "status": status}).state for status in ("accepted", "failed", "ready")}
    assert states == {
        "accepted": ItemState.REQUESTED,
        "failed": ItemState.CANCELLED,
        "ready": ItemState.REQUESTED,
    }


def test_task_of_somebody_else_is_no_work_item(item: Item) -> None:
    raw = {**task_of(item), "code": {"coding": [{"system": "http://else.example", "code": "alert"}]}}
    assert not is_work_item(raw)
    with pytest.raises(BadElement):
        item_of(raw)


@pytest.mark.parametrize("member", ["for", "authoredOn"])
def test_task_without_what_we_need_is_a_typed_error(member: str, item: Item) -> None:
    raw = task_of(item)
    del raw[member]
    with pytest.raises(BadElement, match=f"Task.{member}"):
        item_of(raw)

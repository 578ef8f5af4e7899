"""A real encrypted cache with a patient who has a red, a yellow and a blue item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fhir_r4.raw import encode
from fhir_r4.tasks import task_of
from local_store.records import Kept
from local_store.store import Store
from local_store.views import Nurse, Person
from threshold_engine import Change, Episode, Level, episode_id, parse_instant
from work_items import Band, Item, ItemCode, task_uuid

NOW = parse_instant("2026-03-03T09:31:00+01:00")
MINUTE, HOUR = 60_000, 3_600_000


def alert(rule: str, level: Level, patient: str = "p1") -> Item:
    onset = NOW - HOUR
    episode = Episode(
        episode_id(patient, rule, onset),
        patient,
        rule,
        onset,
        level,
        level,
        None,
        None,
        (Change(onset, level, f"urn:device|{rule}"),),
    )
    return Item(
        task=task_uuid(episode.id, 1),
        patient=patient,
        code=ItemCode.ALERT,
        what=episode.id,
        band=Band.RED if level is Level.RED else Band.YELLOW,
        raised=onset,
        respond_by=NOW + HOUR,
        episode=episode,
        kind="limit",
    )


def put(store: Store, item: Item) -> Item:
    """An item as the server has it."""
    raw = {**task_of(item), "id": item.task, "meta": {"versionId": "1"}}
    kept = Kept("Task", item.task, "1", "2026-03-03T08:00:00Z", encode(raw), item.patient, item.task)
    with store.write() as tx:
        tx.put_item(item, kept)
    return item


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "cache", bytes(range(32))) as opened:
        with opened.write() as tx:
            for one, name in (("p1", "Hansen, Nils"), ("p2", "Eira, Máret")):
                tx.put_person(Person(one, name, "1954-01-13", "male", None, None, "nb"))
            tx.put_practitioner("Practitioner/demo-ola", "ola", "Ola Hansen")
            tx.put_practitioner("Practitioner/demo-kari", "kari", "Kari Nordmann")
        yield opened


@pytest.fixture
def red(store: Store) -> Item:
    return put(store, alert("spo2-low", Level.RED))


@pytest.fixture
def yellow(store: Store) -> Item:
    return put(store, alert("pulse-high", Level.YELLOW))


@pytest.fixture
def blue(store: Store) -> Item:
    return put(store, replace(alert("gone", Level.YELLOW), band=Band.BLUE, code=ItemCode.MISSING))


@pytest.fixture
def kari() -> Nurse:
    return Nurse("kari", "Practitioner/demo-kari", "Kari Nordmann")


@pytest.fixture
def ola() -> Nurse:
    return Nurse("ola", "Practitioner/demo-ola", "Ola Hansen")


@pytest.fixture
def local_red(store: Store) -> Item:
    """An alert that only this console has found."""
    item = replace(alert("temp-high", Level.RED, "p2"), local=True)
    with store.write() as tx:
        tx.put_item(item)
    return item

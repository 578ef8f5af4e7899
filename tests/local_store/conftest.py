"""A real encrypted cache in a temporary folder, and short ways to make what goes into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_store import Kept, OutboxOp, PlanRecord, StoredReading
from local_store.store import Store
from local_store.views import Person, TimelineEntry
from threshold_engine import Change, Episode, Level, Reading, Value, episode_id, parse_instant
from work_items import Band, Item, ItemCode, ItemState, task_uuid

KEY = bytes(range(32))
NOW = parse_instant("2026-03-03T09:31:00+01:00")  # a Tuesday
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def person(patient: str = "p1", name: str = "Hansen, Nils", **more: str) -> Person:
    values = {"birth_date": "1954-01-13", "sex": "male", "national_id": "13815400216", "phone": "90000000"}
    values |= {"language": "nb"} | more
    return Person(patient, name, **values)


def kept(kind: str, logical_id: str, version: str = "1", patient: str | None = None, **more: object) -> Kept:
    raw = json.dumps({"resourceType": kind, "id": logical_id} | more).encode()
    identifier = more.get("identifier")
    uuid = identifier if isinstance(identifier, str) else None
    return Kept(kind, logical_id, version, "2026-03-03T08:00:00Z", raw, patient, uuid)


def reading(
    n: int, code: str = "spo2", value: Value = 95_000_000, at: int = NOW, patient: str = "p1"
) -> StoredReading:
    return StoredReading(
        Reading(f"urn:device|m{n}", patient, code, value, at, at + MINUTE), f"Observation/o{n}", "1"
    )


def plan(patient: str = "p1", *, rules: object = None, at: str = "2026-01-01T00:00:00Z") -> PlanRecord:
    rules = rules or [
        {"id": "spo2-low", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88}
    ]
    engine = {"patient": "x", "versions": [{"version": 4, "valid_from": at, "rules": rules}]}
    return PlanRecord(f"CarePlan/{patient}", patient, True, "kols", json.dumps(engine).encode(), 1)


def episode(
    patient: str = "p1", onset: int = NOW - HOUR, level: Level = Level.RED, **more: object
) -> Episode:
    changes = (Change(onset, level, "urn:device|m1"),)
    made = Episode(
        episode_id(patient, "spo2-low", onset), patient, "spo2-low", onset, level, level, None, None, changes
    )
    return replace(made, **more)


def item(of: Episode, band: Band = Band.RED, n: int = 1, **more: object) -> Item:
    made = Item(
        task=task_uuid(of.id, n),
        patient=of.patient,
        code=ItemCode.ALERT,
        what=of.id,
        n=n,
        band=band,
        state=ItemState.REQUESTED,
        raised=of.onset,
        respond_by=of.onset + 30 * MINUTE,
        episode=of,
    )
    return replace(made, **more)


def op(n: int, patient: str | None = "p1", **more: object) -> OutboxOp:
    made = OutboxOp(f"00000000-0000-4000-8000-{n:012d}", "note", patient, "kari", NOW + n, b'{"n":%d}' % n)
    return replace(made, **more)


def note(n: int, at: int = NOW, text: str = "tungpust", **more: object) -> TimelineEntry:
    made = TimelineEntry(f"00000000-0000-4000-8000-{n:012d}", "note", at, "Kari", text)
    return replace(made, **more)


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Short ways to make domain objects."""
    return SimpleNamespace(
        person=person,
        kept=kept,
        reading=reading,
        plan=plan,
        episode=episode,
        item=item,
        op=op,
        note=note,
        now=NOW,
        key=KEY,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.create(folder, KEY) as opened:
        yield opened

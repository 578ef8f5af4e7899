"""What was seen of a patient's readings is carried on over restarts and by other processes, or not used."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from fhir_r4 import seen_state, task_patches
from fhir_r4.care_plans import care_plan
from followup_server.bulk import loading
from followup_server.judging import compartments, patient_rows
from followup_server.judging.compartments import Compartments
from followup_server.judging.patients import judge_all, judge_patients
from followup_server.storage import schema
from followup_server.storage.store import ResourceStore
from threshold_engine import format_instant
from threshold_engine.abridging import since_when
from work_items import ItemState

Made = Callable[..., dict[str, Any]]
MINUTE = 60_000
HOUR = 60 * MINUTE
START = 1_780_000_000_000
RULES: list[dict[str, Any]] = [
    {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88, "need": 2, "of": 3},
    {"id": "rise", "kind": "change", "code": "weight", "window": "P3D", "rise_yellow": 2},
    {"id": "silent", "kind": "missing", "codes": ["spo2", "weight"], "every": "PT12H", "grace": "PT2H"},
    {"id": "mood", "kind": "answer", "code": "cat/q1", "red": ["bad"]},
    {
        "id": "sum",
        "kind": "points",
        "yellow_at": 2,
        "terms": [
            {"code": "spo2", "fall": [{"at": 3, "points": 2}], "baseline": "P5D", "at_least": 2},
            {"code": "weight", "above": [{"at": 83, "points": 1}]},
        ],
    },
]


class Clock:
    now = START

    def __call__(self) -> int:
        return self.now


def patient(logical: str) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical}


def plan(logical: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    version = {"version": 1, "valid_from": format_instant(START - 30 * 24 * HOUR), "rules": rules}
    return {**care_plan(logical, {"versions": [version]}, title="Kols"), "id": f"plan-{logical}"}


def reading(logical: str, code: str, value: float, at: int, **members: Any) -> dict[str, Any]:
    number, unit = {"spo2": ("59408-5", "%"), "weight": ("29463-7", "kg")}[code]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": number}]},
        "subject": {"reference": f"Patient/{logical}"},
        "effectiveDateTime": format_instant(at),
        "issued": format_instant(at + MINUTE),
        "valueQuantity": {"value": Decimal(str(value)), "system": "http://unitsofmeasure.org", "code": unit},
        **members,
    }


def answered(logical: str, mood: str, at: int) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "http://x/cat",
        "subject": {"reference": f"Patient/{logical}"},
        "authored": format_instant(at),
        "item": [{"linkId": "q1", "answer": [{"valueString": mood}]}],
    }


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def read_readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of resources with readings that the judge has read from the database."""
    seen: list[str] = []
    really = patient_rows.decode

    def counting(body: bytes) -> dict[str, Any]:
        raw = really(body)
        if raw["resourceType"] in ("Observation", "QuestionnaireResponse"):
            seen.append(str(raw["resourceType"]))
        return raw

    monkeypatch.setattr(patient_rows, "decode", counting)
    return seen


@pytest.fixture
def long_followed(store: ResourceStore) -> ResourceStore:
    """A store with a patient who has 200 readings, judged."""
    readings = [
        reading("p-1", ("spo2", "weight")[n % 2], (96, 80)[n % 2], START - (200 - n) * 3 * HOUR, id=f"o-{n}")
        for n in range(200)
    ]
    loading.load(store, [patient("p-1"), plan("p-1", RULES), *readings])
    judge_all(store, store.clock())
    return store


@pytest.fixture
def restarted(database: str, long_followed: ResourceStore) -> Iterator[ResourceStore]:
    """The same database, opened by a process that has nobody in memory."""
    opened = ResourceStore(database, long_followed.clock)
    yield opened
    opened.close()


def arrive(store: ResourceStore, *raws: dict[str, Any]) -> None:
    """Write resources, and judge whom they are about."""
    with store.write() as session:
        for raw in raws:
            if "id" in raw:
                session.update(str(raw["id"]), raw)
            else:
                session.create(raw)
    judge_patients(store, session.changes.touched, store.clock())


def tasks(store: ResourceStore) -> list[tuple[str, str]]:
    found = [stored.raw for stored in store.search("Task", []).matches]
    return sorted((str(raw["priority"]), str(raw["status"])) for raw in found)


def test_one_new_reading_after_a_restart_reads_no_old_one(
    restarted: ResourceStore, read_readings: list[str]
) -> None:
    arrive(restarted, reading("p-1", "spo2", 85, START - 2 * MINUTE))
    assert read_readings == ["Observation"]
    arrive(restarted, reading("p-1", "spo2", 85, START - MINUTE))
    assert read_readings == ["Observation"], "what this process wrote itself it doesn't read"
    assert tasks(restarted) == [("stat", "requested"), ("urgent", "requested")]


@pytest.mark.parametrize(
    "late",
    [
        reading("p-1", "spo2", 80, START - 100 * HOUR, id="from before what is kept"),
        reading("p-1", "spo2", 80, START - HOUR, id="o-198"),
    ],
    ids=["long ago", "corrected"],
)
def test_what_reaches_back_is_judged_with_all_readings(
    restarted: ResourceStore, read_readings: list[str], late: dict[str, Any]
) -> None:
    arrive(restarted, {**late, "id": str(late["id"]).replace(" ", "-")})
    assert len(read_readings) >= 200


def test_another_plan_is_judged_with_all_readings(restarted: ResourceStore, read_readings: list[str]) -> None:
    arrive(restarted, plan("p-1", [{**RULES[0], "yellow_below": 97, "need": 1, "of": 1}]))
    assert len(read_readings) == 200
    assert ("urgent", "requested") in tasks(restarted)


def test_a_plan_changed_in_words_only_is_carried_on(
    restarted: ResourceStore, read_readings: list[str]
) -> None:
    arrive(restarted, {**plan("p-1", RULES), "title": "Kols og hjertesvikt"})
    assert read_readings == []


def test_a_second_reading_with_one_identifier_is_judged_with_all_readings(
    database: str, long_followed: ResourceStore, read_readings: list[str]
) -> None:
    """Which of the two counts can't be told without the first one, which is forgotten."""
    named = {"identifier": [{"system": "urn:d", "value": "1"}]}
    arrive(long_followed, reading("p-1", "spo2", 96, START - 99 * HOUR, **named))
    opened = ResourceStore(database, long_followed.clock)
    read_readings.clear()
    arrive(opened, reading("p-1", "spo2", 95, START - MINUTE, **named))
    opened.close()
    assert len(read_readings) > 200


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=["empty", "nonsense", "cut"])
def test_a_damaged_state_is_logged_and_judged_anew(
    restarted: ResourceStore, read_readings: list[str], caplog: pytest.LogCaptureFixture, damage: bytes | None
) -> None:
    state = schema.judged_state.c.state
    with restarted.write() as session:
        whole = bytes(session.connection.execute(select(state)).scalar_one())
        broken = whole[: len(whole) // 2] if damage is None else damage
        session.connection.execute(update(schema.judged_state).values(state=broken))

    with caplog.at_level(logging.WARNING):
        arrive(restarted, reading("p-1", "spo2", 95, START - MINUTE))

    assert len(read_readings) == 202
    assert "damaged" in caplog.text
    assert "p-1" not in caplog.text


def test_a_state_is_small_however_long_the_history(long_followed: ResourceStore) -> None:
    with long_followed.reading() as connection:
        (state,) = connection.execute(select(schema.judged_state.c.state)).scalars()
    assert len(state) < 6_000


class World:
    """A database on which readings arrive, by some way of judging."""

    def __init__(self, database: str, clock: Clock, stores: int) -> None:
        self._database, self._clock = database, clock
        self.stores = [ResourceStore(database, clock) for _ in range(stores)]

    def restart(self, number: int) -> None:
        self.stores[number].close()
        self.stores[number] = ResourceStore(self._database, self._clock)

    def everything(self) -> dict[str, Any]:
        """All resources by reference, without what only the store says of them; and who is due when."""
        found: dict[str, Any] = {
            stored.reference: (stored.version, {**stored.raw, "meta": None}, stored.raw["meta"]["versionId"])
            for kind in ("Task", "DetectedIssue", "Observation")
            for stored in self.stores[0].search(kind, [("_count", "1000")]).matches
        }
        with self.stores[0].reading() as connection:
            state = schema.patient_state.c
            found["due"] = sorted(map(tuple, connection.execute(select(state.patient, state.due))))
        return found

    def close(self) -> None:
        for store in self.stores:
            store.close()


def some_change(chance: random.Random, world: World, number: int, now: int) -> dict[str, Any] | str:
    """What happens next: a resource that arrives, or the id of a reading that is deleted."""
    who = chance.choice(("p-1", "p-2"))
    code = chance.choice(("spo2", "spo2", "weight"))
    value = chance.choice((96, 95, 93, 91, 91, 86, 30) if code == "spo2" else (80, 80.5, 81, 84, 12))
    late = chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 9, 40, -1))
    made = reading(who, code, value, now - late * HOUR - chance.randrange(3) * MINUTE, id=f"o-{number}")
    earlier, found = f"o-{chance.randrange(number + 1)}", []
    dice = chance.randrange(24)
    if dice in (8, 9):
        found = [one.raw for one in world.stores[0].search("Task", [("status", "requested")]).matches]
    if found:
        first = min(found, key=lambda raw: str(raw["id"]))
        return task_patches.closed(first, ItemState.COMPLETED, now, "contacted")
    without_issued = {name: member for name, member in made.items() if name != "issued"}
    form = answered(who, chance.choice(("bad", "fine")), now - late * HOUR)
    device = {"system": "urn:d", "value": str(chance.randrange(30))}
    changes: dict[int, dict[str, Any] | str] = {
        0: {**made, "id": earlier},
        1: {**made, "id": earlier, "status": "entered-in-error"},
        2: earlier,
        3: plan(who, chance.sample(RULES, 4)),
        4: {**form, "id": f"q-{number}"},
        5: {**form, "id": f"q-{number}"},
        6: without_issued,
        7: {**made, "identifier": [device]},
    }
    return changes.get(dice, made)


def happen(store: ResourceStore, change: dict[str, Any] | str) -> None:
    if isinstance(change, dict):
        arrive(store, change)
    elif any(stored.id == change for stored in store.search("Observation", [("_id", change)]).matches):
        with store.write() as session:
            session.delete("Observation", change)
        judge_patients(store, session.changes.touched, store.clock())


@pytest.mark.parametrize("seed", range(2))
def test_carried_on_by_two_processes_it_comes_to_what_judging_anew_comes_to(
    database: str, tmp_path: Path, clock: Clock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compartments, "SAVED_AFTER", 3)
    monkeypatch.setattr(compartments, "MOST_READINGS", 5)
    monkeypatch.setattr(seen_state, "since_when", partial(since_when, slack=5 * HOUR))
    carried, anew = World(database, clock, 2), World(str(tmp_path / "anew.db"), clock, 1)
    chance = random.Random(seed)  # noqa: S311
    for world in (carried, anew):
        loading.load(
            world.stores[0], [patient("p-1"), patient("p-2"), plan("p-1", RULES), plan("p-2", RULES)]
        )
        judge_all(world.stores[0], clock())
    try:
        for number in range(81):
            clock.now += chance.choice((0, 10 * MINUTE, HOUR, 4 * HOUR))
            number_of_store = chance.randrange(2)
            if chance.random() < 0.1:
                carried.restart(number_of_store)
            change = some_change(chance, anew, number, clock.now)
            happen(carried.stores[number_of_store], change)
            forget(anew.stores[0])
            happen(anew.stores[0], change)
            if number % 5 == 0:
                assert carried.everything() == anew.everything(), f"seed {seed}, after {number}: {change}"
    finally:
        carried.close()
        anew.close()


def forget(store: ResourceStore) -> None:
    """Let nothing be kept, in memory or in the database."""
    store.compartments = Compartments()
    with store.write() as session:
        session.connection.execute(delete(schema.judged_state))

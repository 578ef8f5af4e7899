"""The law: over a cache that has everything, this console finds what the server finds, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_r4.care_plans import plan_of, with_plan_json
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.simulator import simulate_into
from followup_server.simulator.generation import Simulation, numbered
from followup_server.simulator.live import _last_numbers, upcoming
from followup_server.simulator.store_target import StoreTarget
from followup_server.storage.store import ResourceStore
from local_store.store import Store
from threshold_engine import format_instant, parse_instant
from triage_tui.sync.local_judging import LocalJudge
from triage_tui.sync.round import sync_once
from work_items import Centre, Item

UNTIL = parse_instant("2026-03-03T09:31:00+01:00")
HOUR, DAY = 3_600_000, 86_400_000
PATIENTS = 12


class World:
    """A simulated centre that goes on, and a console on it."""

    def __init__(self, folder: Path, seed: int, days: int) -> None:
        self.now = UNTIL
        self.rng = random.Random(seed)  # noqa: S311 - simulated data
        self.made = Simulation(PATIENTS, days, seed, UNTIL)
        self.server = ResourceStore(folder / "fhir.db", lambda: self.now)
        simulate_into(self.server, patients=PATIENTS, days=days, seed=seed, until=UNTIL)
        self.target = StoreTarget(self.server, Centre())
        self.cache = Store.create(folder / "console", bytes(range(32)))
        self.judge = LocalJudge()
        self.coming = upcoming(self.made)
        self.waiting = next(self.coming)
        self.last = _last_numbers(self.made)
        self.patients = [self.made.patient_id(person) for person in self.made.people]

    def sync(self, url: str) -> None:
        with FhirClient(url, authorization="Bearer demo-kari", timeout=30, clock=lambda: self.now) as client:
            assert sync_once(self.cache, client, lambda: self.now, judge=self.judge).complete

    def go_on(self, hours: int) -> None:
        """Time passes; what is received meanwhile is on the server, some of it corrected; plans change."""
        self.now += hours * HOUR
        batch: list[Raw] = []
        while self.waiting[0].received <= self.now:
            arrival, person = self.waiting
            batch += arrival.resources(
                self.made.seed, numbered(self.last, arrival), self.made.patient_id(person)
            )
            self.waiting = next(self.coming)
        self.target.put(batch)
        self.target.put(list(self._corrections()))
        self.target.put(list(self._plan_changes()))

    def _corrections(self) -> Iterator[Raw]:
        found = list(
            self.target.everything("Observation", ("date", f"ge{format_instant(self.now - 2 * DAY)}"))
        )
        for raw in self.rng.sample(found, min(3, len(found))):
            if self.rng.random() < 0.5:
                yield {**raw, "status": "entered-in-error"}
            elif isinstance(raw.get("valueQuantity"), dict):
                value = {**raw["valueQuantity"], "value": raw["valueQuantity"]["value"] + 7}
                yield {**raw, "status": "corrected", "valueQuantity": value}

    def _plan_changes(self) -> Iterator[Raw]:
        patient = self.rng.choice(self.patients)
        (raw,) = self.target.everything("CarePlan", ("patient", patient), ("status", "active"))
        document = plan_of(raw)
        versions: list[Any] = list(document.plan_json["versions"])  # type: ignore[call-overload]
        rules = list(versions[-1]["rules"])
        rules.pop(self.rng.randrange(len(rules)))
        new = {
            "version": versions[-1]["version"] + 1,
            "valid_from": format_instant(self.now - HOUR),
            "rules": rules,
        }
        if rules:
            yield with_plan_json(raw, {**document.plan_json, "versions": [*versions, new]})

    def judged_there(self) -> None:
        self.target.judge(self.patients, self.now)

    def items(self) -> dict[str, tuple[Item, bool]]:
        """Open work about alerts as the console shows it: by Task, with whether the server has it."""
        with self.cache.read() as snapshot:
            found = [stored for one in self.patients for stored in snapshot.items_of(one)]
        return {
            stored.item.task: (stored.item, stored.reference is not None)
            for stored in found
            if stored.item.episode is not None
        }

    def differing(self) -> int:
        with self.cache.engine.connect() as connection:
            count: int = connection.exec_driver_sql("SELECT count(*) FROM disagreement").scalar_one()
        return count

    def close(self) -> None:
        self.cache.close()
        self.server.close()


def agree(world: World) -> None:
    shown = world.items()
    assert not [item for item, _ in shown.values() if item.local]
    assert world.differing() == 0
    for task in world.target.everything("Task", ("status", "requested,in-progress,on-hold")):
        uuid = str(task["identifier"][0]["value"]).removeprefix("urn:uuid:")  # type: ignore[index]
        if uuid in shown:
            assert shown[uuid][0].band.word == {"stat": "red", "urgent": "yellow"}.get(
                str(task["priority"]), "blue"
            )


@pytest.mark.parametrize(("seed", "days"), [(6, 5), (9, 110)])
def test_console_and_server_find_the_same(tmp_path: Path, seed: int, days: int) -> None:
    world, found_first = World(tmp_path, seed, days), 0
    app = create_app(world.server, auth="demo", clock=lambda: world.now, centre=Centre(), judges=False)
    try:
        with in_background(app) as url:
            world.sync(url)
            agree(world)
            for _ in range(4):
                before = set(world.items())
                world.go_on(world.rng.choice((3, 8, 30)))
                world.sync(url)
                here = {task: item for task, (item, there) in world.items().items() if not there}
                world.judged_there()
                world.sync(url)
                agree(world)
                after = world.items()
                assert set(after) - before == set(here)
                found_first += len(here)
                for task, item in here.items():
                    there = after[task][0]
                    assert (there.band, there.raised, there.respond_by, there.level, there.marks) == (
                        item.band,
                        item.raised,
                        item.respond_by,
                        item.level,
                        item.marks,
                    )
            assert found_first  # else the law was tested on nothing
    finally:
        world.close()

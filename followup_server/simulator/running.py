"""A simulated centre brought to life: loaded, judged, its old alerts closed by its nurses, judged again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from fhir_r4 import issues, tasks
from fhir_r4.raw import Raw
from followup_server.problems import PlainError
from followup_server.simulator.generation import Simulation
from followup_server.simulator.nurses import OpenItem, Shift, closed
from followup_server.simulator.store_target import StoreTarget
from followup_server.storage import demo_centre
from threshold_engine.model import Instant
from work_items.centre import Centre

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Told the stage, how much of it is done, and of how much (None: nobody knows).

Stages are `patients`, `readings`, `judging`, `nurses` and `sending`.
"""

NURSES = tuple(user.reference for user in demo_centre.USERS.values() if user.login != "device")
_TELL_EVERY = 500


class SimulationExists(PlainError):
    """There already is a centre of this seed, of another length or end."""

    def __init__(self, seed: int) -> None:
        super().__init__(
            f"There already is a simulated centre of seed {seed}, with other patients, days or end.",
            "Take another seed or another database.",
        )


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What a simulated centre came to."""

    patients: int
    observations: int
    closed: int
    """Work items that the nurses have closed."""


def simulate(target: StoreTarget, made: Simulation, centre: Centre, progress: Progress) -> SimulationReport:
    """Put the centre into a store, so that it is as it would be at `made.until`.

    What was raised before the opening day that precedes the end has been closed by the nurses: it is judged
    with what had been received by that morning, closed, and judged again with all the rest. The same centre
    put again changes nothing. Raises SimulationExists where another one of the seed is there.
    """
    told = _Counted(progress)
    again = is_there(target.read, made)
    opening = centre.start_of_previous_opening_day(made.until)
    target.put(told.each("patients", made.persons()))
    target.put(told.each("readings", made.sent(received_by=opening)))
    patients = [made.patient_id(person) for person in made.people]
    done: list[Raw] = []
    if opening > made.start and not again:
        target.judge(patients, opening, told.judged)
        done = list(_closed_before(target, made, centre, opening, frozenset(patients)))
        progress("nurses", len(done), None)
        target.put(done)
    target.put(told.each("readings", made.sent(received_after=opening)))
    target.judge(patients, made.until, told.judged)
    closed_items = sum(raw["resourceType"] == "Task" for raw in done)
    return SimulationReport(len(patients), told.types["Observation"], closed_items)


def is_there(read: Callable[[str, str], Raw | None], made: Simulation) -> bool:
    """Whether this very centre is there already, by its first and its last plan.

    `read` gives the resource of a type and id, or none. Raises SimulationExists where another one is there.
    """
    plans = [made.care_plan(person) for person in (*made.people[:1], *made.people[-1:])]
    there = [read("CarePlan", str(plan["id"])) for plan in plans]
    if not any(there):
        return False
    if all(
        found and found.get("extension") == plan["extension"]
        for found, plan in zip(there, plans, strict=True)
    ):
        return True
    raise SimulationExists(made.seed)


def _closed_before(
    target: StoreTarget, made: Simulation, centre: Centre, opening: Instant, patients: frozenset[str]
) -> Iterator[Raw]:
    waiting: list[OpenItem] = []
    for task, issue in target.open_work():
        item = tasks.item_of(task, issues.episode_of(issue) if issue else None)
        if item.patient in patients and item.raised < opening:
            waiting.append(OpenItem(task, item))
    gps = {made.patient_id(person): made.gp(person) for person in made.people}
    messages = sum(arrival.kinds.count("Communication") for _, _, arrival in made.arrived())
    shift = Shift(made.seed, opening, made.until - 60_000, NURSES, centre, gps, messages)
    return closed(waiting, shift)


class _Counted:
    """Passes resources on, counts them, and tells now and then how many have passed."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stages: Counter[str] = Counter()
        self.types: Counter[str] = Counter()

    def each(self, stage: str, resources: Iterable[Raw]) -> Iterator[Raw]:
        for raw in resources:
            self.types[str(raw["resourceType"])] += 1
            self._stages[stage] += 1
            if self._stages[stage] % _TELL_EVERY == 0:
                self._progress(stage, self._stages[stage], None)
            yield raw
        self._progress(stage, self._stages[stage], None)

    def judged(self, done: int, total: int) -> None:
        """So many patients of so many are judged."""
        self._progress("judging", done, total)

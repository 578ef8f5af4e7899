"""A simulated centre brought to life: loaded, judged, its old alerts closed by its nurses, judged again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from fhir_r4 import issues, tasks
from fhir_r4.raw import Raw
from followup_server import demo_centre
from followup_server.problems import PlainError
from followup_server.simulator.generation import Simulation
from followup_server.simulator.nurses import OpenItem, Shift, closed
from threshold_engine.model import Instant
from work_items.centre import Centre

Progress: TypeAlias = Callable[[str, int], None]
"""Told the stage and how much of it is done: `patients`, `readings`, `judging`, `nurses`."""

NURSES = tuple(user.reference for user in demo_centre.USERS.values() if user.login != "device")
_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Work:
    """A Task with the DetectedIssue that it is about, if any."""

    task: Raw
    issue: Raw | None


class SimulationExists(PlainError):
    """There already is a centre of this seed, of another length or end."""

    def __init__(self, seed: int) -> None:
        super().__init__(
            f"There already is a simulated centre of seed {seed}, with other patients, days or end.",
            "Take another seed or another database.",
        )


class Target(Protocol):
    """Where a simulated centre is put."""

    judges_itself: bool
    """Whether what is put is judged by the other side, at its own now."""

    def put(self, resources: Iterable[Raw]) -> None:
        """Create the resources under their ids, or replace those that are there."""

    def judge(self, patients: Collection[str], now: Instant) -> None:
        """Judge these patients (logical ids) as of an instant."""

    def open_work(self) -> Iterator[Work]:
        """All Tasks that aren't closed."""

    def read(self, resource_type: str, logical: str) -> Raw | None:
        """A resource by its id there, or none."""

    def logical_id(self, resource_type: str, ours: str) -> str:
        """The id that the other side knows a resource by, which we gave the id `ours`."""


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What a simulated centre came to."""

    patients: int
    observations: int
    closed: int
    """Work items that the nurses have closed."""


def simulate(target: Target, made: Simulation, centre: Centre, progress: Progress) -> SimulationReport:
    """Put the centre into `target`, so that it is as it would be at `made.until`.

    What was raised before the opening day that precedes the end has been closed by the nurses: it is judged
    with what had been received by that morning, closed, and judged again with all the rest. The same centre
    put again changes nothing. Raises SimulationExists where another one of the seed is there.
    """
    told = _Counted(progress)
    again = _is_there(target, made)
    opening = centre.start_of_previous_opening_day(made.until)
    target.put(told.each("patients", made.persons()))
    patients = [target.logical_id("Patient", made.patient_id(person)) for person in made.people]
    first = made.until if target.judges_itself else opening
    target.put(told.each("readings", made.readings(received_by=first)))
    done: list[Raw] = []
    if opening > made.start and not again:
        progress("judging", 0)
        target.judge(patients, opening)
        done = list(_closed_before(target, made, centre, opening, frozenset(patients)))
        progress("nurses", len(done))
        target.put(done)
    target.put(told.each("readings", made.readings(received_after=first)))
    progress("judging", 0)
    target.judge(patients, made.until)
    closed_items = sum(raw["resourceType"] == "Task" for raw in done)
    return SimulationReport(len(patients), told.counts.get("readings", 0), closed_items)


def _is_there(target: Target, made: Simulation) -> bool:
    """Whether this very centre is there already, by its first and its last plan."""
    plans = [made.care_plan(person) for person in (*made.people[:1], *made.people[-1:])]
    there = [target.read("CarePlan", target.logical_id("CarePlan", str(plan["id"]))) for plan in plans]
    if not any(there):
        return False
    if all(
        found and found.get("extension") == plan["extension"]
        for found, plan in zip(there, plans, strict=True)
    ):
        return True
    raise SimulationExists(made.seed)


def _closed_before(
    target: Target, made: Simulation, centre: Centre, opening: Instant, patients: frozenset[str]
) -> Iterator[Raw]:
    waiting: list[OpenItem] = []
    for work in target.open_work():
        episode = issues.episode_of(work.issue) if work.issue else None
        item = tasks.item_of(work.task, episode)
        if item.patient in patients and item.raised < opening:
            waiting.append(OpenItem(work.task, item))
    shift = Shift(made.seed, opening, made.until - 60_000, NURSES, centre)
    return closed(waiting, shift)


class _Counted:
    """Passes resources on, and tells now and then how many have passed."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.counts: dict[str, int] = {}

    def each(self, stage: str, resources: Iterable[Raw]) -> Iterator[Raw]:
        for raw in resources:
            self.counts[stage] = self.counts.get(stage, 0) + 1
            if self.counts[stage] % _TELL_EVERY == 0:
                self._progress(stage, self.counts[stage])
            yield raw
        self._progress(stage, self.counts.get(stage, 0))

"""A simulated centre as a stream of FHIR resources: pure, and the same for the same arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from fhir_r4.raw import Raw
from followup_server import demo_centre
from followup_server.simulator import observations, plans, resources
from followup_server.simulator.identity import logical_id
from followup_server.simulator.measurements import Diary, Measured, baseline_weeks
from followup_server.simulator.people import Person, people
from followup_server.simulator.stories import DAY, Story, story
from threshold_engine.model import Instant

FIRST_WEEKS = 21
"""Days of readings, before the simulation begins, from which each person's limits are taken."""

EVER: Instant = 2**60


@dataclass(frozen=True)
class Simulation:
    """What there is to know of a simulated centre. Instants are UTC milliseconds."""

    patients: int
    days: int
    seed: int
    until: Instant

    @property
    def start(self) -> Instant:
        """The first instant of the simulated time, from which the plans are in force."""
        return (self.until - self.days * DAY) // 60_000 * 60_000

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who is followed up."""
        return people(self.seed, self.patients)

    def story(self, person: Person) -> Story:
        """What happens to somebody."""
        return story(self.seed, person, self.start, self.until)

    def diary(self, person: Person) -> Diary:
        """What somebody measures."""
        return Diary(self.seed, person, self.story(person))

    def patient_id(self, person: Person) -> str:
        """Logical id of the Patient."""
        return logical_id(self.seed, "Patient", person.n)

    def persons(self) -> Iterator[Raw]:
        """Surgeries, GPs, Patients, Flags, CarePlans: a type at a time, each after those it refers to."""
        yield from self.surgeries()
        yield from map(self.patient, self.people)
        for warnings in self._flags():
            yield from warnings
        yield from map(self.care_plan, self.people)

    def families(self) -> Iterator[list[Raw]]:
        """What is one patient's, all together: the Patient first, then Flags, CarePlan, Observations."""
        readings = groupby(self.measured(), key=lambda found: found[1].n)
        following = next(readings, None)
        for person, warnings in zip(self.people, self._flags(), strict=True):
            family = [self.patient(person), *warnings, self.care_plan(person)]
            if following is not None and following[0] == person.n:
                patient = self.patient_id(person)
                family += (observations.observation(self.seed, n, patient, m) for n, _, m in following[1])
                following = next(readings, None)
            yield family

    def surgeries(self) -> Iterator[Raw]:
        """The GPs and where they work."""
        return resources.surgeries(self.seed)

    def patient(self, person: Person) -> Raw:
        """Somebody's Patient."""
        return resources.patient(self.seed, person, demo_centre.CENTRE_REFERENCE)

    def _flags(self) -> Iterator[list[Raw]]:
        n = 1
        for person in self.people:
            warnings = resources.flags(self.seed, person, self.start, n)
            n += len(warnings)
            yield warnings

    def care_plan(self, person: Person) -> Raw:
        """Somebody's CarePlan."""
        first_weeks = baseline_weeks(self.diary(person), self.start, FIRST_WEEKS)
        proposed = plans.proposal(self.seed, person, first_weeks, self.start)
        return plans.care_plan(self.seed, person, proposed, self.start, _planner())

    def measured(self) -> Iterator[tuple[int, Person, Measured]]:
        """Everything received by the end, numbered from 1: patient by patient, each in the order of time."""
        n = 0
        for person in self.people:
            for measured in self.diary(person).between(self.start, self.until):
                if measured.received <= self.until:
                    n += 1
                    yield n, person, measured

    def readings(self, received_after: Instant = -1, received_by: Instant = EVER) -> Iterator[Raw]:
        """The Observations received after the one instant and by the other."""
        for n, person, measured in self.measured():
            if received_after < measured.received <= received_by:
                yield observations.observation(self.seed, n, self.patient_id(person), measured)


def _planner() -> Raw:
    """A reference to the nurse who drew up the plans."""
    user = demo_centre.USERS["kari"]
    return {"reference": user.reference, "display": user.name}

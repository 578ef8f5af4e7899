"""A simulated centre as a stream of FHIR resources: pure, and the same for the same arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeAlias

from fhir_r4.raw import Raw
from followup_server.simulator import plans, resources
from followup_server.simulator.identity import logical_id
from followup_server.simulator.measurements import Diary, Measured, baseline_weeks
from followup_server.simulator.people import Person, people
from followup_server.simulator.questionnaires import questionnaires
from followup_server.simulator.sending import Letters, Sent, consultation_form, fracture_planned
from followup_server.simulator.stories import DAY, Story, story
from followup_server.storage import demo_centre
from threshold_engine.model import Instant

FIRST_WEEKS = 21
"""Days of readings, before the simulation begins, from which each person's limits are taken."""

EVER: Instant = 2**60

Arrival: TypeAlias = Measured | Sent
"""What a patient measured or sent."""


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
        """Surgeries, GPs, forms, Patients, Flags, CarePlans: a type at a time, after those it refers to."""
        yield from self.shared()
        yield from map(self.patient, self.people)
        for warnings in self._flags():
            yield from warnings
        yield from map(self.care_plan, self.people)

    def families(self) -> Iterator[list[Raw]]:
        """What is one patient's, all together: the Patient first, then Flags, CarePlan, what she has sent."""
        arrived = groupby(self.arrived(), key=lambda found: found[1].n)
        following = next(arrived, None)
        for person, warnings in zip(self.people, self._flags(), strict=True):
            family = [self.patient(person), *warnings, self.care_plan(person)]
            if following is not None and following[0] == person.n:
                for numbers, _, arrival in following[1]:
                    family += arrival.resources(self.seed, numbers, self.patient_id(person))
                following = next(arrived, None)
            yield family

    def shared(self) -> Iterator[Raw]:
        """What is nobody's: the GPs, where they work, and the forms."""
        yield from resources.surgeries(self.seed)
        yield from questionnaires(self.seed)

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
        since = self.planned(person)
        first_weeks = baseline_weeks(self.diary(person), since, FIRST_WEEKS)
        proposed = plans.proposal(self.seed, person, first_weeks, since)
        return plans.care_plan(self.seed, person, proposed, since, _planner(), self.story(person).away)

    def gp(self, person: Person) -> str:
        """Reference of somebody's GP."""
        return str(resources.gp_reference(self.seed, person.gp)["reference"])

    def planned(self, person: Person) -> Instant:
        """From when somebody's plan is in force."""
        is_fracture = person.programme == "wrist_fracture"
        return fracture_planned(self.seed, person, self.until) if is_fracture else self.start

    def arrivals(self, person: Person, after: Instant, by: Instant) -> Iterator[Arrival]:
        """What somebody measured and sent in (after, by], whenever it was received."""
        yield from self.diary(person).between(after, by)
        yield from Letters(self.seed, person, self.story(person)).between(after, by)
        if person.programme == "wrist_fracture":
            form = consultation_form(self.seed, person, self.planned(person))
            first = after if after > self.start else self.planned(person)
            if form is not None and first < form.at <= by:
                yield form

    def arrived(self) -> Iterator[tuple[tuple[int, ...], Person, Arrival]]:
        """Everything received by the end with the numbers of its resources: patient by patient.

        A patient's measurements come first, in the order of time. Numbers count from 1 for each type.
        """
        last: Counter[str] = Counter()
        for person in self.people:
            for arrival in self.arrivals(person, self.start, self.until):
                if arrival.received <= self.until:
                    yield numbered(last, arrival), person, arrival

    def measured(self) -> Iterator[tuple[int, Person, Measured]]:
        """The measurements among them, each with its Observation's number."""
        for numbers, person, arrival in self.arrived():
            if isinstance(arrival, Measured):
                yield numbers[0], person, arrival

    def sent(self, received_after: Instant = -1, received_by: Instant = EVER) -> Iterator[Raw]:
        """What patients sent, received after the one instant and by the other."""
        for numbers, person, arrival in self.arrived():
            if received_after < arrival.received <= received_by:
                yield from arrival.resources(self.seed, numbers, self.patient_id(person))


def numbered(last: Counter[str], arrival: Arrival) -> tuple[int, ...]:
    """The next number for each of an arrival's resources, of those counted in `last`."""
    numbers: list[int] = []
    for kind in arrival.kinds:
        last[kind] += 1
        numbers.append(last[kind])
    return tuple(numbers)


def _planner() -> Raw:
    """A reference to the nurse who drew up the plans."""
    user = demo_centre.USERS["kari"]
    return {"reference": user.reference, "display": user.name}

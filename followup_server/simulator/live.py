"""The simulated centre going on: what patients send is posted when it is received."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Protocol

from fhir_r4.client_errors import FhirError
from fhir_r4.raw import Raw
from followup_server.simulator.generation import Arrival, Simulation, numbered
from followup_server.simulator.people import Person
from followup_server.simulator.stories import DAY
from threshold_engine.model import Clock, Instant

LARGEST_BATCH = 100
LONGEST_WAIT_S = 5.0
_LATEST_ARRIVAL = 3 * DAY
"""A reading arrives at most so long after it was measured."""
_WRITTEN_BY_NURSES = 1_000_000
"""More than nurses ever write in a simulation."""


class Target(Protocol):
    """Where the readings are posted."""

    def put(self, resources: Iterable[Raw]) -> None:
        """Create the resources under their ids, or replace those that are there."""

    def judge(self, patients: Collection[str], now: Instant) -> None:
        """Judge these patients (logical ids) as of an instant."""

    def logical_id(self, resource_type: str, ours: str) -> str:
        """The id that the other side knows a resource by, which we gave the id `ours`."""


class Sleep(Protocol):
    """Waits so many seconds; a test passes one that doesn't."""

    def __call__(self, seconds: float, /) -> None: ...


def upcoming(made: Simulation) -> Iterator[tuple[Arrival, Person]]:
    """Everything received after the end of the simulation, in the order of arrival, without end."""
    waiting: list[tuple[Instant, int, int, Arrival, Person]] = []
    seen = 0
    day_from, day_to = made.until - _LATEST_ARRIVAL, made.until
    while True:
        for person in made.people:
            for arrival in made.arrivals(person, day_from, day_to):
                if arrival.received > made.until:
                    seen += 1
                    heapq.heappush(waiting, (arrival.received, person.n, seen, arrival, person))
        # Whatever is sent from here on arrives after it was sent: all that comes before is known.
        while waiting and waiting[0][0] <= day_to:
            *_, arrival, person = heapq.heappop(waiting)
            yield arrival, person
        day_from, day_to = day_to, day_to + DAY


def hurried(start: Instant, speed: float, elapsed: Clock, now: Clock) -> Clock:
    """A clock that runs from `start` so many times as fast as `elapsed` (milliseconds that pass).

    One that begins in the past doesn't overtake `now`: a server takes what is dated ahead for what it isn't.
    """
    began, behind = elapsed(), start < now()

    def clock() -> Instant:
        hurrying = start + int((elapsed() - began) * speed)
        return min(hurrying, now()) if behind else hurrying

    return clock


def go_on(
    target: Target,
    made: Simulation,
    clock: Clock,
    sleep: Sleep,
    tell: Callable[[int], None],
    trouble: Callable[[FhirError], None],
) -> None:
    """Post what is received from `made.until` on, as the clock reaches it; ends only by an exception.

    At most 100 arrivals at a time. `tell` is given the number posted so far; `trouble` an error that may
    pass, after which the same batch is posted again. `sleep` takes seconds of the clock's time.
    """
    last = _last_numbers(made)
    posted = 0
    coming = upcoming(made)
    arrival, person = next(coming)
    while True:
        now = clock()
        batch: list[Raw] = []
        patients: set[str] = set()
        while arrival.received <= now and len(batch) < LARGEST_BATCH - 1:
            numbers = numbered(last, arrival)
            batch += arrival.resources(made.seed, numbers, made.patient_id(person))
            patients.add(target.logical_id("Patient", made.patient_id(person)))
            posted += 1
            arrival, person = next(coming)
        if not batch:
            sleep(min(LONGEST_WAIT_S, max(0.05, (arrival.received - now) / 1000)))
            continue
        _post(target, batch, sleep, trouble)
        target.judge(patients, now)
        tell(posted)


def _last_numbers(made: Simulation) -> Counter[str]:
    """The numbers that are taken; nurses have written Communications beside those of the patients."""
    last: Counter[str] = Counter()
    for _, _, arrival in made.arrived():
        last.update(arrival.kinds)
    last["Communication"] += _WRITTEN_BY_NURSES
    return last


def _post(target: Target, batch: list[Raw], sleep: Sleep, trouble: Callable[[FhirError], None]) -> None:
    while True:
        try:
            target.put(batch)
        except FhirError as error:
            if not error.may_retry:
                raise
            trouble(error)
            sleep(LONGEST_WAIT_S)
        else:
            return

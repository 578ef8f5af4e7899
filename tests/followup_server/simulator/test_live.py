"""The simulated centre going on in real time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice

import pytest

from fhir_r4.client_errors import FhirError, Refused, ServerUnreachable
from fhir_r4.raw import Raw
from followup_server.simulator.generation import Simulation
from followup_server.simulator.live import LARGEST_BATCH, go_on, hurried, upcoming
from followup_server.simulator.stories import DAY
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant

UNTIL = parse_instant("2026-03-03T08:31:00Z")
MADE = Simulation(patients=30, days=2, seed=5, until=UNTIL)


class Enough(Exception):
    """The clock has come to the end of the test."""


class Recorder:
    """A target that remembers what it is given, and fails first if told to."""

    def __init__(self, *failures: FhirError) -> None:
        self.batches: list[list[Raw]] = []
        self.judged: list[Instant] = []
        self._failures = list(failures)

    def put(self, resources: Iterable[Raw]) -> None:
        if self._failures:
            raise self._failures.pop(0)
        self.batches.append(list(resources))

    def judge(self, patients: Collection[str], now: Instant) -> None:
        assert list(patients)
        self.judged.append(now)

    def logical_id(self, resource_type: str, ours: str) -> str:
        return ours


class Time:
    """A clock that sleeping moves, and that ends the test after a day."""

    def __init__(self, step: Instant) -> None:
        self.now = UNTIL
        self._step = step

    def __call__(self) -> Instant:
        return self.now

    def sleep(self, _seconds: float) -> None:
        self.now += self._step
        if self.now > UNTIL + DAY:
            raise Enough


def post_for_a_day(target: Recorder, time: Time, trouble: list[FhirError]) -> None:
    with pytest.raises(Enough):
        go_on(target, MADE, time, time.sleep, lambda _posted: None, trouble.append)


def test_arrivals_come_in_order_and_none_twice() -> None:
    first = list(islice(upcoming(MADE), 300))
    received = [arrival.received for arrival, _ in first]
    assert received == sorted(received)
    assert received[0] > UNTIL
    assert len({(arrival, person.n) for arrival, person in first}) == 300
    assert {kind for arrival, _ in first for kind in arrival.kinds} > {"Observation", "QuestionnaireResponse"}


def test_a_day_is_posted_as_it_would_have_been_simulated() -> None:
    target = Recorder()
    post_for_a_day(target, Time(step=60_000), [])
    posted = Counter(str(raw["resourceType"]) for batch in target.batches for raw in batch)
    arrived = (arrival for arrival, _ in islice(upcoming(MADE), 3000))
    wanted = Counter(kind for one in arrived if one.received <= UNTIL + DAY - 60_000 for kind in one.kinds)
    assert posted - Counter(Binary=posted["Binary"]) == wanted
    assert wanted["Observation"] > 50


def test_ids_go_on_where_the_simulation_ended() -> None:
    target = Recorder()
    post_for_a_day(target, Time(step=60_000), [])
    before = {str(raw["id"]) for raw in MADE.sent()}
    after = [str(raw["id"]) for batch in target.batches for raw in batch]
    assert before.isdisjoint(after)
    assert len(set(after)) == len(after)


def test_what_piled_up_is_posted_in_bounded_batches_and_judged() -> None:
    target = Recorder()
    post_for_a_day(target, Time(step=DAY - 1), [])
    sizes = [len(batch) for batch in target.batches]
    assert max(sizes) <= LARGEST_BATCH
    assert len(target.judged) == len(sizes)


def test_a_server_that_is_away_for_a_while_loses_nothing() -> None:
    trouble: list[FhirError] = []
    away, target = ServerUnreachable("ConnectError"), Recorder()
    patient = Recorder(away, away)
    post_for_a_day(target, Time(step=60_000), [])
    post_for_a_day(patient, Time(step=60_000), trouble)
    assert trouble == [away, away]
    assert len(patient.batches) > 0
    assert patient.batches[0][0] == target.batches[0][0]


def test_a_refusal_ends_it() -> None:
    time = Time(step=60_000)
    with pytest.raises(Refused):
        go_on(Recorder(Refused(422, "no")), MADE, time, time.sleep, lambda _posted: None, lambda _error: None)


def test_time_goes_as_fast_as_wanted_and_doesnt_overtake_the_present() -> None:
    passed, present = 0, UNTIL + 100_000

    ahead = hurried(UNTIL, 60, lambda: passed, lambda: UNTIL)
    behind = hurried(UNTIL, 60, lambda: passed, lambda: present + passed)
    assert (ahead(), behind()) == (UNTIL, UNTIL)
    passed = 1_000
    assert (ahead(), behind()) == (UNTIL + 60_000, UNTIL + 60_000)
    passed = 10_000
    assert (ahead(), behind()) == (UNTIL + 600_000, present + 10_000)

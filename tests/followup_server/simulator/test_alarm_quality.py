"""The measure of the templates: real deteriorations are told of in time, the stable are left in peace.

The simulated bodies know when they truly got worse; the plans know only their own first readings.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fhir_r4.care_plans import plan_of
from followup_server.simulator import plans
from followup_server.simulator.generation import Simulation
from followup_server.simulator.people import Person
from followup_server.simulator.stories import DAY, FORMS_ONLY, HOUR, Story
from threshold_engine.instants import parse_instant
from threshold_engine.judge import judge_patient
from threshold_engine.model import Episode, Level

PATIENTS, DAYS = 200, 30
UNTIL = parse_instant("2026-03-03T08:31:00Z")
TOLD_WITHIN = 48 * HOUR


@dataclass(frozen=True)
class Followed:
    """A patient with what truly happened and what was alerted."""

    person: Person
    story: Story
    episodes: tuple[Episode, ...]

    @property
    def clinical(self) -> list[Episode]:
        """Episodes that say that somebody is worse: neither silence nor broken sensors."""
        return [e for e in self.episodes if e.rule != "no-measurement" and "implausible" not in e.rule]


@pytest.fixture(scope="module", params=[1, 2])
def followed(request: pytest.FixtureRequest) -> list[Followed]:
    made = Simulation(PATIENTS, DAYS, request.param, UNTIL)
    found = []
    for person in made.people:
        if person.programme in FORMS_ONLY:
            continue
        diary = made.diary(person)
        plan = plan_of(made.care_plan(person)).plan
        readings = [
            reading
            for measured in diary.between(made.start, UNTIL)
            if measured.received <= UNTIL
            for reading in plans.readings_of(plan.patient, measured)
        ]
        episodes = judge_patient(plan, readings, UNTIL).episodes
        found.append(Followed(person, made.story(person), episodes))
    return found


def test_each_real_deterioration_is_alerted_within_48_hours(followed: list[Followed]) -> None:
    real = 0
    for one in followed:
        illness = one.story.deterioration
        if illness is None or illness.is_mild or illness.evident + TOLD_WITHIN > UNTIL:
            continue
        real += 1
        onsets = [e.onset for e in one.clinical if illness.begins <= e.onset <= illness.ends]
        assert onsets, f"{one.person.programme} {one.person.n}: {illness.kind} was never alerted"
        late = (min(onsets) - illness.evident) / HOUR
        assert late <= 48, f"{one.person.programme} {one.person.n}: {illness.kind} alerted {late:.0f} h late"
    assert real >= 20


def test_nine_of_ten_who_are_much_worse_become_red(followed: list[Followed]) -> None:
    worse = [one for one in followed if one.story.plot == "worse-before"]
    red = [one for one in worse if any(e.peak is Level.RED for e in one.clinical)]
    assert len(red) >= 0.9 * len(worse)


def test_stable_patients_raise_few_alerts(followed: list[Followed]) -> None:
    stable = [one for one in followed if one.story.deterioration is None]
    months = len(stable) * DAYS / 30
    yellow = sum(e.peak is Level.YELLOW for one in stable for e in one.clinical)
    red = sum(e.peak is Level.RED for one in stable for e in one.clinical)
    assert len(stable) >= 90
    assert yellow / months <= 0.4  # population limits: several (docs/alarm-quality.md)
    assert red / months <= 0.02


def test_a_morning_has_as_many_alerts_as_a_centre_sees(followed: list[Followed]) -> None:
    since = UNTIL - DAY
    red = {
        one.person.n
        for one in followed
        for e in one.clinical
        if e.peak is Level.RED and (e.cleared is None or e.cleared > since)
    }
    open_now = {one.person.n for one in followed for e in one.episodes if e.cleared is None}
    assert 0.03 * PATIENTS <= len(red) <= 0.10 * PATIENTS
    assert 15 <= len(red | open_now) <= 40


def test_silence_is_noticed(followed: list[Followed]) -> None:
    for one in followed:
        if one.story.plot == "silent":
            assert any(e.rule == "no-measurement" and e.cleared is None for e in one.episodes)

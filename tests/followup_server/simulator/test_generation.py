"""The stream of FHIR resources that is a simulated centre."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from fhir.resources.R4B import get_fhir_model_class

from fhir_r4.care_plans import plan_of
from fhir_r4.observations import readings_of
from fhir_r4.patients import person_of
from fhir_r4.raw import Raw, encode
from followup_server.simulator.generation import Simulation
from followup_server.simulator.measurements import Measured
from followup_server.simulator.sending import Filled
from threshold_engine.identity import NAMESPACE
from threshold_engine.instants import parse_instant
from threshold_engine.readings import Reading

_PRINT_DIGEST = """
import hashlib
from fhir_r4.raw import encode
from followup_server.simulator.generation import Simulation
made = Simulation(patients=6, days=3, seed=11, until=1_772_526_660_000)
print(hashlib.sha256(b"".join(map(encode, [*made.persons(), *made.sent()]))).hexdigest())
"""


def of_type(resources: list[Raw], kind: str) -> list[Raw]:
    return [raw for raw in resources if raw["resourceType"] == kind]


def test_every_resource_is_valid_fhir(resources: list[Raw]) -> None:
    kinds = Counter(str(raw["resourceType"]) for raw in resources)
    wanted = ("Patient", "CarePlan", "Flag", "Observation", "Organization", "Practitioner")
    wanted += ("Questionnaire", "QuestionnaireResponse", "Communication", "Media", "Binary")
    assert set(wanted) <= set(kinds)
    seen: Counter[str] = Counter()
    for raw in resources:
        kind = str(raw["resourceType"])
        seen[kind] += 1
        if seen[kind] <= 60:
            get_fhir_model_class(kind).model_validate_json(encode(raw))


def test_ids_are_made_of_seed_type_and_running_number(resources: list[Raw]) -> None:
    for kind, count in Counter(str(raw["resourceType"]) for raw in resources).items():
        wanted = {str(uuid5(UUID(NAMESPACE), f"sim/7/{kind}/{n}")) for n in range(1, count + 1)}
        assert {raw["id"] for raw in of_type(resources, kind)} == wanted


def test_references_lead_to_resources_that_are_there(resources: list[Raw]) -> None:
    known = {f"{raw['resourceType']}/{raw['id']}" for raw in resources}
    for raw in of_type(resources, "Patient"):
        assert person_of(raw).gp in known
    for raw in of_type(resources, "CarePlan"):
        assert plan_of(raw).contributors[0] in known


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_same_seed_and_end_give_the_same_bytes_in_any_process(hash_seed: str) -> None:
    made = Simulation(patients=6, days=3, seed=11, until=1_772_526_660_000)
    here = hashlib.sha256(b"".join(map(encode, [*made.persons(), *made.sent()]))).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"}
    there = subprocess.run(
        [sys.executable, "-c", _PRINT_DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


def test_another_seed_gives_other_people(simulation: Simulation) -> None:
    other = Simulation(patients=40, days=14, seed=8, until=simulation.until)
    assert {simulation.patient_id(p) for p in simulation.people}.isdisjoint(
        other.patient_id(p) for p in other.people
    )


def test_a_patient_has_what_the_console_shows(resources: list[Raw]) -> None:
    for raw in of_type(resources, "Patient"):
        person = person_of(raw)
        assert person.national_id and person.phone and person.contacts and person.gp_name
        assert person.organisation == "Organization/nord-troms-oppfolgingssenter"


def test_each_patient_has_one_active_plan_approved_by_the_gp(resources: list[Raw]) -> None:
    plans = [plan_of(raw) for raw in of_type(resources, "CarePlan")]
    assert len({plan.patient for plan in plans}) == len(plans) == 40
    for plan in plans:
        assert (plan.status, plan.intent) == ("active", "plan")
        assert [zone.colour for zone in plan.zones] == ["green", "yellow", "red"]
        assert all(zone.patient_text and zone.centre_text for zone in plan.zones)
        assert plan.approvals[0].version == 1


def test_readings_arrive_as_the_engine_can_judge_them(resources: list[Raw], simulation: Simulation) -> None:
    seen: dict[str, Reading] = {}
    twice = 0
    for raw in of_type(resources, "Observation"):
        for reading in readings_of(raw, judged_at=simulation.until):
            assert isinstance(reading, Reading)
            assert isinstance(reading.value, int)
            assert reading.received is not None
            assert simulation.start < reading.effective <= reading.received <= simulation.until
            earlier = seen.setdefault(reading.id, reading)
            twice += earlier is not reading
            assert (earlier.value, earlier.effective) == (reading.value, reading.effective)
    assert 0 < twice < len(seen) / 50, "a message that is delivered twice says the same"


def test_times_are_written_as_the_clock_in_norway_shows_them() -> None:
    across_summer_time = Simulation(5, 10, 1, parse_instant("2026-04-02T10:00:00Z"))
    observations = of_type(list(across_summer_time.sent()), "Observation")
    offsets = {str(raw["effectiveDateTime"])[-6:] for raw in observations}
    assert offsets == {"+01:00", "+02:00"}


def test_about_three_point_three_readings_a_patient_and_day() -> None:
    made = Simulation(120, 14, 1, parse_instant("2026-03-03T08:31:00Z"))
    arrived = [arrival for _, _, arrival in made.arrived()]
    count = sum(len(one.values) for one in arrived if isinstance(one, Measured))
    count += sum(len(one.answers) for one in arrived if isinstance(one, Filled))
    assert 3.1 < count / (120 * 14) < 3.5


def test_some_readings_are_late_and_some_impossible() -> None:
    made = Simulation(200, 30, 1, parse_instant("2026-03-03T08:31:00Z"))
    measured = [m for _, _, m in made.measured()]
    late = [m for m in measured if m.received - m.at > 30 * 60_000]
    assert 0.01 < len(late) / len(measured) < 0.05
    values = {(code, tenths) for m in measured for code, tenths in m.values}
    assert ("spo2", 80) in values
    assert ("weight", 70) in values


def test_readings_are_split_without_loss_by_when_they_were_received(simulation: Simulation) -> None:
    middle = simulation.until - 3 * 86_400_000
    early = [raw["id"] for raw in simulation.sent(received_by=middle)]
    rest = [raw["id"] for raw in simulation.sent(received_after=middle)]
    assert early and rest
    assert sorted(map(str, early + rest)) == sorted(str(raw["id"]) for raw in simulation.sent())


def test_days_without_readings_happen(simulation: Simulation) -> None:
    missed = 0
    for person in simulation.people:
        days = {
            datetime.fromtimestamp(m.at / 1000, UTC).date()
            for m in simulation.diary(person).between(simulation.start, simulation.until)
        }
        missed += sum(later - earlier > timedelta(days=1) for earlier, later in pairwise(sorted(days)))
    assert missed > 5


def test_standing_warnings_are_flags(resources: list[Raw]) -> None:
    texts = {raw["code"]["text"] for raw in of_type(resources, "Flag")}  # type: ignore[index]
    assert texts <= {"bor alene", "O₂ hjemme", "tolk"}
    assert "bor alene" in texts

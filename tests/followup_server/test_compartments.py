"""What is kept of a patient for the judge is as the database has it, whoever wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fhir_r4.care_plans import care_plan
from fhir_r4.compartment import Compartment, evidence_of
from fhir_r4.raw import reference_of
from followup_server.compartments import Compartments
from followup_server.patient_state import states_of
from followup_server.store import ResourceStore

Made = Callable[..., dict[str, Any]]


class Watch:
    """Compartments kept beside a store, compared with ones that remember nothing."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def references(self, patient: str = "p-1") -> set[str]:
        """What the kept compartment holds; as much as one that was read anew does."""
        kept = self._read(self._store.compartments, patient)
        anew = self._read(Compartments(), patient)
        assert held(kept) == held(anew)
        return held(kept)

    def _read(self, compartments: Compartments, patient: str) -> Compartment | None:
        with self._store.judging([patient]) as session:
            state = states_of(session.connection, [patient])[patient]
            return compartments.read(session.connection, patient, state, ())


def held(compartment: Compartment | None) -> set[str]:
    if compartment is None:
        return set()
    raws = [*compartment.care_plans, *compartment.readings, *compartment.tasks, *compartment.issues]
    found = {f"{reference_of(raw)} {raw['meta']['versionId']}" for raw in raws}
    return found | {f"{one.reference} {one.reading.value}" for one in compartment.settled}


@pytest.fixture
def other(database: str, store: ResourceStore) -> Iterator[ResourceStore]:
    """Another process's store on the same database, as far as what is kept goes."""
    opened = ResourceStore(database, store.clock)
    yield opened
    opened.close()


@pytest.fixture(params=["its own", "another's"])
def writer(request: pytest.FixtureRequest, store: ResourceStore, other: ResourceStore) -> ResourceStore:
    return store if request.param == "its own" else other


@pytest.fixture
def watch(store: ResourceStore) -> Watch:
    store.update("p-1", {"resourceType": "Patient", "id": "p-1"})
    store.update("p-2", {"resourceType": "Patient", "id": "p-2"})
    return Watch(store)


def test_new_corrected_and_deleted_readings(watch: Watch, writer: ResourceStore, observation: Made) -> None:
    assert watch.references() == set()
    writer.update("o-1", observation(93, id="o-1"))
    assert watch.references() == {"Observation/o-1 93000000"}
    writer.update("o-1", observation(94, id="o-1"))
    writer.update("o-2", observation(95, id="o-2", issued=None))  # not settled: nobody says when it came
    assert watch.references() == {"Observation/o-1 94000000", "Observation/o-2 1"}
    writer.delete("Observation", "o-1")
    assert watch.references() == {"Observation/o-2 1"}


def test_a_reading_that_goes_to_another_patient(
    watch: Watch, writer: ResourceStore, observation: Made
) -> None:
    writer.update("o-1", observation(93, id="o-1"))
    assert len(watch.references()) == 1
    writer.update("o-1", observation(93, id="o-1", subject={"reference": "Patient/p-2"}))
    assert (watch.references(), watch.references("p-2")) == (set(), {"Observation/o-1 93000000"})


def test_a_task_that_waited_for_its_patient(watch: Watch, writer: ResourceStore) -> None:
    identifier = {"system": "s", "value": "1"}
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "for": {"identifier": identifier},
    }
    writer.update("t-1", {**task, "id": "t-1"})
    assert watch.references() == set()
    writer.update("p-1", {"resourceType": "Patient", "id": "p-1", "identifier": [identifier]})
    assert watch.references() == {"Task/t-1 1"}


def test_a_plan_with_its_earlier_versions(watch: Watch, writer: ResourceStore) -> None:
    plan = care_plan("p-1", {"versions": []}, title="Kols")
    writer.update("plan", {**plan, "id": "plan"})
    assert watch.references() == {"CarePlan/plan 1"}
    writer.update("plan", {**plan, "id": "plan", "title": "Hjertesvikt"})
    assert watch.references() == {"CarePlan/plan 2"}
    with watch._store.judging(["p-1"]) as session:
        state = states_of(session.connection, ["p-1"])["p-1"]
        kept = watch._store.compartments.read(session.connection, "p-1", state, ())
    assert kept is not None
    assert [raw["title"] for raw in kept.earlier_plans] == ["Kols"]


def test_a_failed_transaction_leaves_nothing_behind(
    watch: Watch, store: ResourceStore, observation: Made
) -> None:
    def write_and_fail() -> None:
        with store.write() as session:
            session.update("o-1", observation(93, id="o-1"))
            raise ZeroDivisionError

    watch.references()
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert watch.references() == set()


def test_settled_readings_are_judged_like_any(watch: Watch, store: ResourceStore, observation: Made) -> None:
    for at in range(4):
        store.create(observation(90 + at, f"2026-05-20T1{at}:00:00Z"))
    watch.references()
    kept = watch._read(store.compartments, "p-1")
    assert kept is not None
    plain = [stored.raw for stored in store.search("Observation", []).matches]

    assert (
        evidence_of(kept, 0).observed == evidence_of(Compartment(patient="p-1", readings=plain), 0).observed
    )


def test_no_more_is_kept_than_allowed(store: ResourceStore, observation: Made) -> None:
    small = Compartments(largest=21_000)
    for number in range(8):
        patient = f"p-{number}"
        store.update(patient, {"resourceType": "Patient", "id": patient})
        store.create(observation(subject={"reference": f"Patient/{patient}"}))
        with store.judging([patient]) as session:
            state = states_of(session.connection, [patient])[patient]
            assert small.read(session.connection, patient, state, ()) is not None
    assert 0 < small._size <= 21_000
    assert list(small._kept) == ["p-5", "p-6", "p-7"]

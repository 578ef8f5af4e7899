"""What is kept of a patient for the judge is as the database has it, whoever wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from fhir_r4.care_plans import care_plan
from fhir_r4.raw import reference_of, version_of
from followup_server.judging.compartments import Compartments, Ready
from followup_server.judging.patient_state import states_of
from followup_server.storage import schema
from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, Any]]


class Watch:
    """Patients kept beside a store, compared with ones of whom nothing is remembered."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def references(self, patient: str = "p-1") -> set[str]:
        """What is kept of her; as much as is there where all is read anew."""
        kept = ready(self._store, self._store.compartments, patient)
        with self._store.write() as session:
            session.connection.execute(delete(schema.judged_state))
        anew = ready(self._store, Compartments(), patient)
        assert held(kept) == held(anew)
        return held(kept)


def ready(store: ResourceStore, compartments: Compartments, patient: str) -> Ready | None:
    with store.judging([patient]) as session:
        forms = compartments.forms(session.connection)
        gathered = compartments.gather(session.connection, states_of(session.connection, [patient]))
        found = compartments.ready(session.connection, patient, gathered[patient], forms, store.clock())
        compartments.keep(session.connection, gathered)
        return found


def held(found: Ready | None) -> set[str]:
    """Work items with their versions, and the readings that count with their values."""
    if found is None:
        return set()
    work = {f"{reference_of(raw)} {version_of(raw)}" for raw in found.compartment.tasks}
    judge = found.seen.judgement
    known = judge.known.values() if judge else ()
    return work | {f"{found.seen.facts.references[one.id]} {one.value}" for one in known}


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
    for patient in ("p-1", "p-2"):
        plan = care_plan(patient, {"versions": []}, title="Kols")
        store.update(f"plan-{patient}", {**plan, "id": f"plan-{patient}"})
    return Watch(store)


def test_new_corrected_and_deleted_readings(watch: Watch, writer: ResourceStore, observation: Made) -> None:
    assert watch.references() == set()
    writer.update("o-1", observation(93, id="o-1"))
    assert watch.references() == {"Observation/o-1 93000000"}
    writer.update("o-1", observation(94, id="o-1"))
    writer.update("o-2", observation(95, id="o-2", issued=None))
    assert watch.references() == {"Observation/o-1 94000000", "Observation/o-2 95000000"}
    writer.delete("Observation", "o-1")
    assert watch.references() == {"Observation/o-2 95000000"}


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


def test_a_plan_that_cant_be_read_any_more_is_looked_up_in_its_history(
    watch: Watch, writer: ResourceStore, observation: Made
) -> None:
    writer.update("o-1", observation(93, id="o-1"))
    assert watch.references() == {"Observation/o-1 93000000"}
    broken = care_plan("p-1", {"versions": [{"rules": "none"}]}, title="Kols")
    writer.update("plan-p-1", {**broken, "id": "plan-p-1"})
    assert watch.references() == {"Observation/o-1 93000000"}
    writer.update("plan-p-1", {**broken, "id": "plan-p-1", "status": "revoked"})
    assert watch.references() == set()


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


def test_no_more_is_kept_than_allowed(store: ResourceStore, observation: Made) -> None:
    small = Compartments(largest=21_000)
    for number in range(8):
        patient = f"p-{number}"
        store.update(patient, {"resourceType": "Patient", "id": patient})
        store.create(observation(subject={"reference": f"Patient/{patient}"}))
        assert ready(store, small, patient) is not None
    assert 0 < small._size <= 21_000
    assert list(small._kept) == ["p-5", "p-6", "p-7"]

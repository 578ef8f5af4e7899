"""Loading many resources at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from followup_server.bulk import loading
from followup_server.judging import patient_state
from followup_server.problems import BulkError
from followup_server.storage.demo_centre import CENTRE_REFERENCE
from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, Any]]


def patient(logical: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": logical, **members}


def test_loading_twice_changes_nothing(store: ResourceStore, observation: Made) -> None:
    raws = [patient("p-1"), observation(id="o-1"), observation(id="o-2")]

    first = loading.load(store, raws)
    second = loading.load(store, raws)

    assert (first.created.total(), first.patients) == (3, {"p-1"})
    assert (second.unchanged, second.total, second.patients) == (3, 3, set())
    assert store.read("Observation", "o-1").version == 1


def test_loading_changed_resources_makes_new_versions(store: ResourceStore, observation: Made) -> None:
    loading.load(store, [observation(90, id="o-1"), observation(id="o-2")])

    report = loading.load(
        store, [observation(91, id="o-1"), observation(id="o-2"), observation(92, id="o-1")]
    )

    assert (report.updated["Observation"], report.unchanged) == (2, 1)
    assert store.read("Observation", "o-1").version == 3
    assert store.read("Observation", "o-1").raw["valueQuantity"] == observation(92)["valueQuantity"]


def test_loaded_resources_are_found_like_created_ones(store: ResourceStore, observation: Made) -> None:
    raw = observation(identifier=[{"system": "s", "value": "1"}])
    created = store.create(raw).stored.id
    loading.load(store, [{**raw, "id": "loaded"}])

    for query in (("patient", "p-1"), ("identifier", "s|1"), ("code", "59408-5"), ("date", "2026-05-20")):
        assert [stored.id for stored in store.search("Observation", [query]).matches] == [created, "loaded"]
    stamps = [stored.updated for stored in store.search("Observation", []).matches]
    assert stamps == sorted(set(stamps))


def test_bundle_entries_refer_to_each_other_by_uuid(store: ResourceStore, observation: Made) -> None:
    urn, unnamed = f"urn:uuid:{uuid.uuid4()}", str(uuid.uuid4())
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": f"urn:uuid:{unnamed}", "resource": observation(subject={"reference": urn})},
            {"fullUrl": urn, "resource": patient("p-1")},
            {"request": {"method": "DELETE", "url": "Patient/p-9"}},
        ],
    }

    loading.load(store, [bundle])
    again = loading.load(store, [bundle])

    assert store.read("Observation", unnamed).raw["subject"] == {"reference": "Patient/p-1"}
    assert again.unchanged == 2


def test_patients_without_an_organisation_go_to_the_centre(store: ResourceStore) -> None:
    elsewhere = {"reference": "Organization/x"}
    loading.load(store, [patient("p-1"), patient("p-2", managingOrganization=elsewhere)])
    loading.load(store, [patient("p-3")], centre="Sør, og | Øst")
    loading.load(store, [patient("p-4")], centre="Sør, og | Øst")

    owners = [store.read("Patient", f"p-{at}").raw["managingOrganization"] for at in (1, 2, 3, 4)]
    assert owners[:2] == [{"reference": CENTRE_REFERENCE}, elsewhere]
    assert owners[2] == owners[3]
    named = store.search("Organization", [("name:exact", "Sør\\, og \\| Øst")]).matches
    assert owners[2] == {"reference": named[0].reference}
    assert loading.load(store, [patient("p-4")]).unchanged == 1, "she stays where she is"


def test_logical_references_are_resolved_whatever_the_order(store: ResourceStore, observation: Made) -> None:
    number = {"system": "s", "value": "1"}
    loading.load(store, [observation(id="before", subject={"identifier": number})])
    report = loading.load(
        store,
        [
            observation(id="with", subject={"identifier": number}),
            patient("p-7", identifier=[number]),
        ],
    )

    found = store.search("Observation", [("patient", "p-7")]).matches
    assert [stored.id for stored in found] == ["before", "with"]
    assert report.patients == {"p-7"}


def test_one_bad_resource_keeps_all_out(store: ResourceStore, observation: Made) -> None:
    raws = [observation(id=f"o-{at}") for at in range(3_000)]
    raws[-1]["status"] = "nonsense"

    with pytest.raises(BulkError, match=r"Observation/o-2999 can't be loaded: Observation\.status") as failed:
        loading.load(store, raws)

    assert "Nothing was loaded" in failed.value.remedy
    assert store.search("Observation", [("_summary", "count")]).total == 0


def test_loaded_patients_wait_for_the_judge(store: ResourceStore, observation: Made) -> None:
    loading.load(store, [patient("p-2"), observation(id="o-1")])

    with store.reading() as connection:
        assert set(patient_state.overdue(connection, 0, 10)) == {"p-1", "p-2"}


def test_what_has_no_id_gets_the_same_one_each_time(store: ResourceStore, observation: Made) -> None:
    url = "http://elsewhere/fhir/Patient/p-77"
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": url, "resource": {"resourceType": "Patient"}},
            {"resource": observation(subject={"reference": url})},
        ],
    }

    loading.load(store, [bundle, observation(94)])
    again = loading.load(store, [bundle, observation(94)])

    assert (again.unchanged, again.total) == (3, 3)
    assert len(store.search("Observation", [("patient", "p-77")]).matches) == 1


def test_all_faults_are_told_at_once(store: ResourceStore, observation: Made) -> None:
    raws = [observation(id=f"o-{n}", status="final" if n % 2 else "nonsense") for n in range(100)]

    with pytest.raises(BulkError) as failed:
        loading.load(store, raws)

    assert [f"o-{n} " in str(failed.value) for n in (0, 1, 2, 18, 20)] == [True, False, True, True, False]
    assert "there may be more" in str(failed.value)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(loading, "BATCH", 20)
    return 20


def test_others_write_between_the_batches_of_a_load(
    database: str, store: ResourceStore, observation: Made, small_batches: int
) -> None:
    other = ResourceStore(database, store.clock)

    def found() -> Iterator[dict[str, Any]]:
        for n in range(5 * small_batches):
            if n % small_batches == 0:
                other.create(patient(f"beside-{n}"))  # would wait for half a minute, and fail, within one
            yield observation(id=f"o-{n}")

    report = loading.load(store, found())
    other.close()

    assert report.created["Observation"] == 5 * small_batches
    assert store.search("Patient", [("_summary", "count")]).total == 5


def test_a_load_that_was_broken_off_is_begun_anew(
    store: ResourceStore, observation: Made, small_batches: int
) -> None:
    raws = [patient("p-1"), *(observation(id=f"o-{n}") for n in range(4 * small_batches))]

    def killed() -> Iterator[dict[str, Any]]:
        yield from raws[: 3 * small_batches + 5]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(store, killed())

    assert store.search("Observation", [("_summary", "count")]).total == 3 * small_batches - 1
    with store.reading() as connection:
        assert patient_state.overdue(connection, store.clock(), 10) == [], "not by half of her readings"
        assert patient_state.overdue(connection, store.clock() + loading.JUDGED_LATER_MS, 10) == ["p-1"]

    report = loading.load(store, raws)

    assert (report.created.total(), report.unchanged) == (small_batches + 1, 3 * small_batches)
    assert store.search("Observation", [("_summary", "count")]).total == 4 * small_batches
    assert {stored.version for stored in store.search("Observation", [("_count", "1000")]).matches} == {1}
    with store.reading() as connection:
        assert patient_state.overdue(connection, 0, 10) == ["p-1"]


def test_what_can_be_read_only_once_is_loaded_up_to_its_first_fault(
    store: ResourceStore, observation: Made, small_batches: int
) -> None:
    raws = [observation(id=f"o-{n}") for n in range(2 * small_batches)]
    raws[-1]["status"] = "nonsense"

    with pytest.raises(BulkError) as failed:
        loading.load(store, iter(raws))

    assert "load all again" in failed.value.remedy
    assert "passed over" in failed.value.remedy
    assert store.search("Observation", [("_summary", "count")]).total == 2 * small_batches - 1


def test_logical_references_are_resolved_over_batches(
    store: ResourceStore, observation: Made, small_batches: int
) -> None:
    number = {"system": "s", "value": "1"}
    named = [observation(id=f"o-{n}", subject={"identifier": number}) for n in range(3 * small_batches)]
    named.insert(small_batches + 3, patient("p-7", identifier=[number]))

    loading.load(store, named)

    count = [("patient", "p-7"), ("_summary", "count")]
    assert store.search("Observation", count).total == 3 * small_batches

"""A simulated centre in a store: loaded, judged, worked at, judged again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class

from fhir_r4 import systems
from fhir_r4.communications import entry_of
from fhir_r4.issues import episode_of
from fhir_r4.raw import Raw, child, encode, uuid_of
from fhir_r4.tasks import item_of
from followup_server.simulator import SimulationExists, SimulationReport, run
from followup_server.simulator.running import NURSES
from followup_server.storage.store import ResourceStore
from threshold_engine.instants import parse_instant
from work_items.centre import Centre
from work_items.model import Band, Item, ItemCode, ItemState, Outcome

UNTIL = parse_instant("2026-03-03T08:31:00Z")
OPENING = parse_instant("2026-03-02T07:00:00Z")  # Monday 08:00
KINDS = ("Patient", "CarePlan", "Flag", "Organization", "Practitioner", "PractitionerRole", "Device")
KINDS += ("Observation", "DetectedIssue", "Task", "Communication", "Questionnaire", "QuestionnaireResponse")
KINDS += ("Media", "Binary", "ServiceRequest")


def open_store(path: Path) -> ResourceStore:
    return ResourceStore(path, lambda: UNTIL)


def simulated(store: ResourceStore, patients: int = 40, seed: int = 7) -> SimulationReport:
    return run(store, patients=patients, days=10, seed=seed, until=UNTIL)


def all_of(store: ResourceStore, kind: str) -> Iterator[Raw]:
    params = [("_count", "1000")]
    page = store.search(kind, params)
    while True:
        yield from (stored.raw for stored in page.matches)
        if page.next_page is None:
            return
        page = store.search(kind, [*params, ("_page", page.next_page)])


def content(store: ResourceStore) -> dict[str, Raw]:
    """All resources without what a server or a clock says of them."""
    found: dict[str, Raw] = {}
    for kind in KINDS:
        for raw in all_of(store, kind):
            left_out = {"meta", "lastModified"} if kind == "Task" else {"meta"}
            found[f"{kind}/{raw['id']}"] = {k: v for k, v in raw.items() if k not in left_out}
    return found


def items_of(store: ResourceStore) -> list[Item]:
    episodes = {uuid_of(raw): episode_of(raw) for raw in all_of(store, "DetectedIssue")}
    found = []
    for raw in all_of(store, "Task"):
        item = item_of(raw)
        found.append(item_of(raw, episodes.get(item.what)))
    return found


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResourceStore]:
    store = open_store(tmp_path_factory.mktemp("centre") / "fhir.db")
    simulated(store)
    yield store
    store.close()


def test_the_same_seed_and_end_give_the_same_centre(centre: ResourceStore, tmp_path: Path) -> None:
    other = open_store(tmp_path / "other.db")
    try:
        simulated(other)
        assert content(other) == content(centre)
    finally:
        other.close()


def test_everything_in_the_store_is_valid_fhir(centre: ResourceStore) -> None:
    for kind in KINDS:
        model = get_fhir_model_class(kind)
        for seen, raw in enumerate(all_of(centre, kind)):
            if seen < 40:
                model.model_validate_json(encode(raw))


def test_some_are_red_some_yellow_some_blue(centre: ResourceStore) -> None:
    bands = Counter(item.band for item in items_of(centre) if item.state.is_open)
    assert all(bands[band] for band in Band), bands


def test_nothing_raised_before_the_preceding_opening_day_is_open(centre: ResourceStore) -> None:
    items = items_of(centre)
    assert Centre().start_of_previous_opening_day(UNTIL) == OPENING
    assert all(item.raised >= OPENING for item in items if item.state.is_open)
    assert any(item.raised < OPENING for item in items)


def test_what_was_closed_was_taken_called_about_and_given_an_outcome(centre: ResourceStore) -> None:
    contacts = [entry_of(raw) for raw in all_of(centre, "Communication")]
    reached = {task for entry in contacts if entry.reached for task in entry.about}
    closed = [item for item in items_of(centre) if item.state is ItemState.COMPLETED]
    by_nurses = [item for item in closed if item.outcome != Outcome.SELF_RESOLVED]
    assert by_nurses
    for item in by_nurses:
        assert item.owner in NURSES
        assert item.task in reached
        assert item.closed_at is not None and item.owned_since is not None
        assert item.raised <= item.owned_since <= item.closed_at < UNTIL


def test_every_patient_has_exactly_one_active_plan(centre: ResourceStore) -> None:
    subjects = [child(raw, "subject")["reference"] for raw in all_of(centre, "CarePlan")]
    patients = [f"Patient/{raw['id']}" for raw in all_of(centre, "Patient")]
    assert sorted(map(str, subjects)) == sorted(patients)
    codes = {coding["code"] for raw in all_of(centre, "Task") for coding in raw["code"]["coding"]}  # type: ignore[index]
    assert codes <= {code.value for code in ItemCode}


def test_the_same_centre_again_changes_nothing(centre: ResourceStore) -> None:
    before = content(centre)
    simulated(centre)
    assert content(centre) == before


def test_another_centre_of_the_same_seed_is_refused(centre: ResourceStore) -> None:
    with pytest.raises(SimulationExists, match="already is a simulated centre of seed 7"):
        simulated(centre, patients=41)


def test_centres_of_two_seeds_live_side_by_side(tmp_path: Path) -> None:
    store = open_store(tmp_path / "two.db")
    try:
        simulated(store, patients=6, seed=1)
        first = content(store)
        simulated(store, patients=6, seed=2)
        both = content(store)
    finally:
        store.close()
    assert {name: both[name] for name in first} == first
    assert sum(name.startswith("Patient/") for name in both) == 12


def test_progress_is_told_by_stages(tmp_path: Path) -> None:
    store = open_store(tmp_path / "told.db")
    told: list[str] = []
    try:
        run(store, patients=2, days=4, seed=1, until=UNTIL, progress=lambda stage, *_: told.append(stage))
    finally:
        store.close()
    assert list(dict.fromkeys(told)) == ["patients", "readings", "judging", "nurses"]


def test_contacts_are_known_by_ids_of_the_simulation(centre: ResourceStore) -> None:
    for raw in all_of(centre, "Communication"):
        assert uuid_of(raw) == raw["id"]
    assert all(
        coding["system"] == systems.WORK
        for raw in all_of(centre, "Task")
        for coding in raw["code"]["coding"]  # type: ignore[index]
    )

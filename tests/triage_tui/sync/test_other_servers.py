"""Pulling from a server that isn't ours and does things its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from fhir_r4.client import FhirClient
from local_store import Store
from tests.triage_tui.sync.tiny_fhir import BASE, TinyFhir, follow_up, known, spo2
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from work_items import Centre

NOW = 1_772_526_660_000
NILS = known("Patient", "p1", "W-abc", name=[{"family": "Hansen", "given": ["Nils"]}])
Pull = Callable[[TinyFhir], SyncReport]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "cache", bytes(range(32))) as made:
        yield made


@pytest.fixture
def pull(store: Store) -> Pull:
    def once(server: TinyFhir) -> SyncReport:
        with FhirClient(BASE, authorization=None, timeout=5, clock=lambda: NOW, transport=server) as client:
            return sync_once(store, client, lambda: NOW)

    return once


def test_versions_are_opaque_and_known_ones_are_skipped(store: Store, pull: Pull) -> None:
    server = TinyFhir(NILS, follow_up("t1", "3fa9-e"), spo2(1, "zz-top"))

    assert pull(server).pulled == {"Task": 1, "Patient": 1, "Observation": 1}
    assert not pull(server).pulled
    server.raws[2] = {**spo2(1, "aa-first"), "status": "entered-in-error"}

    assert pull(server).pulled == {"Observation": 1}, "another version, whatever its order"
    assert [one.status for one in store.patient("p1", NOW).readings] == ["entered-in-error"]  # type: ignore[union-attr]


def test_two_tasks_of_one_identifier_are_shown_as_one(store: Store, pull: Pull) -> None:
    server = TinyFhir(NILS, follow_up("t1", "1"), follow_up("t2", "1"))

    assert pull(server).complete

    (entry,) = store.queue(NOW, Centre()).entries
    assert len(entry.row.items) == 1
    assert not pull(server).pulled


def test_links_that_expire_at_once_cost_no_row(store: Store, pull: Pull) -> None:
    server = TinyFhir(NILS, *(spo2(number, "1", number) for number in range(50)), links_live=2)
    server.most = 20

    first = pull(server)
    while not first.complete:
        server.links_live = 2
        first = pull(server)

    assert store.status().readings == 50


def test_asked_to_wait_it_says_for_how_long_and_goes_on_where_it_was(store: Store, pull: Pull) -> None:
    server = TinyFhir(NILS, follow_up("t1", "1"), *(spo2(number, "1", number) for number in range(50)))
    server.instead = lambda one: (
        httpx.Response(429, headers={"Retry-After": "7"}) if one.url.path.endswith("/Observation") else None
    )

    report = pull(server)

    assert (report.reached, report.retry_after_s) == ("busy", 7.0)
    assert len(store.queue(NOW, Centre()).entries) == 1, "the queue stands all the same"
    server.instead = lambda _one: None
    assert pull(server).complete


def test_queue_stands_before_history_is_asked_for(store: Store, pull: Pull) -> None:
    server = TinyFhir(NILS, follow_up("t1", "1"), spo2(1, "1"))
    names: list[str] = []

    def look(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/Observation") and "patient" not in request.url.params:
            names.extend(entry.person.name for entry in store.queue(NOW, Centre()).entries)
            names.extend(str(len(store.patient("p1", NOW).readings)) for _ in range(1))  # type: ignore[union-attr]
        return None

    server.instead = look
    assert pull(server).complete

    assert names[:2] == ["Hansen, Nils", "1"]

"""A simulated centre sent to a server by HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import Forbidden
from fhir_r4.raw import Raw, child, decode, encode, members
from followup_server.simulator.generation import Simulation
from followup_server.simulator.running import simulate
from followup_server.simulator.store_target import StoreTarget
from followup_server.simulator.upload import LARGEST_BATCH, ServerTarget, send
from followup_server.storage.store import ResourceStore
from threshold_engine.instants import parse_instant
from work_items.centre import Centre

UNTIL = parse_instant("2026-03-03T08:31:00Z")
MADE = Simulation(patients=4, days=3, seed=5, until=UNTIL)


@pytest.fixture
def device(base: str) -> Iterator[FhirClient]:
    with FhirClient(base, authorization="Bearer demo-device", timeout=20, clock=lambda: UNTIL) as client:
        yield client


def test_all_resources_arrive_under_our_ids(device: FhirClient, store: ResourceStore) -> None:
    target = ServerTarget(device)
    wanted = [*MADE.persons(), *MADE.sent()]
    target.put(wanted)
    for raw in wanted:
        there = store.read(str(raw["resourceType"]), str(raw["id"])).raw
        assert {name: value for name, value in there.items() if name != "meta"} == raw


def test_no_request_holds_more_than_a_hundred_entries(device: FhirClient) -> None:
    wanted = [*MADE.persons(), *MADE.sent()]
    ServerTarget(device).put(wanted)
    kinds = len({raw["resourceType"] for raw in wanted})
    assert device.requests <= 1 + kinds + len(wanted) // LARGEST_BATCH


def test_a_login_that_may_not_create_is_told_so(base: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"resourceType": "OperationOutcome", "issue": []})

    transport = httpx.MockTransport(refuse)
    with (
        FhirClient(base, authorization=None, timeout=5, clock=lambda: UNTIL, transport=transport) as client,
        pytest.raises(Forbidden),
    ):
        ServerTarget(client).put(MADE.persons())


def test_a_centre_sent_by_http_is_the_one_put_into_a_store(
    device: FhirClient, store: ResourceStore, clock: Callable[[], int], tmp_path: Path
) -> None:
    made = Simulation(patients=16, days=6, seed=2, until=clock())
    direct = ResourceStore(tmp_path / "direct.db", clock)
    try:
        report = simulate(StoreTarget(direct, Centre()), made, Centre(), lambda *_: None)
        sent = send(ServerTarget(device), made, Centre(), lambda *_: None)
        assert sent == report
        for kind in (*KINDS, "QuestionnaireResponse", "Questionnaire", "Media", "Binary", "ServiceRequest"):
            assert content(store, kind) == content(direct, kind), kind
        assert report.closed
    finally:
        direct.close()


def content(store: ResourceStore, kind: str) -> dict[str, Raw]:
    page = store.search(kind, [("_count", "1000")])
    assert page.next_page is None
    found = [stored.raw for stored in page.matches]
    return {
        str(raw["id"]): {name: value for name, value in raw.items() if name not in ("meta", "lastModified")}
        for raw in found
    }


KINDS = ("Patient", "CarePlan", "Flag", "Observation", "Task", "DetectedIssue", "Communication")


class OwnIds:
    """A server that refuses a PUT to an id it didn't give, as some do."""

    def __init__(self) -> None:
        self.stored: list[Raw] = []
        self._next = count(1)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(404, json={"resourceType": "OperationOutcome", "issue": []})
        answers = [self._answer(entry) for entry in members(decode(request.content).get("entry"))]
        bundle: Raw = {"resourceType": "Bundle", "type": "batch-response", "entry": answers}
        return httpx.Response(200, content=encode(bundle), headers={"Content-Type": "application/fhir+json"})

    def _answer(self, entry: Raw) -> Raw:
        if child(entry, "request")["method"] == "PUT":
            return {"response": {"status": "404"}}
        raw = child(entry, "resource")
        assert "id" not in raw
        kind, logical = raw["resourceType"], f"own-{next(self._next)}"
        self.stored.append({**raw, "id": logical})
        return {"response": {"status": "201 Created", "location": f"{kind}/{logical}/_history/1"}}


def test_a_server_with_ids_of_its_own_gets_references_that_lead_somewhere() -> None:
    server = OwnIds()
    transport = httpx.MockTransport(server)
    with FhirClient(
        "http://127.0.0.1:9/fhir", authorization=None, timeout=5, clock=lambda: UNTIL, transport=transport
    ) as client:
        target = ServerTarget(client)
        target.put([*MADE.persons(), *MADE.sent()])
        patients = {f"Patient/{target.logical_id('Patient', MADE.patient_id(p))}" for p in MADE.people}
    known = {f"{raw['resourceType']}/{raw['id']}" for raw in server.stored}
    assert patients <= known
    observations = [raw for raw in server.stored if raw["resourceType"] == "Observation"]
    assert observations
    assert {child(raw, "subject")["reference"] for raw in observations} <= patients
    for raw in server.stored:
        if raw["resourceType"] == "Patient":
            gp = next(members(raw["generalPractitioner"]))
            assert gp["reference"] in known


class WantsTargets:
    """A server that refuses a resource whose Patient it doesn't have yet."""

    def __init__(self) -> None:
        self.stored: dict[str, Raw] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(404, json={"resourceType": "OperationOutcome", "issue": []})
        answers = [self._answer(entry) for entry in members(decode(request.content).get("entry"))]
        bundle: Raw = {"resourceType": "Bundle", "type": "batch-response", "entry": answers}
        return httpx.Response(200, content=encode(bundle), headers={"Content-Type": "application/fhir+json"})

    def _answer(self, entry: Raw) -> Raw:
        raw, url = child(entry, "resource"), str(child(entry, "request")["url"])
        subject = child(raw, "subject").get("reference")
        if subject is not None and subject not in self.stored:
            return {"response": {"status": "422"}}
        self.stored[url] = raw
        return {"response": {"status": "201 Created", "location": f"{url}/_history/1"}}


def test_a_server_that_wants_to_know_what_is_referred_to_gets_it_all() -> None:
    server = WantsTargets()
    transport = httpx.MockTransport(server)
    with FhirClient(
        "http://127.0.0.1:9/fhir", authorization=None, timeout=5, clock=lambda: UNTIL, transport=transport
    ) as client:
        send(ServerTarget(client), MADE, Centre(), lambda *_: None)
    wanted = {f"{raw['resourceType']}/{raw['id']}" for raw in (*MADE.persons(), *MADE.sent())}
    assert wanted <= set(server.stored)

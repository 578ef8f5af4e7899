"""A real server with two patients in it, and consoles with encrypted caches of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from fhir_r4.care_plans import care_plan
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.judging.patients import judge_patients
from followup_server.storage.store import ResourceStore
from local_store.records import StoredItem
from local_store.store import Store
from local_store.views import Nurse
from threshold_engine import format_instant, parse_instant
from triage_tui.sync.abilities import Abilities, note
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from work_items import Centre

NOW = parse_instant("2026-03-03T09:31:00+01:00")  # a Tuesday
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CENTRE = "Organization/nord-troms-oppfolgingssenter"
PLAN = {
    "patient": "?",
    "versions": [
        {
            "version": 1,
            "valid_from": "2025-12-01T00:00:00Z",
            "rules": [
                {"id": "spo2-low", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
                {"id": "pulse-high", "kind": "limit", "code": "pulse", "yellow_above": 110, "red_above": 130},
            ],
        }
    ],
}


class MovableClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def patient(logical_id: str, family: str, given: str) -> Raw:
    return {
        "resourceType": "Patient",
        "id": logical_id,
        "active": True,
        "name": [{"family": family, "given": [given]}],
        "birthDate": "1954-01-13",
        "generalPractitioner": [{"reference": "Practitioner/gp-berg"}],
        "managingOrganization": {"reference": CENTRE},
    }


def observation(number: int, patient_id: str, value: int, at: int, loinc: str = "59408-5") -> Raw:
    unit = "%" if loinc == "59408-5" else "/min"
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "identifier": [{"system": "urn:device", "value": f"m{number}"}],
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": format_instant(at),
        "issued": format_instant(at + MINUTE),
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit},
    }


@dataclass
class Server:
    """The server's side: what it holds, and its judge."""

    resources: ResourceStore
    clock: MovableClock
    url: str

    def put(self, *raws: Raw) -> None:
        with self.resources.write() as session:
            for raw in raws:
                session.update(str(raw["id"]), raw)

    def judge(self) -> None:
        judge_patients(self.resources, ["p1", "p2"], self.clock(), Centre())

    def all(self, kind: str, **params: str) -> list[Raw]:
        from fhir_r4.raw import decode  # noqa: PLC0415 - beside its only use

        page = self.resources.search(kind, [*params.items(), ("_count", "1000")])
        return [decode(stored.body) for stored in page.matches if stored.body is not None]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def centre(tmp_path: Path, clock: MovableClock) -> Iterator[Server]:
    """p1 has a red alert for SpO₂ and a yellow one for pulse, p2 a yellow one."""
    resources = ResourceStore(tmp_path / "fhir.db", clock)
    with in_background(create_app(resources, auth="demo", clock=clock, centre=Centre())) as url:
        made = Server(resources, clock, url)
        plans: list[Raw] = []
        for one in ("p1", "p2"):
            raw = care_plan(f"{one}", PLAN, title="kols", author="Practitioner/gp-berg")
            plans.append({**raw, "id": f"plan-{one}"})
        made.put(
            {"resourceType": "Practitioner", "id": "gp-berg", "name": [{"family": "Berg", "given": ["Aud"]}]},
            patient("p1", "Hansen", "Nils"),
            patient("p2", "Eira", "Máret"),
            *plans,
            observation(1, "p1", 86, NOW - HOUR),
            observation(2, "p1", 118, NOW - HOUR, "8867-4"),
            observation(3, "p2", 90, NOW - HOUR),
        )
        made.judge()
        yield made
    resources.close()


@dataclass
class Console:
    """A nurse's side: her store and her way to the server."""

    nurse: Nurse
    store: Store
    clock: MovableClock
    url: str
    transport: httpx.BaseTransport | None = None
    clients: list[FhirClient] = field(default_factory=list)

    def client(self, user: str | None = None) -> FhirClient:
        made = FhirClient(
            self.url,
            authorization=f"Bearer demo-{user or self.nurse.login}",
            timeout=5.0,
            clock=self.clock,
            transport=self.transport,
        )
        self.clients.append(made)
        return made

    def sync(self) -> SyncReport:
        with self.client() as client:
            return sync_once(self.store, client, self.clock)

    def items(self, patient_id: str = "p1") -> dict[str, StoredItem]:
        """Open items by rule, or by code where they have none."""
        with self.store.read() as snapshot:
            found = snapshot.items_of(patient_id)
        return {stored.item.rule or stored.item.code.value: stored for stored in found}

    def task(self, rule: str = "spo2-low", patient_id: str = "p1") -> str:
        return self.items(patient_id)[rule].item.task

    def state(self, op: str) -> tuple[str, str | None]:
        with self.store.read() as snapshot:
            stored = snapshot.op(op)
        assert stored is not None
        return stored.state, stored.answer


@pytest.fixture
def console(tmp_path: Path, clock: MovableClock, centre: Server) -> Iterator[Callable[..., Console]]:
    """Makes consoles by login; each with its own cache."""
    made: list[Console] = []

    def make(login: str = "kari", transport: httpx.BaseTransport | None = None) -> Console:
        names = {"kari": "Kari Nordmann", "ola": "Ola Hansen", "ingrid": "Ingrid Johansen"}
        nurse = Nurse(login, f"Practitioner/demo-{login}", names[login])
        store = Store.create(tmp_path / f"console-{login}-{len(made)}", bytes(range(32)))
        one = Console(nurse, store, clock, centre.url, transport)
        made.append(one)
        return one

    yield make
    for one in made:
        for client in one.clients:
            client.close()
        one.store.close()


@pytest.fixture
def elsewhere(console: Callable[..., Console]) -> Callable[..., Console]:
    """Makes consoles that have found out today that their server doesn't offer the compact feed."""

    def make(login: str = "kari", transport: httpx.BaseTransport | None = None) -> Console:
        one = console(login, transport)
        note(one.store, Abilities(NOW))
        return one

    return make


class LosesAnswers(httpx.BaseTransport):
    """The server handles each request, but the answers to some are lost on the way."""

    def __init__(self, lost: Callable[[httpx.Request], bool]) -> None:
        self.lost = lost
        self.losses = 0
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._real.handle_request(request)
        if self.lost(request):
            response.read()
            response.close()
            self.losses += 1
            raise httpx.ReadError("the connection was cut")
        return response

    def close(self) -> None:
        return None


class Refuses(httpx.BaseTransport):
    """The server answers some requests with an error of its own, without looking at them."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self.answer = answer
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer(request) or self._real.handle_request(request)

    def close(self) -> None:
        return None


@pytest.fixture
def loses_answers() -> type[LosesAnswers]:
    return LosesAnswers


@pytest.fixture
def refuses() -> type[Refuses]:
    return Refuses


@pytest.fixture(name="observation")
def observation_maker() -> Callable[..., Raw]:
    return observation

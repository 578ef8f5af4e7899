"""A real server that judges nobody, and judges beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_r4.beside.lease import Lease
from fhir_r4.beside.rounds import Rounds
from fhir_r4.care_plans import care_plan
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.storage.store import ResourceStore
from threshold_engine import format_instant, parse_instant
from work_items import Centre

NOW = parse_instant("2026-03-03T08:31:00Z")  # a Tuesday, 09:31 in Oslo
MINUTE, HOUR = 60_000, 3_600_000
LEASE_S = 60
RULES = [
    {"id": "spo2", "kind": "limit", "code": "spo2", "yellow_below": 92, "red_below": 88},
    {"id": "weight", "kind": "missing", "codes": ["weight"], "every": "P1D", "grace": "PT6H"},
]


class MovableClock:
    """A clock that stands still until it is told to move; elapsed seconds go with it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000


class Between(httpx.BaseTransport):
    """The real network, but for requests that `instead` answers."""

    def __init__(self) -> None:
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.instead(request) or self._real.handle_request(request)

    def close(self) -> None:
        self._real.close()


@dataclass
class Judge:
    """One instance beside the server."""

    client: FhirClient
    lease: Lease
    rounds: Rounds
    between: Between

    def round(self) -> tuple[int, int]:
        """Judge a round; patients judged, resources written."""
        assert self.rounds.round()
        return self.rounds.report.judged, self.rounds.report.written


@dataclass
class Server:
    """The server's side, which holds what it is sent and judges nobody."""

    store: ResourceStore
    clock: MovableClock
    url: str
    judges: list[Judge] = field(default_factory=list)

    def put(self, *raws: Raw) -> None:
        with self.store.write() as session:
            for raw in raws:
                session.update(str(raw["id"]), raw)

    def all(self, kind: str, **params: str) -> list[Raw]:
        return [found.raw for found in self.store.search(kind, [*params.items(), ("_count", "1000")]).matches]

    def judge(self, name: str = "a") -> Judge:
        """A new instance, with nothing in its memory."""
        between = Between()
        client = FhirClient(
            self.url,
            authorization="Bearer demo-device",
            timeout=10,
            clock=self.clock,
            transport=between,
        )
        lease = Lease(client, name, LEASE_S, client.server_now, self.clock.monotonic)
        rounds = Rounds(client, lease, Centre(), client.server_now, self.clock.monotonic)
        self.judges.append(Judge(client, lease, rounds, between))
        return self.judges[-1]


def patient(logical: str = "p-1") -> Raw:
    return {"resourceType": "Patient", "id": logical}


def plan(logical: str = "p-1", *, broken: bool = False) -> Raw:
    version = {"version": 1, "valid_from": format_instant(NOW - 12 * HOUR), "rules": RULES}
    raw: dict[str, Any] = care_plan(logical, {"versions": [version]}, title="Kols")
    if broken:
        raw["extension"] = [{**extension, "valueString": "{"} for extension in raw["extension"]]
    return {**raw, "id": f"plan-{logical}"}


def spo2(value: int, minutes_ago: int, logical: str = "p-1", **members: object) -> Raw:
    at = format_instant(NOW - minutes_ago * MINUTE)
    return {
        "resourceType": "Observation",
        "id": f"o-{logical}-{minutes_ago}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": f"Patient/{logical}"},
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "%"},
        **members,
    }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """With two patients and their plans."""
    clock = MovableClock()
    store = ResourceStore(tmp_path / "fhir.db", clock)
    with in_background(create_app(store, auth="demo", clock=clock, judges=False)) as url:
        made = Server(store, clock, url)
        made.put(patient("p-1"), patient("p-2"), plan("p-1"), plan("p-2"))
        yield made
        for one in made.judges:
            one.client.close()
    store.close()

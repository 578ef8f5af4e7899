"""A real server on a loopback port, and ways to talk to it; on SQLite, and in slow tests on PostgreSQL."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from starlette.applications import Starlette

from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.storage.store import ResourceStore

sys.path.insert(0, str(Path(__file__).parent))
from postgresql_cluster import Cluster, running_cluster

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a successor of httpx that we don't use
    from starlette.testclient import TestClient

START = 1_780_000_000_000
"""2026-05-28T20:26:40Z, when the tests' clocks stand still until they are moved."""


HERE = ("127.0.0.1", 50_000)
"""Where a client of the application without a socket says it is."""


class MovableClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, started when the first test asks for it."""
    with running_cluster() as running:
        yield running


@contextmanager
def new_database(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[str]:
    """Path or URL of a new database of a kind."""
    if kind == "sqlite":
        yield str(folder / "fhir.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.ready(MovableClock())
    yield url
    cluster.drop(url)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database of each kind in turn."""
    with new_database(request, tmp_path, request.param) as name:
        yield name


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in turn that no store has been opened on."""
    if request.param == "sqlite":
        yield str(tmp_path / "empty.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.empty()
    yield url
    cluster.drop(url)


@pytest.fixture
def store(database: str, clock: MovableClock) -> Iterator[ResourceStore]:
    opened = ResourceStore(database, clock)
    yield opened
    opened.close()


@pytest.fixture
def app(store: ResourceStore, clock: MovableClock) -> Starlette:
    return create_app(store, auth="demo", clock=clock)


@pytest.fixture
def base(app: Starlette) -> Iterator[str]:
    """FHIR base of a real server on loopback."""
    with in_background(app) as url:
        yield url


def connected(app: Starlette, user: str) -> httpx.Client:
    """A client of the application without a socket between."""
    client = TestClient(app, base_url="http://127.0.0.1/fhir", raise_server_exceptions=False, client=HERE)
    client.headers["Authorization"] = f"Bearer demo-{user}"
    return client


@pytest.fixture
def login(app: Starlette) -> Callable[[str], httpx.Client]:
    """Makes clients, by user."""
    return lambda user: connected(app, user)


@pytest.fixture(scope="module", params=KINDS)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Kari's client of a server that a whole module shares: fill it once, then only read."""
    clock = MovableClock()
    with new_database(request, tmp_path_factory.mktemp("shared"), request.param) as name:
        opened = ResourceStore(name, clock)
        yield connected(create_app(opened, auth="demo", clock=clock), "kari")
        opened.close()


@pytest.fixture
def kari(login: Callable[[str], httpx.Client]) -> httpx.Client:
    return login("kari")


def told(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The issue of an OperationOutcome that FHIR's own rules accept."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/fhir+json; charset=utf-8"
    OperationOutcome.model_validate_json(response.content)
    issue: dict[str, Any] = response.json()["issue"][0]
    assert issue["code"] == code
    assert "Traceback" not in response.text
    return issue


Observe = Callable[..., dict[str, object]]


@pytest.fixture(scope="session")
def observation() -> Observe:
    """Makes an Observation: SpO2 by default, of patient `p-1`."""

    def make(value: float = 93, at: str = "2026-05-20T10:00:00Z", **members: object) -> dict[str, object]:
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
            "subject": {"reference": "Patient/p-1"},
            "effectiveDateTime": at,
            "issued": at,
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "%"},
            **members,
        }

    return make

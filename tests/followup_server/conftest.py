"""A real server on a loopback port, and ways to talk to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from followup_server.app import create_app
from followup_server.serve import in_background
from followup_server.store import ResourceStore

START = 1_780_000_000_000
"""2026-05-28T20:26:40Z, when the tests' clocks stand still until they are moved."""


class MovableClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def store(tmp_path: Path, clock: MovableClock) -> Iterator[ResourceStore]:
    opened = ResourceStore(tmp_path / "fhir.db", clock)
    yield opened
    opened.close()


@pytest.fixture
def base(store: ResourceStore, clock: MovableClock) -> Iterator[str]:
    with in_background(create_app(store, auth="demo", clock=clock)) as url:
        yield url


@pytest.fixture
def login(base: str) -> Iterator[Callable[[str], httpx.Client]]:
    clients: list[httpx.Client] = []

    def connect(user: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer demo-{user}"}
        clients.append(httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=20))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def kari(login: Callable[[str], httpx.Client]) -> httpx.Client:
    return login("kari")

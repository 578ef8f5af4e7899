"""The walk over our own server, and over another one, whose lacks are told in docs/other-servers.md."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import httpx
import pytest

from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.storage.store import ResourceStore
from tests.followup_server.conformance.visit import CHECKS
from tests.followup_server.conformance.walk import Outcome, walk
from tests.followup_server.conftest import MovableClock

_TABLE = Path(__file__).parents[3] / "docs" / "other-servers.md"


def valid(response: httpx.Response) -> None:
    """Each resource that comes back is one by the rules of R4; those in a bundle too."""
    if response.content:
        kind = response.json()["resourceType"]
        module = import_module(f"fhir.resources.R4B.{kind.lower()}")
        getattr(module, kind).model_validate_json(response.content)


def test_our_server_does_all_of_it(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """On SQLite, or on the database that --database names."""
    clock = MovableClock()
    store = ResourceStore(request.config.getoption("--database") or tmp_path / "fhir.db", clock)
    try:
        with in_background(create_app(store, auth="demo", clock=clock)) as base:
            outcomes = list(walk(base, "demo-device", valid))
    finally:
        store.close()

    assert {one.check.name: one.failed for one in outcomes if one.failed is not None} == {}
    assert len(outcomes) == len(CHECKS)


@pytest.mark.slow
def test_another_server_does_what_the_console_needs_and_lacks_what_we_say(medplum: str) -> None:
    found = list(walk(medplum, rows=60))

    assert [one for one in found if one.check.needed and one.failed is not None] == []
    told = [line for line in _TABLE.read_text().splitlines() if line.endswith(("| yes |", "| no |"))]
    assert told == [row_of(one) for one in found]


def row_of(outcome: Outcome) -> str:
    """A check's row in docs/other-servers.md."""
    needed, passed = outcome.check.needed, outcome.failed is None
    return f"| {outcome.check.name} | {'needs it' if needed else ''} | {'yes' if passed else 'no'} |"


def test_checks_have_names_of_their_own() -> None:
    names: list[str] = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)

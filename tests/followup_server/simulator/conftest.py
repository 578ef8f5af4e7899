"""A small simulated centre, made once."""

from __future__ import annotations

import pytest

from fhir_r4.raw import Raw
from followup_server.simulator.generation import Simulation
from threshold_engine.instants import parse_instant

UNTIL = parse_instant("2026-03-03T08:31:00Z")  # a Tuesday, 09:31 in Norway


@pytest.fixture(scope="session")
def simulation() -> Simulation:
    """Forty patients, fourteen days: every story of the deck once."""
    return Simulation(patients=40, days=14, seed=7, until=UNTIL)


@pytest.fixture(scope="session")
def resources(simulation: Simulation) -> list[Raw]:
    """Everything of it but what judge and nurses add."""
    return [*simulation.persons(), *simulation.sent()]

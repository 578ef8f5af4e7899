"""A simulated centre: made-up people of Nord-Troms, what they measure, and nurses at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fhir_r4.raw import Raw
from followup_server.simulator.generation import Simulation
from followup_server.simulator.running import (
    Progress,
    SimulationExists,
    SimulationReport,
    simulate,
)
from threshold_engine.model import Instant
from work_items.centre import Centre

if TYPE_CHECKING:
    from followup_server.storage.store import ResourceStore

__all__ = ["Progress", "SimulationExists", "SimulationReport", "centre", "run", "simulate_into"]


def centre(patients: int, days: int, seed: int, until: Instant) -> Iterable[Raw]:
    """All resources of a simulated centre but what its judge and its nurses add; the same each time."""
    made = Simulation(patients, days, seed, until)

    def resources() -> Iterator[Raw]:
        yield from made.persons()
        yield from made.sent()

    return resources()


def simulate_into(
    store: ResourceStore,
    *,
    patients: int,
    days: int,
    seed: int,
    until: Instant,
    centre: Centre | None = None,
    progress: Progress | None = None,
) -> SimulationReport:
    """Load a simulated centre into a store, so that it is as it would be at `until` (UTC ms).

    What was raised before the opening day preceding `until` has been closed by the demo centre's nurses.
    `centre`: opening hours and targets. Raises SimulationExists, BulkError.
    """
    from followup_server.simulator.store_target import (  # noqa: PLC0415 - it brings the database along
        StoreTarget,
    )

    hours = centre or Centre()
    made = Simulation(patients, days, seed, until)
    return simulate(StoreTarget(store, hours), made, hours, progress or _say_nothing)


run = simulate_into


def _say_nothing(stage: str, done: int, total: int | None) -> None:
    del stage, done, total

"""`triage server simulate`: a made-up centre, into the server's store or to a FHIR server by HTTP."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from triage_tui.cli.database import Database, database_or_default
from triage_tui.wording import _

if TYPE_CHECKING:
    from fhir_r4.client_errors import FhirError
    from followup_server.simulator.generation import Simulation
    from followup_server.simulator.live import Target
    from followup_server.simulator.running import Progress, SimulationReport
    from threshold_engine.model import Clock, Instant

    Simulator: TypeAlias = Callable[[Simulation, Progress], SimulationReport]

_TIMEOUT_S: Final = 60.0
_AUTHORIZATION: Final = "Bearer demo-device"


def simulate(
    patients: Annotated[int, typer.Option(min=1, max=50_000, help="How many are followed up.")] = 200,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days of readings.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed and --until give the same centre.")] = 1,
    until: Annotated[
        str | None,
        typer.Option(metavar="T", help="The instant at which it ends; by default now.", show_default=False),
    ] = None,
    database: Database = None,
    server: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Send it to this FHIR server instead.", show_default=False),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Go on posting until ctrl+c.")] = False,
    speed: Annotated[
        float,
        typer.Option(min=0.1, max=100_000, help="How many times faster than real time it goes on."),
    ] = 1,
) -> None:
    """Make up a centre: patients, plans and readings, judged, with older alerts closed by its nurses."""
    from followup_server.simulator.generation import Simulation
    from triage_tui.cli.progress import simulation_bar
    from triage_tui.cli.settings import demo_clock

    clock = demo_clock()
    made = Simulation(patients, days, seed, _instant(until, clock))
    with _to_server(server, clock) if server else _to_store(database, clock) as (target, simulate_there):
        with simulation_bar() as progress:
            report = simulate_there(made, progress)
        _tell(
            _(
                "Simulated {patients} patients with {observations} observations; {closed} alerts are closed."
            ).format(patients=report.patients, observations=report.observations, closed=report.closed)
        )
        if live:
            _go_on(target, made, clock, speed)


def _instant(written: str | None, clock: Clock) -> Instant:
    from threshold_engine.instants import parse_instant

    if written is None:
        return clock()
    try:
        return parse_instant(written)
    except ValueError:
        raise typer.BadParameter("--until must be an instant such as 2026-03-03T08:31:00Z.") from None


@contextmanager
def _to_server(server: str, clock: Clock) -> Iterator[tuple[Target, Simulator]]:
    from fhir_r4.client import FhirClient
    from followup_server.simulator.upload import ServerTarget, send
    from work_items.centre import Centre

    with FhirClient(server, authorization=_AUTHORIZATION, timeout=_TIMEOUT_S, clock=clock) as client:
        target = ServerTarget(client)
        yield target, lambda made, progress: send(target, made, Centre(), progress)


@contextmanager
def _to_store(database: str | None, clock: Clock) -> Iterator[tuple[Target, Simulator]]:
    from followup_server.simulator.running import simulate as run
    from followup_server.simulator.store_target import StoreTarget
    from followup_server.storage.store import ResourceStore
    from work_items.centre import Centre

    store = ResourceStore(database_or_default(database), clock)
    try:
        target = StoreTarget(store, Centre())
        yield target, lambda made, progress: run(target, made, Centre(), progress)
    finally:
        store.close()


def _go_on(target: Target, made: Simulation, now: Clock, speed: float) -> None:
    """Post as time goes by from the end of the simulation on; only ctrl+c or a refusal ends it."""
    from followup_server.simulator.live import go_on, hurried
    from triage_tui.cli.progress import simulation_bar

    def elapsed() -> int:
        return time.monotonic_ns() // 1_000_000

    def sleep(seconds: float) -> None:
        time.sleep(seconds / speed)

    def trouble(error: FhirError) -> None:
        _tell(f"{error} {error.remedy}")

    _tell(_("Posting what patients send; ctrl+c stops it."))
    clock = hurried(made.until, speed, elapsed, now)
    with simulation_bar() as progress:
        go_on(target, made, clock, sleep, lambda posted: progress("readings", posted, None), trouble)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the channel for messages

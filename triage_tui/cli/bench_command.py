"""`triage engine bench`: how fast the engine judges, as ratios to a plain loop in the same run."""

from __future__ import annotations

from typing import Annotated

import typer


def add_to(engine_app: typer.Typer) -> None:
    """Register the command."""
    engine_app.command("bench")(bench)


def bench(
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")] = 200,
    days: Annotated[int, typer.Option(min=1, help="For how many days each is followed.")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Time the engine on one core, on a made-up centre of about 3.3 readings a patient and day.

    Each patient has a limit rule (2 of 3, deadband), a change rule (3 days) and a missing rule. Plans are
    read and readings made before the clock starts, for all ways alike.
    """
    from triage_tui.cli.as_json import print_json
    from triage_tui.cli.bench_centre import bench_centre
    from triage_tui.cli.bench_engine import timed

    found = timed(bench_centre(patients, days), rounds=3)
    if as_json:
        print_json(
            {
                "readings": found.readings,
                "episodes": found.episodes,
                "streaming_ns_per_reading": round(found.streaming, 1),
                "batch_ns_per_reading": round(found.batch, 1),
                "naive_ns_per_reading": round(found.naive, 1),
                "streaming_to_naive": round(found.streaming / found.naive, 3),
                "batch_to_naive": round(found.batch / found.naive, 3),
                "equal": found.equal,
            }
        )
        raise typer.Exit(0 if found.equal else 1)
    typer.echo(
        f"{found.readings} readings, {found.episodes} episodes; processor time of one core, median of 3"
    )
    for way, spent in (("a plain loop", found.naive), ("streaming", found.streaming), ("batch", found.batch)):
        typer.echo(f"{way:13} {spent:8.1f} ns a reading  {spent / found.naive:6.1%} of the plain loop")
    if not found.equal:
        typer.echo("Streaming and batch gave different episodes: a defect, please report it.", err=True)
        raise typer.Exit(1)
    typer.echo("streaming and batch gave the same episodes")

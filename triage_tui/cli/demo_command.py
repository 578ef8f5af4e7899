"""`triage demo`: a simulated centre, the embedded server, and the console on it."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.queue_commands import AsJson
from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from triage_tui.cli.console_look import LookOptions
    from triage_tui.cli.practice import Practice


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    patients: Annotated[int, typer.Option(min=1, max=100_000, help="How many people.")] = 200,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days of readings.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same centre.")] = 1,
    headless: Annotated[bool, typer.Option("--headless", help="Print the queue and stop.")] = False,
    as_json: AsJson = False,
    keep: Annotated[Path | None, typer.Option(help="Keep server and console in this folder.")] = None,
) -> None:
    """Practise on a simulated centre. Without a terminal the queue is printed instead."""
    look = settings_of(context).look
    headless = headless or as_json or not (sys.stdin.isatty() and sys.stdout.isatty())
    if keep is not None:
        _run(keep, patients, days, seed, headless=headless, as_json=as_json, kept=True, look=look)
        return
    with tempfile.TemporaryDirectory(prefix="triage-demo-") as folder:
        _run(
            Path(folder),
            patients,
            days,
            seed,
            headless=headless,
            as_json=as_json,
            kept=False,
            look=look,
        )


def _run(
    folder: Path,
    patients: int,
    days: int,
    seed: int,
    *,
    headless: bool,
    as_json: bool,
    kept: bool,
    look: LookOptions,
) -> None:
    from triage_tui.cli.practice import start_practice

    with start_practice(folder, patients, days, seed, kept=kept) as practice:
        if headless:
            _print_queue(practice, as_json=as_json)
        else:
            from triage_tui.cli.console_command import run_console

            run_console(practice.open_store, replace(practice.settings, look=look))


def _print_queue(practice: Practice, *, as_json: bool) -> None:
    from triage_tui.cli.as_json import print_json, queue_json
    from triage_tui.cli.as_text import print_queue
    from triage_tui.cli.opening import of_store
    from triage_tui.cli.progress import progress_bar
    from triage_tui.sync.round import sync_once
    from work_items import Centre

    with practice.open_store() as store:
        session = of_store(store, practice.settings)
        with session.client() as client, progress_bar() as progress:
            report = sync_once(store, client, session.clock, progress)
        view = store.queue(session.now(), Centre())
        if as_json:
            print_json(queue_json(view, list(view.entries)))
        else:
            print_queue(view, view.entries)
    if report.exit_code:
        raise typer.Exit(int(report.exit_code))

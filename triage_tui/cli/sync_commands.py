"""`triage sync` and `triage status`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from triage_tui.cli.failure import ExitCode
from triage_tui.cli.queue_commands import AsJson, Plain, one_format
from triage_tui.cli.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_r4.settled import Settled
    from triage_tui.cli.opening import Opened
    from triage_tui.sync.lease import Lease
    from triage_tui.sync.report import SyncReport


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("sync")(sync)
    app.command("status")(status)


def sync(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send what waits and fetch what is new; without --once go on until interrupted."""
    from triage_tui.cli.opening import opened

    with opened(settings_of(context)) as session:
        if once:
            report = _round(session)
            _print(report, as_json=as_json)
            raise typer.Exit(int(report.exit_code))
        go_on(session, as_json=as_json)


def _round(session: Opened, settled: Settled | None = None, lease: Lease | None = None) -> SyncReport:
    from triage_tui.cli.progress import progress_bar
    from triage_tui.sync.round import sync_once

    with session.client() as client, progress_bar() as shown:
        progress = shown if lease is None else lease.kept_up(shown)
        return sync_once(session.store, client, session.clock, progress, settled=settled)


def go_on(session: Opened, *, as_json: bool, sleep: Callable[[float], None] = time.sleep) -> None:
    """Round after round, as long as no other process syncs this cache; what that one brings is here too."""
    import random

    from fhir_r4.backoff import Backoff
    from fhir_r4.settled import Settled
    from triage_tui.sync.lease import SYNC, Lease
    from triage_tui.sync.worker import EVERY_S, LOOK_AT_OTHERS_S

    backoff = Backoff(random.random)
    settled = Settled()
    lease = Lease(session.store, name=SYNC)
    while True:
        if not lease.take():
            sleep(LOOK_AT_OTHERS_S)
            continue
        try:
            report = _round(session, settled, lease)
        finally:
            lease.release()  # between rounds whoever is asked to sync may do so at once
        _print(report, as_json=as_json)
        if report.reached == "login-refused":
            raise typer.Exit(ExitCode.LOCKED)
        if report.complete:
            backoff.after_success()
            sleep(EVERY_S)
        else:
            sleep(backoff.after_failure(report.retry_after_s))


def _print(report: SyncReport, *, as_json: bool) -> None:
    from triage_tui.cli.as_json import print_json
    from triage_tui.wording import _
    from triage_tui.wording.faults import problem_words

    if report.problem:
        print(problem_words(report.problem), file=sys.stderr)  # noqa: T201
    if as_json:
        print_json(report.to_json())
        return
    print(  # noqa: T201
        _(
            "fetched {pulled}, sent {pushed}, waiting {pending}, refused {parked}, in conflict {conflicts}"
        ).format(
            pulled=sum(report.pulled.values()),
            pushed=report.pushed,
            pending=report.pending,
            parked=report.parked,
            conflicts=report.conflicts,
        )
    )


def status(context: typer.Context, plain: Plain = False, as_json: AsJson = False) -> None:
    """How fresh the cache is, and what has not been sent."""
    from local_store.errors import KeyProblem, WrongKey
    from triage_tui.cli.as_json import print_json, status_json
    from triage_tui.cli.as_text import print_status
    from triage_tui.cli.explain import in_words
    from triage_tui.cli.locked import ProfileLocked
    from triage_tui.cli.opening import opened

    one_format(plain=plain, as_json=as_json)
    try:
        with opened(settings_of(context)) as session:
            now = session.now()
            view = session.store.status()
            if as_json:
                print_json(status_json(view, now=now))
            else:
                print_status(view, now)
    except (KeyProblem, WrongKey, ProfileLocked) as error:
        if not as_json:
            raise
        counts = ("last_sync", "pending", "parked", "conflicts", "disagreements", "patients", "readings")
        print_json({"online": False, "locked": True} | dict.fromkeys(counts))
        print(in_words(error), file=sys.stderr)  # noqa: T201

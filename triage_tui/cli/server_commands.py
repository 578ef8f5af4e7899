"""`triage server`: the embedded FHIR server, loading into its store, and the simulator."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from triage_tui.cli.database import Database, database_or_default
from triage_tui.cli.settings import demo_clock
from triage_tui.cli.simulate_command import simulate
from triage_tui.wording import _

server_app = typer.Typer(help="The embedded FHIR server and its simulator.", no_args_is_help=True)


@server_app.command()
def run(
    database: Database = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any free port.")] = 8087,
    auth: Annotated[
        str | None,
        typer.Option(
            help="none, demo or oidc; by default oidc with --issuer, else demo.", show_default=False
        ),
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="The OIDC provider.", show_default=False)] = None,
    judge: Annotated[
        bool, typer.Option("--judge/--no-judge", help="Judge what comes in, or leave that to: triage judge")
    ] = True,
    log: Annotated[
        str | None,
        typer.Option(
            envvar="TRIAGE_SERVER_LOG",
            help="A file for one JSON line a request, - for standard error; none by default.",
            show_default=False,
        ),
    ] = None,
    while_input_is_open: Annotated[bool, typer.Option("--while-input-is-open", hidden=True)] = False,
) -> None:
    """Serve FHIR at /fhir and judge what comes in, until it is told to stop (SIGTERM, ctrl+c)."""
    from followup_server.http.limits import limits_from
    from followup_server.http.request_log import log_as_json
    from followup_server.http.serve import run as serve

    chosen = auth or ("oidc" if issuer else "demo")
    shown_host = f"[{host}]" if ":" in host else host

    def ready(bound: int) -> None:
        _tell(_("Serving FHIR at {url}").format(url=f"http://{shown_host}:{bound}/fhir"))

    if while_input_is_open:
        threading.Thread(target=_stop_at_end_of_input, name="end-of-input", daemon=True).start()
    log_as_json(log, sys.stderr)
    limits = limits_from(os.environ)
    clock = demo_clock()
    serve(database_or_default(database), host, port, chosen, clock, ready, limits=limits, judges=judge)


@server_app.command()
def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="FHIR bundles or NDJSON, gzip too.")],
    database: Database = None,
    centre: Annotated[
        str | None,
        typer.Option(help="Where patients without an organisation go; the demo centre by default."),
    ] = None,
) -> None:
    """Load FHIR resources into the server's store, all or nothing, and judge the patients among them."""
    from followup_server.bulk.files import resources_in, total_size
    from followup_server.bulk.loading import load_found
    from followup_server.judging.patients import judge_patients
    from followup_server.storage.store import ResourceStore
    from triage_tui.cli.progress import simulation_bar

    clock = demo_clock()
    store = ResourceStore(database_or_default(database), clock)
    try:
        with simulation_bar() as show:
            size = total_size(files)
            again = all(path.is_file() for path in files)  # a pipe can be read only once
            first = resources_in(files, lambda read: show("checking", read, size)) if again else None
            found = resources_in(files, lambda read: show("loading", read, size))
            report = load_found(store, found, first=first, centre=centre)
            judge_patients(
                store, report.patients, clock(), progress=lambda done, total: show("judging", done, total)
            )
    finally:
        store.close()
    _tell(
        _("Loaded {created} new and {updated} changed resources; {unchanged} were there already.").format(
            created=report.created.total(), updated=report.updated.total(), unchanged=report.unchanged
        )
    )


def _stop_at_end_of_input() -> None:
    """Stop as by SIGTERM once standard input ends: also when who held it was killed."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the channel for messages


server_app.command()(simulate)

"""`triage judge`: the engine beside any FHIR server, as a client of it; it says counts only."""

from __future__ import annotations

import random
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_tui.cli.failure import ExitCode
from triage_tui.cli.settings import demo_clock
from triage_tui.wording import _

if TYPE_CHECKING:
    from fhir_r4.beside.rounds import RoundReport
    from fhir_r4.beside.running import Running
    from fhir_r4.client import FhirClient
    from fhir_r4.client_errors import FhirError

_TIMEOUT_S: Final = 30.0


def judge(
    server: Annotated[str, typer.Option(metavar="URL", help="FHIR base of the server.")],
    once: Annotated[bool, typer.Option("--once", help="Judge everybody once, then end.")] = False,
    every: Annotated[float, typer.Option(min=1, help="Seconds between two looks for what is new.")] = 10.0,
    lease: Annotated[
        float, typer.Option(min=2, help="Seconds after which another instance replaces one that died.")
    ] = 180.0,
    token_file: Annotated[
        Path | None,
        typer.Option(
            envvar="TRIAGE_TOKEN_FILE",
            help="A file (0600) with a bearer token to log in with.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Judge the patients of a FHIR server that has no judge of its own, until told to stop."""
    from fhir_r4.client import FhirClient
    from fhir_r4.client_errors import FhirError
    from triage_tui.cli.token_file import authorization

    login = authorization(token_file, server)
    clock = demo_clock()
    try:
        with (
            FhirClient(server, authorization=login, timeout=_TIMEOUT_S, clock=clock) as client,
            _running(client, every=every, lease_s=lease) as running,
        ):
            if not once:
                running.for_ever()
            failures = running.once()
    except FhirError as error:
        raise typer.Exit(_told(error)) from None
    if failures:
        raise typer.Exit(ExitCode.FAILED)


@contextmanager
def _running(client: FhirClient, *, every: float, lease_s: float) -> Iterator[Running]:
    """Put it together; however the block ends, the lease is given back."""
    from fhir_r4.backoff import Backoff
    from fhir_r4.beside.lease import Lease
    from fhir_r4.beside.rounds import Rounds
    from fhir_r4.beside.running import Running
    from fhir_r4.client_errors import FhirError
    from work_items import Centre

    lease = Lease(client, str(uuid.uuid4()), lease_s, client.server_now, time.monotonic)
    rounds = Rounds(client, lease, Centre(), client.server_now, time.monotonic)
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield Running(
            rounds=rounds,
            lease=lease,
            backoff=Backoff(random.random),
            sleep=time.sleep,
            tell=_tell_round,
            trouble=_tell_trouble,
            waiting=lambda: _tell(_("Another instance judges beside this server; waiting.")),
            every=every,
        )
    finally:
        signal.signal(signal.SIGTERM, before)
        try:
            lease.give_back()
        except FhirError as error:
            _tell_trouble(error)  # it runs out by itself


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave at once: what is half written is found, and finished, by the next judging."""
    raise SystemExit(ExitCode.DONE)


def _tell_round(report: RoundReport) -> None:
    words = _("Judged {judged}, wrote {written}, failed {failed}.")
    failed = report.failures.total()
    _tell(words.format(judged=report.judged, written=report.written, failed=failed))
    words = _("Not judged or not written: {patients} ({failure}).")
    for failure, patients in sorted(report.failures.items()):
        _tell(words.format(patients=patients, failure=failure))


def _tell_trouble(error: FhirError) -> None:
    from triage_tui.cli.explain import in_words

    _tell(in_words(error))


def _told(error: FhirError) -> ExitCode:
    """Say how it failed; gives the exit code."""
    from fhir_r4.beside.running import is_away
    from fhir_r4.client_errors import LoginRefused

    if isinstance(error, LoginRefused):
        _tell(_("The server refuses the login. Give a valid one with --token-file."))
        return ExitCode.LOCKED
    _tell_trouble(error)
    return ExitCode.LOCAL_ONLY if is_away(error) else ExitCode.FAILED


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the channel for messages


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command()(judge)

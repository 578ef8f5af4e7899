"""Processes that work on one cache until they are killed; a program of its own.

It loads everything once and then forks: each line `act <seed>` or `sync <seed>` on standard input begins a
process: it says `begun <pid>`, and `did <pid>` after each act. `reap <pid>` waits for the end of one: `ended
<status>`. An act is told in the log only after it has returned.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import NoReturn

from fhir_r4.backoff import Backoff
from fhir_r4.client import FhirClient
from fhir_r4.settled import Settled
from local_store.store import Store
from tests.triage_tui.sync.proofs.random_acts import random_act
from tests.triage_tui.sync.proofs.real_server import real_now
from tests.triage_tui.sync.proofs.small_centre import KEY, NURSES
from triage_tui.sync.push_now import push_now
from triage_tui.sync.round import sync_once

_TIMEOUT_S = 10.0
KARI = NURSES["kari"]


def acting(folder: Path, base: str, patients: list[str], seed: int, log: int) -> NoReturn:
    """Act after act, each sent at once as a command would."""
    rng = random.Random(seed)  # noqa: S311 - to be run again by its seed
    with Store.open(folder, KEY) as store, _client(base) as client:
        while True:
            ops = random_act(store, KARI, patients, real_now(), rng)
            os.write(log, "".join(f"{op}\n" for op in ops).encode())
            _say("did", os.getpid())
            if ops and rng.random() < 0.7:
                push_now(store, client, ops, _TIMEOUT_S, clock=real_now)


def syncing(folder: Path, base: str) -> NoReturn:
    """Round after round, as a console's worker would, without the pause between."""
    settled, backoff = Settled(), Backoff(random.random)
    with Store.open(folder, KEY) as store, _client(base) as client:
        while True:
            if sync_once(store, client, real_now, settled=settled).complete:
                backoff.after_success()
            else:
                backoff.after_failure()


def _say(what: str, number: int) -> None:
    """In one piece, whoever else is speaking."""
    os.write(1, f"{what} {number}\n".encode())


def _client(base: str) -> FhirClient:
    return FhirClient(base, authorization="Bearer demo-kari", timeout=_TIMEOUT_S, clock=real_now)


def main(folder: Path, base: str, log: Path, patients: list[str]) -> None:
    """Begin processes as told on standard input, until its end."""
    told = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _say("begun", 0)
    for line in sys.stdin:
        order, number = line.split()
        if order == "reap":
            _, status = os.waitpid(int(number), 0)
            _say("ended", os.waitstatus_to_exitcode(status))
            continue
        pid = os.fork()
        if pid == 0:
            if order == "act":
                acting(folder, base, patients, int(number), told)
            syncing(folder, base)
        _say("begun", pid)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4:])

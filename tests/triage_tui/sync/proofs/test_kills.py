"""SIGKILL at random moments: nothing that an act said was kept is lost or done twice, and no cache breaks."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pytest

from local_store.store import Store
from tests.triage_tui.sync.proofs.audit import (
    OnServer,
    check_access_log,
    check_equal,
    check_shown,
    contents,
    ops_of,
)
from tests.triage_tui.sync.proofs.conftest import Proof
from tests.triage_tui.sync.proofs.real_server import ServerProcess, real_now, server_process
from tests.triage_tui.sync.proofs.small_centre import KEY
from triage_tui.sync.round import sync_once

_SIGNAL = -signal.SIGKILL
_TURNS_AT_MOST = 12


class Processes:
    """The program that begins them."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._said, self._asked = cast(IO[str], program.stdout), cast(IO[str], program.stdin)
        self._told("begun")

    def begin(self, what: str, seed: int) -> int:
        """Begin a process; its pid."""
        self._asked.write(f"{what} {seed}\n")
        self._asked.flush()
        return self._told("begun")

    def wait_for_act(self, pid: int) -> None:
        """Wait until it has done something."""
        while self._told("did") != pid:
            pass

    def _told(self, what: str) -> int:
        """The number that comes with the next line of a kind; others are passed over."""
        while True:
            said, _, number = self._said.readline().partition(" ")
            assert said, "the program has ended"
            if said == what:
                return int(number)

    def kill(self, pid: int) -> int:
        """Kill it; how it ended."""
        os.kill(pid, signal.SIGKILL)
        self._asked.write(f"reap {pid}\n")
        self._asked.flush()
        return self._told("ended")


@pytest.mark.slow
def test_a_few_kills_lose_nothing(proof: Proof, tmp_path: Path) -> None:
    _kill_often(proof.seed(0), 6, tmp_path)


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("shard", range(1, 5))
def test_two_hundred_kills_lose_nothing(proof: Proof, tmp_path: Path, shard: int) -> None:
    _kill_often(proof.seed(shard), 50 * proof.times, tmp_path)


def _kill_often(seed: int, kills: int, folder: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - to be run again by its seed
    cache, log = folder / "kari", folder / "acts.log"
    patients = [f"k{number}" for number in range(2 + kills // 10)]
    with server_process(folder) as server:
        server.add_patients(*patients)
        with Store.create(cache, KEY) as store:
            _sync(store, server, "kari")
        with _processes(cache, server, log, patients) as processes:
            for _ in range(kills // 2):
                _kill_two(processes, rng)
                if rng.random() < 0.02:
                    server.end(kill=True)
                    server.start()
                with Store.open(cache, KEY) as store:
                    store.verify()
        _check(server, cache, log, patients, folder)
    acts = len(log.read_text().split())
    print(f"{kills} kills, {acts} acts told, none lost")  # noqa: T201
    assert acts >= kills // 3, "hardly anything was done between the kills"


def _kill_two(processes: Processes, rng: random.Random) -> None:
    """One that acts and one that syncs, at once on one cache, killed in either order."""
    acting = processes.begin("act", rng.randrange(2**31))
    running = [acting, processes.begin("sync", 0)]
    rng.shuffle(running)
    for _ in range(rng.choice((0, 1, 2, 3, 5))):  # none: it may be killed while it opens the cache
        processes.wait_for_act(acting)
    for pid in running:
        time.sleep(rng.uniform(0.0, 0.15))  # when the kill comes is the very thing that is tried
        assert processes.kill(pid) == _SIGNAL, "it ended before it was killed"


@contextmanager
def _processes(cache: Path, server: ServerProcess, log: Path, patients: list[str]) -> Iterator[Processes]:
    module = "tests.triage_tui.sync.proofs.busy_processes"
    program = subprocess.Popen(
        (sys.executable, "-m", module, str(cache), server.base, str(log), *patients),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        yield Processes(program)
        cast(IO[str], program.stdin).close()


def _sync(store: Store, server: ServerProcess, login: str) -> bool:
    """A round; whether there was nothing to do."""
    with server.client(login) as client:
        report = sync_once(store, client, real_now)
    assert report.complete, report
    return not (report.pushed or report.pending or report.pulled)


def _check(server: ServerProcess, cache: Path, log: Path, patients: list[str], folder: Path) -> None:
    with Store.open(cache, KEY) as store, Store.create(folder / "fresh", KEY) as fresh:
        assert any(_sync(store, server, "kari") for _ in range(_TURNS_AT_MOST)), "never quiet"
        _sync(fresh, server, "ingrid")
        with store.read() as snapshot:
            kept = {row[0] for row in snapshot.context.connection.exec_driver_sql("SELECT op FROM outbox")}
        told = set(log.read_text().split())
        assert told <= kept, f"lost: {told - kept}"
        stored = ops_of(store, kept)
        check_shown(store, stored)
        with server.client() as client:
            found = OnServer(client)
            found.check_no_doubles()
            found.check_histories(stored)
            check_access_log(store, found)
            for op in stored:
                found.check_op(op)
        now = real_now()
        check_equal("kari", contents(store, patients, now), "fresh", contents(fresh, patients, now))

"""Over a link that cuts, delays, doubles and lies, a console's acts arrive once and its cache is right."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fhir_r4.settled import Settled
from local_store.store import Store
from local_store.views import Nurse
from tests.triage_tui.sync.proofs.audit import (
    OnServer,
    check_access_log,
    check_equal,
    check_shown,
    contents,
    ops_of,
)
from tests.triage_tui.sync.proofs.bad_link import HAPPENINGS, Running, bad_link
from tests.triage_tui.sync.proofs.conftest import Proof
from tests.triage_tui.sync.proofs.random_acts import random_act
from tests.triage_tui.sync.proofs.real_server import HOST, ServerProcess, real_now, server_process
from tests.triage_tui.sync.proofs.small_centre import KEY, NURSES
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once

_IMPATIENT_S, _LATE_S = 0.4, 0.6
_BAD_ROUNDS = 20
_TURNS_AT_MOST = 12


@dataclass
class Console:
    """A nurse's cache behind a link. She tries again at once instead of waiting."""

    nurse: Nurse
    store: Store
    server: ServerProcess
    ops: list[str] = field(default_factory=list)
    settled: Settled = field(default_factory=Settled)

    def sync(self, port: int | None = None, timeout: float = 60.0) -> SyncReport:
        with self.server.client(self.nurse.login, port, timeout) as client:
            return sync_once(self.store, client, real_now, settled=self.settled)

    def act(self, rng: random.Random, patients: list[str]) -> None:
        with self.store.read() as snapshot:
            at = real_now() + (snapshot.marks().skew_ms or 0)
        self.ops += random_act(self.store, self.nurse, patients, at, rng)


@pytest.mark.slow
def test_acts_arrive_once_over_a_few_bad_links(proof: Proof, tmp_path: Path) -> None:
    _over_bad_links([proof.seed(number) for number in range(3)], tmp_path)


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("shard", range(5))
def test_acts_arrive_once_over_fifty_bad_links(proof: Proof, tmp_path: Path, shard: int) -> None:
    each = 10 * proof.times
    _over_bad_links([proof.seed(100 + shard * each + number) for number in range(each)], tmp_path)


def _over_bad_links(seeds: list[int], folder: Path) -> None:
    happened: Counter[str] = Counter()
    with server_process(folder) as server:
        for seed in seeds:
            happened += _over_a_bad_link(seed, server, folder / str(seed))
    print(", ".join(f"{name} {times}" for name, times in happened.most_common()))  # noqa: T201
    assert len(seeds) < 5 or set(happened) >= set(HAPPENINGS)


def _over_a_bad_link(seed: int, server: ServerProcess, folder: Path) -> Counter[str]:
    rng = random.Random(seed)  # noqa: S311 - to be run again by its seed
    patients = [f"c{seed}a", f"c{seed}b"]
    server.add_patients(*patients)
    stores = {name: Store.create(folder / name, KEY) for name in ("kari", "ola", "ingrid")}
    kari, ola, ingrid = (Console(NURSES[name], store, server) for name, store in stores.items())
    try:
        with bad_link(HOST, server.port, seed, _LATE_S) as up:
            _bad_times(rng, up, kari, ola, patients)
            up.link.badness, up.link.black = 0.0, False
            up.settle()
            _until_quiet(kari, ola, up)
        assert ingrid.sync().complete
        _check(server, kari, ola, ingrid, patients)
    finally:
        for store in stores.values():
            store.close()
    return up.link.happened


def _bad_times(rng: random.Random, up: Running, kari: Console, ola: Console, patients: list[str]) -> None:
    """Kari works behind the link; Ola has a good one."""
    for _ in range(_BAD_ROUNDS):
        up.link.badness = rng.choice((0.05, 0.15, 0.3, 0.6))
        up.link.black = rng.random() < 0.1
        for _ in range(rng.randrange(3)):
            kari.act(rng, patients)
        kari.sync(up.port, _IMPATIENT_S)
        if rng.random() < 0.2:
            ola.sync()
            ola.act(rng, patients)
            ola.sync()


def _until_quiet(kari: Console, ola: Console, up: Running) -> None:
    quiet = 0
    for turn in range(_TURNS_AT_MOST):
        report = kari.sync(up.port) if turn % 2 == 0 else ola.sync()
        assert report.complete, report
        quiet = 0 if report.pushed or report.pending or report.pulled else quiet + 1
        if quiet == 2:
            return
    raise AssertionError(f"never quiet: {report}")


def _check(server: ServerProcess, kari: Console, ola: Console, ingrid: Console, patients: list[str]) -> None:
    with server.client() as client:
        found = OnServer(client, f"Patient/{patients[0]}", f"Patient/{patients[1]}")
        found.check_no_doubles()
        done = {console.nurse.login: ops_of(console.store, console.ops) for console in (kari, ola)}
        assert done["kari"], "nothing was done"
        found.check_histories([op for stored in done.values() for op in stored])
        for console in (kari, ola):
            check_shown(console.store, done[console.nurse.login])
            check_access_log(console.store, found)
            for op in done[console.nurse.login]:
                found.check_op(op)
    now = real_now()
    measure = contents(ingrid.store, patients, now)
    for console in (kari, ola):
        check_equal(console.nurse.login, contents(console.store, patients, now), "a fresh cache", measure)

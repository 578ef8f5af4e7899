"""One process at a time syncs a cache, whichever command it runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from triage_tui.cli.sync_commands import go_on
from triage_tui.sync.lease import LASTS_MS, SYNC, Lease
from triage_tui.sync.state import Stage
from triage_tui.sync.worker import LOOK_AT_OTHERS_S

Make = Callable[..., Any]


class Enough(Exception):
    """Stops what would go on for ever."""


def test_the_command_syncs_once_the_other_process_has_let_go(
    console: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    kari = console()
    other = Lease(kari.store, name=SYNC)
    assert other.take()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 1:
            raise Enough
        with kari.store.read() as snapshot:
            assert not snapshot.marks().loaded
        other.release()

    session = SimpleNamespace(store=kari.store, client=kari.client, clock=kari.clock)
    with pytest.raises(Enough):
        go_on(session, as_json=True, sleep=sleep)  # type: ignore[arg-type] - what it needs of a session

    assert slept[0] == LOOK_AT_OTHERS_S
    with kari.store.read() as snapshot:
        assert snapshot.marks().loaded
    assert capsys.readouterr().out.count("\n") == 1
    assert other.take(), "between rounds it is nobody's"


def test_a_long_round_prolongs_its_lease(console: Make) -> None:
    seconds, now = [0.0], [0]
    store = console().store
    lease = Lease(store, lambda: now[0], name=SYNC)
    assert lease.take()
    told: list[Stage] = []
    tell = lease.kept_up(told.append, lambda: seconds[0])

    for _ in range(4):
        seconds[0] += LASTS_MS / 2000
        now[0] += LASTS_MS // 2
        tell(Stage("pulling"))

    assert len(told) == 4
    assert not Lease(store, lambda: now[0], name=SYNC).take()

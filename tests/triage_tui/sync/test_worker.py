"""The background thread: rounds, waking, stopping, and how long it waits."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fhir_r4.client import FhirClient
from local_store.store import Store
from triage_tui import acts
from triage_tui.sync.state import SyncState
from triage_tui.sync.worker import SyncWorker

Make = Callable[..., Any]
NOW = 1_772_526_660_000
LONG_S = 30.0
KEY = bytes(range(32))


class Watched:
    """A worker on a console's store, and the states it posts."""

    def __init__(self, console: Any, url: str | None = None, every_s: float = LONG_S) -> None:
        self.states: queue.Queue[SyncState] = queue.Queue()
        self.console, self.url = console, url or console.url
        self.worker = SyncWorker(
            lambda: Store.open(console.store.folder, KEY),
            self.client,
            console.clock,
            self.states.put,
            draw=lambda: 0.0,
            every_s=every_s,
        )

    def client(self) -> FhirClient:
        return FhirClient(self.url, authorization="Bearer demo-kari", timeout=5.0, clock=self.console.clock)

    def until(self, wanted: Callable[[SyncState], bool]) -> SyncState:
        while True:
            state = self.states.get(timeout=LONG_S)
            if wanted(state):
                return state


@pytest.fixture
def watched(console: Make) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def make(**more: Any) -> Watched:
        one = Watched(console(), **more)
        made.append(one)
        return one

    yield make
    for one in made:
        one.worker.stop()


def test_tells_what_it_fetches_and_then_rests(watched: Callable[..., Watched]) -> None:
    one = watched()
    one.worker.start()

    fetching = one.until(lambda state: state.stage.key == "pulling")
    resting = one.until(lambda state: state.stage.key == "idle")

    assert fetching.stage.kind == "Task"
    assert resting.online and resting.last_sync == NOW and resting.problem is None
    assert one.worker.stop()


def test_woken_after_an_act_it_sends_it_at_once(watched: Callable[..., Watched]) -> None:
    one = watched()
    one.worker.start()
    one.until(lambda state: state.stage.key == "idle")
    done = acts.take(one.console.store, one.console.nurse, one.console.task(), NOW)

    one.worker.wake()
    state = one.until(lambda state: state.stage.key == "idle" and state.pending == 0)

    assert state.oldest_pending is None
    assert one.console.state(done.op)[0] == "sent"


def test_without_a_server_it_says_so_and_tries_again(watched: Callable[..., Watched]) -> None:
    one = watched(url="http://127.0.0.1:1/fhir")
    one.worker.start()

    first = one.until(lambda state: state.stage.key == "offline")
    again = one.until(lambda state: state.stage.key == "offline")

    assert first.offline_since == again.offline_since == NOW
    assert not first.online and "network" in first.problem


def test_without_a_login_it_waits_to_be_woken(watched: Callable[..., Watched], monkeypatch: Any) -> None:
    one = watched()
    asked: list[int] = []

    def nobody() -> FhirClient:
        asked.append(1)
        return FhirClient(one.url, authorization=None, timeout=5.0, clock=one.console.clock)

    monkeypatch.setattr(one.worker, "_make_client", nobody)
    one.worker.start()
    one.until(lambda state: state.stage.key == "login-needed")
    assert len(asked) == 1

    monkeypatch.setattr(one.worker, "_make_client", one.client)
    one.worker.wake()

    assert one.until(lambda state: state.stage.key == "idle").online


def test_a_fault_of_the_program_is_said_not_hidden(watched: Callable[..., Watched], monkeypatch: Any) -> None:
    import threading  # noqa: PLC0415 - beside its only use

    seen: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))
    one = watched()
    monkeypatch.setattr("triage_tui.sync.worker.sync_once", lambda *_, **__: 1 // 0)
    one.worker.start()

    state = one.until(lambda state: state.stage.key == "refused")

    assert "Restart" in state.problem
    assert one.worker.stop() and seen == [ZeroDivisionError]


def test_stopped_before_it_began(watched: Callable[..., Watched]) -> None:
    assert watched().worker.stop()

"""The background thread: rounds, waking, stopping, and how long it waits."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fhir_r4.client import FhirClient
from local_store.store import Store
from triage_tui import acts
from triage_tui.sync.report import SyncReport
from triage_tui.sync.state import SyncState
from triage_tui.sync.worker import SyncWorker

Make = Callable[..., Any]
NOW = 1_772_526_660_000
LONG_S = 30.0
KEY = bytes(range(32))


class Watched:
    """A worker on a console's store, and the states it posts."""

    def __init__(
        self,
        console: Any,
        url: str | None = None,
        every_s: float = LONG_S,
        draw: Callable[[], float] = lambda: 0.0,
        **more: Any,
    ) -> None:
        self.asked = 0
        self.states: queue.Queue[SyncState] = queue.Queue()
        self.console, self.url = console, url or console.url
        self.worker = SyncWorker(
            lambda: Store.open(console.store.folder, KEY),
            self.client,
            console.clock,
            self.states.put,
            draw=draw,
            every_s=every_s,
            **more,
        )

    def client(self) -> FhirClient:
        self.asked += 1
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

    one.until(lambda state: state.stage.key == "pulling" and state.stage.kind == "Task")
    resting = one.until(lambda state: state.stage.key == "idle")

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


def test_act_of_another_process_wakes_it(watched: Callable[..., Watched]) -> None:
    one = watched(look_s=0.01)
    one.worker.start()
    one.until(lambda state: state.stage.key == "idle")

    done = acts.take(one.console.store, one.console.nurse, one.console.task(), NOW)  # and nobody says so
    one.until(lambda state: state.stage.key == "idle" and state.pending == 0)

    assert one.console.state(done.op)[0] == "sent"


def test_of_two_on_one_cache_one_syncs_and_the_other_hands_on(watched: Callable[..., Watched]) -> None:
    first = watched(look_s=0.01)
    first.worker.start()
    first.until(lambda state: state.stage.key == "idle")
    second = Watched(first.console, look_s=0.01)
    second.worker.start()
    second.until(lambda state: state.stage.key == "idle" and state.last_sync is not None)
    while not first.states.empty():
        first.states.get()

    second.worker.wake()
    first.until(lambda state: state.stage.key == "idle")

    assert second.asked == 0 and first.asked >= 2
    assert first.worker.stop()
    second.worker.wake()
    second.until(lambda state: state.stage.key == "pulling")
    assert second.worker.stop()


def test_another_way_out_of_the_machine_ends_the_wait_offline(watched: Callable[..., Watched]) -> None:
    way: list[tuple[str | None, ...]] = [(None,)]
    one = watched(url="http://127.0.0.1:1/fhir", look_s=0.01, ways=lambda: way[0], draw=lambda: 60.0)
    one.worker.start()
    one.until(lambda state: state.stage.key == "offline")

    one.url = one.console.url
    way[0] = ("192.0.2.7",)

    assert one.until(lambda state: state.stage.key == "idle").online


def test_what_the_server_asked_to_wait_no_wake_cuts_short(watched: Callable[..., Watched]) -> None:
    one = watched(look_s=0.01)
    pause = one.worker._after(SyncReport("busy", retry_after_s=30.0))
    one.worker.wake()
    ended = threading.Event()
    waiting = threading.Thread(target=lambda: (one.worker._wait(one.console.store, None, pause), ended.set()))
    waiting.start()

    assert not ended.wait(0.1)
    one.worker.stop()
    waiting.join()

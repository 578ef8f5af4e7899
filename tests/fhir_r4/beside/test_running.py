"""Running beside a server that is away, busy, or has another page in front of it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from fhir_r4.backoff import Backoff
from fhir_r4.beside.running import AnotherJudges, Running, is_away
from fhir_r4.client_errors import Busy, FhirError, LoginRefused, ServerFailed, ServerUnreachable
from tests.fhir_r4.beside.conftest import Judge, Server, spo2


class Ended(Exception):
    """Stands for the signal that ends a run."""


def running(server: Server, judge: Judge, told: list[object], rounds: int = 100) -> Running:
    """Its sleeps move the clock; after so many of them it is ended."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        told.append(seconds)
        server.clock.now += round(seconds * 1000)
        if len(slept) > rounds:
            raise Ended

    return Running(
        rounds=judge.rounds,
        lease=judge.lease,
        backoff=Backoff(lambda: 0.5),
        sleep=sleep,
        tell=lambda report: told.append((report.judged, report.written)),
        trouble=lambda error: told.append(type(error)),
        waiting=lambda: told.append("waiting"),
        every=10,
    )


def first_time(answer: httpx.Response) -> Callable[[httpx.Request], httpx.Response | None]:
    """Answers the first write of an alert."""
    left = [answer]
    return lambda one: left.pop() if left and one.method == "POST" and "Detected" in one.url.path else None


@pytest.mark.parametrize(
    ("answer", "fault", "waits"),
    [
        (httpx.Response(429, headers={"Retry-After": "7"}), Busy, 7.5),
        (httpx.Response(502, html="<html>Bad gateway</html>"), ServerFailed, 0.5),
    ],
)
def test_busy_servers_and_gateways_are_waited_for(
    server: Server, answer: httpx.Response, fault: type[FhirError], waits: float
) -> None:
    server.put(spo2(86, 30))
    told: list[object] = []
    judge = server.judge()
    judge.between.instead = first_time(answer)

    assert running(server, judge, told).once() == {}
    assert told[:2] == [fault, waits]
    assert (len(server.all("DetectedIssue")), len(server.all("Task"))) == (1, 1)


def test_a_server_that_stays_away_ends_a_single_run_and_not_a_lasting_one(server: Server) -> None:
    def away(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    told: list[object] = []
    judge = server.judge()
    judge.between.instead = away
    with pytest.raises(ServerUnreachable) as raised:
        running(server, judge, told).once()
    assert is_away(raised.value)
    assert told.count(ServerUnreachable) == 3
    with pytest.raises(Ended):
        running(server, judge, told, rounds=20).for_ever()
    assert told.count(ServerUnreachable) == 24


def test_a_refused_login_ends_both(server: Server) -> None:
    judge = server.judge()
    judge.client.authorization = "Bearer nobody"
    for run in (running(server, judge, []).once, running(server, judge, []).for_ever):
        with pytest.raises(LoginRefused):
            run()


def test_a_single_run_doesnt_wait_for_another_that_goes_on_judging(server: Server) -> None:
    first, told = server.judge("a"), list[object]()
    first.round()
    second = running(server, server.judge("b"), told)
    slept = second.sleep

    def meanwhile(seconds: float) -> None:
        slept(seconds * 30)
        first.round()

    object.__setattr__(second, "sleep", meanwhile)
    with pytest.raises(AnotherJudges):
        second.once()
    assert told[0] == "waiting"


def test_a_lasting_run_wakes_up_when_somebodys_time_has_come(server: Server) -> None:
    told: list[object] = []
    run = running(server, server.judge(), told, rounds=3)
    object.__setattr__(run, "every", 10**6)
    with pytest.raises(Ended):
        run.for_ever()

    assert told[0] == (2, 0)
    assert (2, 4) in told
    assert len(server.all("Task")) == 2

"""One judge at a time: who holds the lease, who waits, and who takes over."""

from __future__ import annotations

import httpx

from tests.fhir_r4.beside.conftest import LEASE_S, Server, spo2


def test_a_second_instance_waits_and_takes_over_when_the_first_has_died(server: Server) -> None:
    first, second = server.judge("a"), server.judge("b")
    server.put(spo2(86, 30))
    assert first.round() == (2, 2)
    assert not second.rounds.round()
    server.clock.now += (LEASE_S - 1) * 1000
    assert not second.rounds.round()
    server.clock.now += 2000

    assert second.round() == (2, 0)
    assert not first.rounds.round()
    assert (len(server.all("Task")), len(server.all("Basic"))) == (1, 1)


def test_who_goes_on_judging_keeps_it(server: Server) -> None:
    first, second = server.judge("a"), server.judge("b")
    for _ in range(5):
        first.round()
        assert not second.rounds.round()
        server.clock.now += LEASE_S * 500
    assert second.lease.alive_elsewhere


def test_what_is_given_back_is_free_at_once(server: Server) -> None:
    first, second = server.judge("a"), server.judge("b")
    first.round()
    assert not second.lease.hold()
    first.lease.give_back()

    assert second.lease.hold()


def test_a_server_whose_clock_stands_still_doesnt_keep_it_for_a_dead_one(server: Server) -> None:
    server.judge("a").lease.hold()
    second = server.judge("b")
    elapsed = [0.0]
    second.lease._monotonic = lambda: elapsed[0]
    assert not second.lease.hold()
    elapsed[0] = LEASE_S + 1.0

    assert second.lease.hold()


def test_of_two_who_take_it_at_once_one_gets_it(server: Server) -> None:
    first, second = server.judge("a"), server.judge("b")
    taken: list[bool] = []

    def overtake(request: httpx.Request) -> None:
        if request.method == "PUT" and not taken:
            taken.append(second.lease.hold())

    first.between.instead = overtake

    assert (first.lease.hold(), taken) == (False, [True])


def test_a_search_that_lags_behind_keeps_nobody_from_judging(server: Server) -> None:
    judge = server.judge()
    nothing = {"resourceType": "Bundle", "type": "searchset"}
    judge.between.instead = lambda one: (
        httpx.Response(200, json=nothing) if one.method == "GET" and "Basic" in one.url.path else None
    )

    assert judge.lease.hold() and judge.lease.hold()


def test_two_who_judge_at_once_all_the_same_make_one_of_each(server: Server) -> None:
    first, second = server.judge("a"), server.judge("b")
    server.put(spo2(86, 30), spo2(90, 30, "p-2"))
    begun: list[bool] = []

    def meanwhile(request: httpx.Request) -> None:
        if request.method == "POST" and "DetectedIssue" in request.url.path and not begun:
            begun.append(True)
            second.lease.hold = lambda: True  # type: ignore[method-assign]
            second.round()

    first.between.instead = meanwhile
    first.round()

    assert begun
    assert (len(server.all("DetectedIssue")), len(server.all("Task"))) == (2, 2)

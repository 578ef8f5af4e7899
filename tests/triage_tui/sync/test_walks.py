"""Cursors, overlaps, and what is done where a server can't give a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from fhir_r4.raw import Raw
from fhir_r4.settled import Settled
from threshold_engine import format_instant
from triage_tui.sync import answers
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once

Make = Callable[..., Any]
NOW = 1_772_526_660_000
MINUTE = 60_000


def spo2(number: int, at: int, patient: str = "p1") -> Raw:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": format_instant(at),
        "valueQuantity": {"value": 95, "system": "http://unitsofmeasure.org", "code": "%"},
    }


class Answers(httpx.BaseTransport):
    """The real server, but for requests that `instead` answers; every URL is noted."""

    def __init__(self, instead: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self.instead = instead
        self.urls: list[str] = []
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        return self.instead(request) or self._real.handle_request(request)

    def close(self) -> None:
        return None


def test_server_that_breaks_down_over_a_page_is_asked_for_a_larger_one(elsewhere: Make, centre: Any) -> None:
    centre.put(*(spo2(number, NOW - number * MINUTE) for number in range(100, 400)))
    kari = elsewhere()
    kari.transport = Answers(lambda one: httpx.Response(500) if "_count=200" in str(one.url) else None)

    report = kari.sync()

    assert report.complete and kari.store.status().readings == 303
    assert any("Observation" in url and "_count=800" in url for url in kari.transport.urls)


def test_and_then_patient_by_patient(elsewhere: Make, centre: Any) -> None:
    centre.put(*(spo2(number, NOW - number * MINUTE) for number in range(100, 400)))
    kari = elsewhere()

    def breaks(request: httpx.Request) -> httpx.Response | None:
        url = str(request.url)
        return httpx.Response(500) if "/Observation?" in url and "patient=" not in url else None

    kari.transport = Answers(breaks)

    report = kari.sync()

    assert report.complete and kari.store.status().readings == 303
    kari.transport = None
    assert not kari.sync().pulled


def test_server_that_breaks_down_always_is_left_for_later(console: Make) -> None:
    kari = console()
    kari.transport = Answers(lambda _request: httpx.Response(502, html="<h1>Bad gateway</h1>"))

    report = kari.sync()

    assert report.reached == "busy" and report.exit_code == 3


def test_optional_types_that_a_server_lacks_are_passed_over(console: Make) -> None:
    kari = console()
    kari.transport = Answers(
        lambda one: httpx.Response(404) if "/Media?" in str(one.url) or "/Flag?" in str(one.url) else None
    )

    assert kari.sync().complete


def test_page_that_is_no_fhir_is_said(console: Make) -> None:
    kari = console()
    kari.transport = Answers(lambda _one: httpx.Response(200, html="<html>Log in to the network</html>"))

    report = kari.sync()

    assert report.reached == "refused" and report.exit_code == 1
    assert report.problem


def test_idle_console_stops_asking_for_the_same_minute(elsewhere: Make, centre: Any) -> None:
    centre.put(*(spo2(number, NOW - number * MINUTE) for number in range(100, 400)))
    kari = elsewhere()
    seconds = [0.0]
    settled = Settled(lambda: seconds[0])

    def overlapped() -> list[bool]:
        found: list[bool] = []
        for at in (0.0, 30.0, 61.0, 62.0, 1000.0):
            seconds[0] = at
            kari.transport = Answers(lambda _one: None)
            with kari.client() as client:
                assert sync_once(kari.store, client, kari.clock, settled=settled).complete
            asked = next(url for url in kari.transport.urls if "/Observation?" in url and "_sort" in url)
            found.append("08%3A31%3A00" not in asked and "08:31:00" not in asked)
        return found

    assert overlapped() == [True, True, True, False, True]


def test_new_row_is_found_although_all_before_it_is_settled(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    seconds = [0.0]
    settled = Settled(lambda: seconds[0])
    for at in (0.0, 61.0, 122.0):
        seconds[0] = at
        with kari.client() as client:
            sync_once(kari.store, client, kari.clock, settled=settled)
    clock.now += MINUTE
    centre.put(spo2(500, NOW))

    with kari.client() as client:
        report = sync_once(kari.store, client, kari.clock, settled=settled)

    assert report.pulled["Observation"] == 1


def test_deadline_ends_a_round_between_pages_and_the_next_goes_on(console: Make) -> None:
    kari = console()
    with kari.client() as client:
        cut = sync_once(kari.store, client, kari.clock, deadline_s=0.0)
        whole = sync_once(kari.store, client, kari.clock)

    assert cut.reached == "out-of-time" and cut.exit_code == 3
    assert whole.complete


class TestReport:
    def test_json_is_as_documented(self) -> None:
        report = SyncReport("all", {"Task": 2}, 1, 0, 0, 0, server_time_skew_ms=1500)
        assert set(report.to_json()) >= {
            *("pulled", "pushed", "pending", "parked", "conflicts", "bytes_in", "bytes_out", "requests"),
            *("seconds", "server_time_skew_s", "audit_pending"),
        }
        assert report.to_json()["server_time_skew_s"] == 1.5

    def test_exit_codes(self) -> None:
        assert SyncReport("all").exit_code == 0
        assert SyncReport("all", audit_pending=9).exit_code == 0
        assert SyncReport("all", pending=1).exit_code == 3
        assert SyncReport("unreachable").exit_code == 3
        assert SyncReport("all", parked=1, pending=1).exit_code == 1
        assert SyncReport("all", conflicts=1).exit_code == 1
        assert SyncReport("login-refused", parked=1).exit_code == 4


class TestAnswers:
    def test_every_sentence_is_found_again_with_its_facts(self) -> None:
        facts = {"owner": "Ola (vikar)", "outcome": "contacted", "band": "red", "answer": "nei\nog nei"}
        for pattern in answers.PATTERNS:
            used = {name: value for name, value in facts.items() if f"{{{name}}}" in pattern}
            assert answers.read(pattern.format(**used)) == answers.Answer(pattern, used)

    def test_any_other_text_is_itself(self) -> None:
        assert str(answers.read("something {else}")) == "something {else}"

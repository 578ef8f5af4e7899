"""What a console costs that has nothing to fetch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_r4.settled import Settled
from triage_tui.sync.round import sync_once

Make = Callable[..., Any]
MINUTE = 60_000


def rounds(console: Any, *seconds: float) -> list[Any]:
    """A round at each of these times, by one process."""
    now = [0.0]
    settled = Settled(lambda: now[0])
    found = []
    for at in seconds:
        now[0] = at
        with console.client() as client:
            found.append(sync_once(console.store, client, console.clock, settled=settled))
            console.asked_bytes = client.bytes_in + client.bytes_out
    return found


def test_two_requests_and_two_kilobytes(console: Make, centre: Any) -> None:
    kari = console()

    reports = rounds(kari, 0.0, 61.0, 122.0, 183.0)

    assert all(one.complete for one in reports)
    assert not reports[-1].pulled
    assert reports[-1].requests <= 3
    assert kari.asked_bytes <= 2000


def test_only_types_with_news_are_asked_for(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    rounds(kari, 0.0, 61.0, 122.0)
    clock.now += MINUTE
    patient = next(raw for raw in centre.all("Patient") if raw["id"] == "p1")
    centre.put({**patient, "birthDate": "1955-01-13"})

    report = kari.sync()

    assert report.pulled == {"Patient": 1}
    assert report.requests <= 4
    assert kari.store.patient("p1", clock.now).person.birth_date.startswith("1955")


def test_server_that_refuses_the_question_is_asked_for_each_type(
    console: Make, centre: Any, clock: Any, refuses: Any
) -> None:
    import httpx  # noqa: PLC0415 - beside its only use

    kari = console()
    kari.sync()
    kari.transport = refuses(
        lambda one: httpx.Response(400, json={}) if one.url.path.rstrip("/").endswith("/fhir") else None
    )
    clock.now += MINUTE
    centre.put({**centre.all("Patient")[0], "birthDate": "1955-01-13"})

    assert kari.sync().pulled == {"Patient": 1}
    assert kari.sync().complete

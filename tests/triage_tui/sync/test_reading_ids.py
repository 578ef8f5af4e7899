"""Readings of the feed come without their Observation's id; it is asked for when somebody needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fhir_r4.client_errors import NotFound
from local_store.identifiers import has_server_id
from triage_tui import acts
from triage_tui.sync.abilities import Abilities, note
from triage_tui.sync.feed import CURSOR
from triage_tui.sync.pull import pull
from triage_tui.sync.reading_ids import resource_of

Make = Callable[..., Any]
NOW = 1_772_526_660_000
HOUR = 3_600_000


def observation(number: int, patient: str, value: int, at: int = NOW - HOUR) -> dict[str, Any]:
    from threshold_engine import format_instant  # noqa: PLC0415 - beside its only use

    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "identifier": [{"system": "urn:device", "value": f"m{number}"}],
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": format_instant(at),
        "issued": format_instant(at),
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "%"},
    }


def readings(console: Any, patient: str = "p1") -> dict[str, tuple[str | None, object]]:
    """Resource and value by the reading's id; twice the same id is a mistake."""
    with console.store.read() as snapshot:
        found = snapshot.stored_readings(patient)
    assert len({one.reading.id for one in found}) == len(found)
    named = {one.reading.id: one.resource for one in found if has_server_id(one.resource)}
    return {one.reading.id: (named.get(one.reading.id), one.reading.value) for one in found}


def test_id_is_asked_for_once_and_kept(console: Make) -> None:
    kari = console()
    kari.sync()
    assert readings(kari)["urn:device|m1"] == (None, 86_000_000)

    with kari.client() as client:
        assert resource_of(kari.store, client, "p1", "urn:device|m1") == "Observation/o1"
        assert resource_of(kari.store, client, "p1", "urn:device|m1") == "Observation/o1"
        assert client.requests == 1
        with pytest.raises(NotFound):
            resource_of(kari.store, client, "p1", "urn:device|m999")

    assert readings(kari)["urn:device|m1"] == ("Observation/o1", 86_000_000)
    assert kari.store.status().readings == 3


def test_correction_finds_its_reading_with_and_without_its_id(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    with kari.client() as client:
        resource_of(kari.store, client, "p2", "urn:device|m3")
    clock.now += 60_000
    centre.put(observation(1, "p1", 96), {**observation(3, "p2", 97), "status": "corrected"})

    kari.sync()

    assert readings(kari)["urn:device|m1"] == ("Observation/o1", 96_000_000), "changes tell the id"
    assert readings(kari, "p2")["urn:device|m3"] == ("Observation/o3", 97_000_000)
    assert kari.store.status().readings == 3


def test_reading_is_marked_as_wrong_without_its_id(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    done = acts.reading_error(kari.store, kari.nurse, "urn:device|m1", "feil pasient", NOW)
    with kari.store.write() as tx:  # all comes anew while it waits
        for name in (CURSOR, f"{CURSOR}:1", f"{CURSOR}:2", f"{CURSOR}:3"):
            tx.drop_cursor(name)
    with kari.client() as client:
        pull(kari.store, client, clock, lambda _stage: None)
    assert statuses(kari) == {"urn:device|m1": "entered-in-error", "urn:device|m2": "final"}

    kari.sync()

    assert kari.state(done.op)[0] == "sent"
    raw = next(raw for raw in centre.all("Observation") if raw["id"] == "o1")
    assert raw["status"] == "entered-in-error"
    assert statuses(kari) == {"urn:device|m1": "entered-in-error", "urn:device|m2": "final"}
    assert readings(kari)["urn:device|m1"][0] == "Observation/o1"
    assert kari.store.status().readings == 3


def statuses(console: Any) -> dict[str, str]:
    with console.store.read() as snapshot:
        return {one.reading.id: one.reading.status for one in snapshot.stored_readings("p1")}


def test_search_after_the_feed_doubles_nothing(console: Make) -> None:
    kari = console()
    kari.sync()
    note(kari.store, Abilities(NOW))  # as if the server had lost its feed

    assert kari.sync().complete

    assert readings(kari)["urn:device|m1"][0] == "Observation/o1"
    assert kari.store.status().readings == 3


def test_feed_after_search_doubles_nothing(elsewhere: Make) -> None:
    kari = elsewhere()
    kari.sync()
    note(kari.store, Abilities(NOW, feed=True))

    assert kari.sync().complete

    assert readings(kari)["urn:device|m1"][0] == "Observation/o1"
    assert kari.store.status().readings == 3


def test_handles_of_another_database_mean_nothing(console: Make, centre: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    with kari.store.write() as tx:  # as a server answers that was set back: all is fetched anew
        tx.forget_handles()
        tx.forget_handles()
        for name in (CURSOR, f"{CURSOR}:1", f"{CURSOR}:2", f"{CURSOR}:3"):
            tx.drop_cursor(name)

    assert kari.sync().complete

    assert set(readings(kari)) == {"urn:device|m1", "urn:device|m2"}
    assert kari.store.status().readings == 3


def test_two_observations_of_one_identifier_stay_two(console: Make, elsewhere: Make, centre: Any) -> None:
    centre.put(
        {**observation(1, "p1", 91), "id": "twin"},
    )
    kari, ola = console("kari"), elsewhere("ola")
    kari.sync()
    ola.sync()

    assert kari.store.status().readings == ola.store.status().readings == 4
    note(kari.store, Abilities(NOW))
    kari.sync()
    assert kari.store.status().readings == 4
    with kari.store.read() as snapshot:
        assert {one.resource for one in snapshot.stored_readings("p1")} == {
            "Observation/o1",
            "Observation/o2",
            "Observation/twin",
        }

"""Readings by the compact feed: the same cache as by search, and by search where there is no feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest

from followup_server import simulator
from followup_server.bulk import loading
from followup_server.judging.patients import judge_all
from followup_server.readings_feed import interaction
from triage_tui.sync.feed import CURSOR
from work_items import Centre

Make = Callable[..., Any]
NOW = 1_772_526_660_000
DAY = 86_400_000


def observation(logical: str, **members: Any) -> dict[str, Any]:
    raw = {
        "resourceType": "Observation",
        "id": logical,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "59408-5"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-03-02T08:00:00Z",
        "issued": "2026-03-02T08:01:00Z",
        "valueQuantity": {"value": 95, "system": "http://unitsofmeasure.org", "code": "%"},
        **members,
    }
    return {name: value for name, value in raw.items() if value is not None}


ODD = (
    observation("old", effectiveDateTime="2025-01-01T08:00:00Z"),
    observation("day-only", effectiveDateTime="2026-03-01"),
    observation("noted", note=[{"text": "etter trapp"}]),
    observation("ahead", issued=None, effectiveDateTime="2026-03-03T09:00:00Z"),
    observation("soon", issued=None, effectiveDateTime="2026-03-03T08:35:00Z"),
    observation("no-value", valueQuantity=None),
    observation("stones", valueQuantity={"value": 12, "code": "[stone_av]"}),
    observation("low", valueQuantity={"value": 30, "comparator": "<", "code": "%"}),
    observation("unknown", code={"coding": [{"system": "urn:lab", "code": "hb", "display": "Hb"}]}),
    observation("nobody", subject={"display": "nobody"}),
    observation("malformed", valueQuantity={"value": "many"}),
)


def cached(store: Any) -> dict[str, object]:
    """All that the cache holds of readings, but for ids that it can ask for; and what couldn't be read as
    such."""
    with store.read() as snapshot:
        patients = snapshot.resource_ids("Patient")
        found: dict[str, object] = {
            patient: sorted(
                (replace(one, resource="") for one in snapshot.stored_readings(patient)),
                key=lambda one: (one.reading.id, one.version),
            )
            for patient in patients
        }
        kept = {one: snapshot.resource("Observation", one) for one in snapshot.resource_ids("Observation")}
        known = snapshot.known_versions("Observation", [str(raw["id"]) for raw in ODD if raw["id"] in kept])
    return {**found, "kept": kept, "versions": known, "readings": store.status().readings}


@pytest.fixture
def large(centre: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A centre of a few hundred readings beside odd ones, with a feed of small pages."""
    small = partial(interaction.page_of, largest=150, most_patients=6)
    monkeypatch.setattr(interaction, "page_of", small)
    loading.load(centre.resources, simulator.centre(8, 12, 3, NOW))
    centre.put(ODD[0])
    centre.clock.now += 2 * 60_000  # a walk's overlap would fetch it, old as it is
    centre.put(*ODD[1:])
    judge_all(centre.resources, centre.clock.now)
    return centre


def change(centre: Any) -> None:
    """What may happen to readings in the time between two rounds."""
    some = centre.all("Observation", patient="p1")[0]
    centre.put(
        {**some, "status": "entered-in-error"},
        observation("noted"),
        observation("stones", status="corrected", valueQuantity={"value": 93, "code": "%"}),
        observation("new", effectiveDateTime="2026-03-03T08:00:00Z"),
        observation("low", valueQuantity=None),
    )
    centre.resources.delete("Observation", "unknown")


def test_the_cache_is_the_same_as_by_search(console: Make, elsewhere: Make, large: Any, clock: Any) -> None:
    kari, ola = console("kari"), elsewhere("ola")

    first = [kari.sync(), ola.sync()]
    assert cached(kari.store) == cached(ola.store)
    assert kari.store.status().readings > 300
    assert first[0].pulled == first[1].pulled
    assert first[0].malformed == first[1].malformed

    clock.now += 60_000
    change(large)
    second = [kari.sync(), ola.sync()]
    assert cached(kari.store) == cached(ola.store)
    assert second[0].pulled == second[1].pulled
    assert kari.store.queue(clock.now, Centre()).entries == ola.store.queue(clock.now, Centre()).entries


def test_far_fewer_bytes_come_over_the_wire(console: Make, elsewhere: Make, large: Any) -> None:
    kari, ola = console("kari").sync(), elsewhere("ola").sync()

    assert kari.bytes_in < ola.bytes_in


def test_an_idle_round_asks_once_and_writes_nothing(console: Make, large: Any) -> None:
    kari = console()
    kari.sync()
    with kari.store.read() as snapshot:
        before = snapshot.cursor(CURSOR)

    again = kari.sync()

    with kari.store.read() as snapshot:
        assert snapshot.cursor(CURSOR) == before
    assert again.complete and not again.pulled
    assert before.complete


@pytest.mark.parametrize(
    "answer", [httpx.Response(404, json={}), httpx.Response(200, content=b"TRF1 nonsense")]
)
def test_where_the_feed_is_lost_or_damaged_readings_are_searched(
    console: Make, elsewhere: Make, large: Any, refuses: Any, answer: httpx.Response
) -> None:
    kari, ola = console("kari"), elsewhere("ola")
    kari.transport = refuses(lambda one: answer if one.url.path.endswith("$readings") else None)

    assert kari.sync().complete
    ola.sync()

    assert cached(kari.store) == cached(ola.store)


def test_a_cursor_that_is_too_old_is_begun_anew(console: Make, large: Any, clock: Any) -> None:
    kari = console()
    kari.sync()
    known = kari.store.status().readings
    with kari.store.write() as tx:
        before = tx.cursor(CURSOR)
    large.resources.delete("Observation", "old")
    clock.now += 91 * DAY
    large.put(observation("after-a-long-time", effectiveDateTime="2026-06-01T08:00:00Z"))

    report = kari.sync()

    assert report.complete and report.pulled["Observation"] >= 1
    assert kari.store.status().readings == known + 1, "nothing twice, and what was deleted stays"
    with kari.store.read() as snapshot:
        assert snapshot.cursor(CURSOR) != before

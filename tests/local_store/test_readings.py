"""Readings: kept small, and had back exactly as the engine wants them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_store import ResourceVersion, StoredReading
from local_store.identifiers import common_base, from_bytes, split_base, to_bytes
from local_store.store import Store
from threshold_engine import Reading

UUID = "6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11"
IDS = [
    f"urn:ietf:rfc:3986|urn:uuid:{UUID}",
    f"urn:ietf:rfc:3986|urn:uuid:{UUID.upper()}",
    "http://device.example/serial 7|m#12",
    "urn:device|",
    "|x",
    "Observation/o1",
    "Observation/o10#x",
    "no separator at all",
    "æøå|čđŋ 😀",
]

VALUES = [95_500_000, -1, 2**63, -(2**63), 1 - 10**21, True, False, "A", "", "180 [stone_av]"]


@pytest.mark.parametrize("reading_id", IDS)
@pytest.mark.parametrize(
    "value", [95_500_000, -1, 2**63, -(2**63), 1 - 10**21, True, False, "A", "", "180 [stone_av]"]
)
def test_a_reading_comes_back_as_it_was(store: Store, reading_id: str, value: object) -> None:
    put = StoredReading(
        Reading(reading_id, "p1", "spo2", value, 1_700_000_000_000, None, 1, "amended"),
        "Observation/o1",
        "W/weird version",
        "%",
        ">=",
        "Pulse oximetry",
    )
    with store.write() as tx:
        tx.put_readings([put])
    with store.read() as snapshot:
        (found,) = snapshot.stored_readings("p1")
    assert found == put
    assert type(found.reading.value) is type(value)


def test_a_panel_and_a_form_keep_the_ids_of_their_parts(store: Store) -> None:
    base = f"urn:ietf:rfc:3986|urn:uuid:{UUID}"
    parts = {
        "Observation/o1": [f"{base}#bp_sys", f"{base}#bp_dia"],
        "Observation/o2": ["Observation/o2#bp_sys", "Observation/o2#bp_dia"],
        "QuestionnaireResponse/q1": ["resp#a#b", "resp#a#c", "resp#d"],
        "QuestionnaireResponse/q2": ["one", "other"],
    }
    put = [
        StoredReading(Reading(name, "p1", f"code-{n}", n, n, n), resource, "1")
        for resource, names in parts.items()
        for n, name in enumerate(names)
    ]
    with store.write() as tx:
        tx.put_readings(put)
    with store.read() as snapshot:
        found = snapshot.stored_readings("p1")
    assert sorted(found, key=repr) == sorted(put, key=repr)


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(text | text.map(lambda t: f"{UUID}#{t}"), min_size=1, max_size=4), text)
def test_any_ids_are_taken_apart_without_loss(ids: list[str], logical_id: str) -> None:
    reference = f"Observation/{logical_id}"
    base = common_base(reference, ids)
    head, core = split_base(base)
    assert head + from_bytes(core) == base
    assert all(one.startswith(base) for one in ids)
    assert from_bytes(to_bytes(logical_id)) == logical_id


codes = st.sampled_from(["spo2", "pulse"])
states = st.dictionaries(
    st.integers(0, 3),
    st.lists(
        st.tuples(codes, st.integers(0, 3), st.integers(0, 9)), max_size=2, unique_by=lambda one: one[0]
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(states, max_size=4))
def test_a_resource_gives_what_it_says_last(
    store: Store, pages: list[dict[int, list[tuple[str, int, int]]]]
) -> None:
    latest: dict[int, list[tuple[str, int, int]]] = {n: [] for n in range(4)}
    for version, page in enumerate([latest, *pages]):
        with store.write() as tx:
            tx.put_readings(
                [
                    StoredReading(
                        Reading(f"Observation/{n}#{code}", "p1", code, value, at),
                        f"Observation/{n}",
                        str(version),
                    )
                    for n, parts in page.items()
                    for code, at, value in parts
                ],
                [ResourceVersion(f"Observation/{n}", str(version)) for n, parts in page.items() if not parts],
            )
        latest = latest | page
    with store.read() as snapshot:
        found = [(one.id, one.code, one.effective, one.value) for one in snapshot.readings_of("p1")]
    wanted = [
        (f"Observation/{n}#{code}", code, at, value)
        for n, parts in latest.items()
        for code, at, value in parts
    ]
    assert sorted(found) == sorted(wanted)
    assert store.status().readings == len(wanted)


def test_known_versions_cover_readings_and_kept_resources(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(1)], [ResourceVersion("Observation/none", "3")])
        tx.put_raw(make.kept("Flag", "f1", "5"))
        assert tx.known_versions("Observation", ["o1", "none", "new"]) == {"o1": "1", "none": "3"}
        assert (tx.known_version("Flag", "f1"), tx.known_version("Flag", "o1")) == ("5", None)


def test_forgetting_a_stand_in(store: Store, make: SimpleNamespace) -> None:
    waiting = StoredReading(make.reading(1).reading, "outbox/op-1", None)
    with store.write() as tx:
        tx.put_readings([waiting])
        tx.put_readings([make.reading(1)])
        tx.forget_readings("outbox/op-1")
        tx.forget_readings("outbox/never")
        assert [one.resource for one in tx.stored_readings("p1")] == ["Observation/o1"]
    assert store.status().readings == 1


def test_readings_since_and_of_some_codes(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(n, code, at=n) for n, code in enumerate(["a", "b", "a", "c"])])
        assert [one.code for one in tx.readings_of("p1", since=2)] == ["a", "c"]
        assert [one.reading.effective for one in tx.stored_readings("p1", codes=["b", "a", "x"])] == [1, 0, 2]
        assert tx.readings_of("nobody") == []


def test_a_reading_takes_few_bytes(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings(
            StoredReading(
                Reading(
                    f"urn:ietf:rfc:3986|urn:uuid:{n:08x}-58a1-5c0e-9d0b-6a1f6c6b7e11",
                    f"p{n % 20}",
                    "spo2",
                    95,
                    n,
                ),
                f"Observation/{n * 7919 % 20_011:08x}-58a1-4c0e-9d0b-6a1f6c6b7e11",
                "1",
            )
            for n in range(20_000)
        )
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    assert pages * 4096 / 20_000 < 150

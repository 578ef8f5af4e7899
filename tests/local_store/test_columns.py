"""Readings in columns: the very ones that the engine would use, whatever a server sends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_store import StoredReading
from local_store.store import Store
from threshold_engine import Reading, evaluate, read_plan
from threshold_engine.batch import BatchJudge
from threshold_engine.batch.columns import BIGGEST, OfColumns
from threshold_engine.selection import Usable, usable

MINUTE, HOUR = 60_000, 3_600_000
ZERO = 1_770_000_000_000
NOW = ZERO + 20 * HOUR
PATIENTS = ("p1", "p2", "p3")
UUIDS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(25)]
HOSTILE = ["Observation/o1", "a#b", "a", "a#", "#", "x|y#z|1", "Observation/o2#bp_sys", "o", "one#two#three"]
VALUES = [95, 97, 40, 101, True, "A", "180 [stone_av]", 3 * 10**12, 10**15 - 1]


def made_up(seed: int, *, hostile: bool) -> list[StoredReading]:
    """Resources of one or two readings; ids, places and instants are few, so that they meet."""
    rng = Random(seed)  # noqa: S311 - repeatable chance is the point
    found: list[StoredReading] = []
    for n in range(rng.randint(0, 40)):
        resource = f"{rng.choice(['Observation', 'QuestionnaireResponse'])}/{rng.choice(['o', 'x'])}{n}"
        base = rng.choice(
            [resource, f"urn:ietf:rfc:3986|urn:uuid:{rng.choice(UUIDS)}", f"s|{rng.randint(0, 9)}"]
        )
        if hostile and rng.random() < 0.3:
            base = rng.choice(HOSTILE)
        parts = rng.choice([[""], [""], ["#bp_sys", "#bp_dia"], ["#a#b", "#c"] if hostile else ["#a"]])
        patient = rng.choice([*PATIENTS, "stranger"])
        for part in parts:
            value = rng.choice(VALUES[: rng.choice([2, 4, 9])])
            at = ZERO + rng.randint(0, 24) * HOUR
            late = rng.choice([None, MINUTE, -10 * MINUTE, -10 * MINUTE - 1, -3 * HOUR])
            reading = Reading(
                base + part,
                patient,
                rng.choice(["spo2", "pulse", "mood"]),
                value if isinstance(value, bool | str) else value * 10**6,
                at,
                None if late is None else at + late,
                1,
                rng.choice(["final"] * 8 + ["amended", "entered-in-error", "cancelled"]),
            )
            found.append(StoredReading(reading, resource, "1"))
    return found


def standing(
    mine: Usable | None, codes: set[str], *, plausible: bool
) -> dict[str, list[tuple[int, object, str]]]:
    if mine is None:
        return {}
    series = {
        code: mine.series(code) if plausible else mine.implausible[code]
        for code in codes
        if plausible or code in mine.implausible
    }
    return {
        code: [(at, one.value, one.id) for at, one in zip(each.times, each.readings, strict=True)]
        for code, each in series.items()
        if len(each.times)
    }


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.mark.parametrize("hostile", [False, True], ids=["usual ids", "hostile ids"])
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**40))
def test_columns_hold_the_readings_that_the_engine_uses(
    folders: Path, make: SimpleNamespace, hostile: bool, seed: int
) -> None:
    put = made_up(seed, hostile=hostile)
    with Store.create(folders / f"{hostile}-{seed}", make.key) as store:
        with store.write() as tx:
            tx.put_readings(put)
        with store.read() as snapshot:
            known = [one for patient in (*PATIENTS, "stranger") for one in snapshot.readings_of(patient)]
            columns = snapshot.reading_columns(PATIENTS, None, NOW)
            used = usable(known, NOW, set(PATIENTS))
            codes = {one.code for one in known}
            assert all((abs(column.values) < BIGGEST).all() for column in columns.codes.values())
            for index, patient in enumerate(PATIENTS):
                mine = OfColumns(columns, index)
                for plausible in (True, False):
                    assert standing(mine, codes, plausible=plausible) == standing(
                        used.get(patient), codes, plausible=plausible
                    )


def test_columns_are_judged_as_readings_are(store: Store, make: SimpleNamespace) -> None:
    rules = [
        {"id": "low", "kind": "limit", "code": "spo2", "yellow_below": 96, "need": 2},
        {"id": "wait", "kind": "missing", "codes": ["spo2", "pulse"], "every": "PT3H"},
        {"id": "mood", "kind": "answer", "code": "mood", "yellow": [True, "A"]},
    ]
    version = {"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": rules}
    plans = [read_plan({"versions": [version]}, patient) for patient in PATIENTS]
    with store.write() as tx:
        for seed in range(8):
            tx.put_readings(
                [replace(one, resource=f"{one.resource}-{seed}") for one in made_up(seed, hostile=False)]
            )
    with store.read() as snapshot:
        known = [one for patient in (*PATIENTS, "stranger") for one in snapshot.readings_of(patient)]
        columns = snapshot.reading_columns(PATIENTS, None, NOW)
        judged = BatchJudge(plans).episodes(columns, NOW)
    assert judged == evaluate(plans, known, NOW)
    assert len(judged) > 10
    assert columns.codes
    assert columns.others


def test_columns_begin_where_they_are_asked_to(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(n, at=ZERO + n * HOUR) for n in range(6)])
    shown: list[int] = []
    with store.read() as snapshot:
        columns = snapshot.reading_columns(["nobody", "p1"], ZERO + 4 * HOUR, NOW, shown.append)
        spo2 = columns.codes["spo2"]
        ids = [spo2.id_at(row) for row in range(2)]
    assert spo2.times.tolist() == [ZERO + 4 * HOUR, ZERO + 5 * HOUR]
    assert spo2.starts.tolist() == [0, 0, 2]
    assert ids == ["urn:device|m4", "urn:device|m5"]
    assert shown == [1, 2]
    with store.read() as snapshot:
        assert not snapshot.reading_columns(["nobody"], None, NOW).codes


def test_the_oldest_reading_is_found(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(1, at=ZERO + HOUR), make.reading(2, code="pulse", at=ZERO)])
    with store.read() as snapshot:
        assert snapshot.first_reading("p1") == ZERO
        assert snapshot.first_reading("nobody") is None

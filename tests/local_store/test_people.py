"""Finding a patient: by a part of the name in any case, by id, and apart from that by national number."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from local_store.store import Store

NAMES = {
    "p1": "Hansen, Nils Olav",
    "p2": "Eira, Máret",
    "p3": "Čohkka, Áilu",
    "p4": "Ødegård, Åse",
    "p5": "Odegard, Ase",
    "p6": "Ŋuorra, Đáđđi Ŧáŧŧi",
    "p7": "Nilsen, Ærlend 100%_",
}


@pytest.fixture
def people(store: Store, make: SimpleNamespace) -> Store:
    with store.write() as tx:
        for n, (patient, name) in enumerate(NAMES.items()):
            tx.put_person(make.person(patient, name, national_id=f"1381540021{n}"))
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hansen", ["p1"]),
        ("NILS", ["p1", "p7"]),
        ("nils hansen", ["p1"]),
        ("olav  hans", ["p1"]),
        ("máret", ["p2"]),
        ("MARET", ["p2"]),
        ("čohkka", ["p3"]),
        ("ČOHKKA ÁILU", ["p3"]),
        ("cohkka", ["p3"]),
        ("ØDEGÅRD", ["p4"]),
        ("ødegård åse", ["p4"]),
        ("odegard", ["p5"]),
        ("ŊUORRA", ["p6"]),
        ("đáđđi ŧáŧŧi", ["p6"]),
        ("nuorra dad", ["p6"]),
        ("ærlend", ["p7"]),
        ("ÆRL", ["p7"]),
        ("100%_", ["p7"]),
        ("%", ["p7"]),
        ("p3", ["p3"]),
        ("P3", []),
        ("13815400210", []),
        ("ingen", []),
    ],
)
def test_who_is_found(people: Store, query: str, found: list[str]) -> None:
    assert [line.person.id for line in people.find_patients(query)] == found


def test_decomposed_letters_are_the_same_letters(people: Store) -> None:
    assert [line.person.id for line in people.find_patients("A\u030ase O\u0308")] == []
    assert [line.person.id for line in people.find_patients("A\u030ase")] == ["p4"]


def test_everybody_is_listed_by_name(people: Store, make: SimpleNamespace) -> None:
    assert [line.person.name for line in people.find_patients("")] == sorted(NAMES.values(), key=str.casefold)
    assert people.find_patients("")[0].person == make.person("p2", NAMES["p2"], national_id="13815400211")


def test_a_national_number_finds_its_patient_only_when_asked_so(people: Store) -> None:
    found = people.find_by_national_id("138154 00212")
    assert found is not None
    assert found.id == "p3"
    assert people.find_by_national_id("00000000000") is None


def test_lines_tell_the_last_reading_and_the_plan(people: Store, make: SimpleNamespace) -> None:
    with people.write() as tx:
        tx.put_plan(make.plan("p1"))
        tx.put_readings([make.reading(1, at=make.now - 5), make.reading(2, "pulse", at=make.now - 9)])
        tx.refresh(["p1"], make.now)
    (line,) = people.find_patients("p1")
    assert (line.last_reading, line.plan) == (make.now - 5, "kols")
    (other,) = people.find_patients("p2")
    assert (other.last_reading, other.plan) == (None, None)


def test_whoever_has_only_readings_yet_is_not_listed(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_readings([make.reading(1)])
        tx.refresh(["p1"], make.now)
    assert store.find_patients("") == []
    assert store.status().patients == 0


def test_practitioners_by_reference_and_login(store: Store) -> None:
    with store.write() as tx:
        tx.put_practitioner("Practitioner/b", "kari", "Kari B")
        tx.put_practitioner("Practitioner/a", "kari", "Kari A")
        tx.put_practitioner("Practitioner/gp", None, "Berg")
        assert tx.practitioner("Practitioner/gp") == (None, "Berg")
        assert tx.practitioner("Practitioner/x") is None
        nurse = tx.practitioner_by_login("kari")
    assert nurse is not None
    assert (nurse.reference, nurse.name) == ("Practitioner/a", "Kari A")

"""Who could be taken for whom, by name."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from local_store.store import Store


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ("Hansen, Nils", True),
        ("HANSEN, NILS", True),
        ("Nils, Hansen", True),
        ("Hansén, Nils", True),
        ("Hanssen, Nils", True),
        ("Hansen, Nil", True),
        ("Hanesn, Nils", True),
        ("Jansen, Nils", True),
        ("Hansen, Nils Petter", False),
        ("Hansen, Anne", False),
        ("Olsen, Nils", False),
        ("", False),
    ],
)
def test_names_that_are_equal_or_a_letter_apart_are_alike(
    store: Store, make: SimpleNamespace, other: str, alike: bool
) -> None:
    with store.write() as tx:
        tx.put_person(make.person("p1", "Hansen, Nils"))
        tx.put_person(make.person("p2", other))
    with store.read() as snapshot:
        assert snapshot.namesakes("p1") == ([other] if alike else [])


def test_short_names_have_to_be_equal(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        for patient, name in (("p1", "Li, J"), ("p2", "Lie, J"), ("p3", "Li, J")):
            tx.put_person(make.person(patient, name))
    with store.read() as snapshot:
        assert snapshot.namesakes("p1") == ["Li, J"]


def test_who_has_no_name_is_like_nobody(store: Store, make: SimpleNamespace) -> None:
    with store.write() as tx:
        tx.put_person(make.person("p1", ""))
        tx.put_person(make.person("p2", ""))
    with store.read() as snapshot:
        assert snapshot.namesakes("p1") == []
        assert snapshot.namesakes("nobody") == []

"""Who it is, from a Patient and from Practitioners."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fhir_r4.errors import BadElement
from fhir_r4.flags import warning_of
from fhir_r4.patients import NextOfKin, person_of
from fhir_r4.people import place_of, practitioner, practitioner_of, professional_of
from fhir_r4.raw import Raw

FNR, DNR, HELP = (f"urn:oid:2.16.578.1.12.4.1.4.{last}" for last in (1, 2, 3))


@pytest.fixture
def raw() -> Raw:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "x", "value": "1"}, {"system": FNR, "value": "13815412345"}],
        "name": [
            {"use": "old", "family": "Dahl"},
            {"use": "official", "family": "Eira", "given": ["Máret", None, "Ánne"]},
        ],
        "telecom": [
            {"system": "email", "value": "m@example.org"},
            {"system": "phone", "use": "home", "value": "77000000"},
            {"system": "phone", "use": "mobile", "value": "90000000"},
        ],
        "gender": "female",
        "birthDate": "1954-01-13",
        "contact": [
            {
                "relationship": [{"text": "datter"}],
                "name": {"given": ["Anne"], "family": "Eira"},
                "telecom": [{"system": "phone", "value": "40000000"}],
            }
        ],
        "communication": [
            {"language": {"coding": [{"code": "nb"}]}},
            {"language": {"coding": [{"code": "se"}]}, "preferred": True},
        ],
        "generalPractitioner": [
            {"reference": "Organization/legesenter"},
            {"reference": "Practitioner/berg", "display": "Berg, Storslett"},
        ],
        "managingOrganization": {"reference": "Organization/senter"},
    }


def test_person(raw: Raw) -> None:
    person = person_of(raw)
    assert (person.id, person.name, person.sex) == ("p1", "Eira, Máret Ánne", "female")
    assert (person.birth_date, person.national_id, person.phone) == ("1954-01-13", "13815412345", "90000000")
    assert (person.language, person.organisation) == ("se", "Organization/senter")
    assert (person.gp, person.gp_name) == ("Practitioner/berg", "Berg, Storslett")
    assert person.contacts == (NextOfKin("Anne Eira", "datter", "40000000"),)


@pytest.mark.parametrize(
    ("systems", "expected"),
    [((HELP, DNR, FNR), FNR), ((HELP, DNR), DNR), ((HELP,), HELP), (("urn:oid:2.16.578.1",), None)],
)
def test_national_number_before_d_number_before_help_number(
    systems: tuple[str, ...], expected: str | None, raw: Raw
) -> None:
    raw["identifier"] = [{"system": system, "value": system} for system in systems]
    assert person_of(raw).national_id == expected


def test_person_of_whom_nothing_is_known() -> None:
    person = person_of({"resourceType": "Patient", "id": "p2"})
    assert (person.name, person.phone, person.language, person.contacts) == ("", None, None, ())


def test_name_as_text_only(raw: Raw) -> None:
    raw["name"] = [{"text": "Ola [/nope]"}]
    assert person_of(raw).name == "Ola [/nope]"


def test_patient_of_the_wrong_form_is_a_typed_error(raw: Raw) -> None:
    raw["name"] = "Ola"
    with pytest.raises(BadElement, match=r"Patient/p1: Patient\.name: "):
        person_of(raw)


def test_practitioner_with_login(validated: Callable[[Raw], Raw]) -> None:
    raw = validated(practitioner("kari", "Kari", "Nordmann"))
    assert practitioner_of({**raw, "id": "n1"}) == ("Practitioner/n1", "kari", "Kari Nordmann")
    assert practitioner_of({**validated(practitioner("per", "", "")), "id": "n2"})[2] == "per"


def test_gp_and_surgery() -> None:
    oid = "urn:oid:2.16.578.1.12.4.1"
    gp = professional_of(
        {
            "resourceType": "Practitioner",
            "id": "g",
            "identifier": [
                {"system": f"{oid}.4.4", "value": "9144900"},
                {"system": f"{oid}.2", "value": "123"},
            ],
        }
    )
    assert (gp.hpr, gp.her, gp.login) == ("9144900", "123", None)
    surgery = place_of(
        {
            "resourceType": "Organization",
            "id": "o",
            "name": "Storslett",
            "identifier": [{"system": f"{oid}.4.101", "value": "999"}],
        }
    )
    assert (surgery.reference, surgery.name, surgery.number) == ("Organization/o", "Storslett", "999")


def test_standing_warning(now: int) -> None:
    raw: Raw = {
        "resourceType": "Flag",
        "id": "f",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "s", "code": "o2", "display": "O₂ hjemme"}]},
        "period": {"end": "2026-03-03T09:30:00Z"},
    }
    warning = warning_of(raw)
    assert warning is not None
    assert (warning.text, warning.code, warning.patient) == ("O₂ hjemme", "s|o2", "p1")
    assert warning.stands(now - 1)
    assert not warning.stands(now)
    assert warning_of({**raw, "code": {}}) is None

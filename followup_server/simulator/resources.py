"""The people around a simulated patient, and the patient, as FHIR resources (docs/fhir.md)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from fhir_r4 import systems
from fhir_r4.raw import Raw, uuid_identifier
from followup_server.simulator import names
from followup_server.simulator.identity import dice, logical_id
from followup_server.simulator.people import NextOfKin, Person, Standing
from threshold_engine.instants import format_instant
from threshold_engine.model import Instant

_FLAG_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/flag-category"
_FLAG_STATUS: Final = "active"
_RELATIONSHIP: Final = "http://terminology.hl7.org/CodeSystem/v2-0131"
_FLAGS: Final[dict[Standing, tuple[str, str]]] = {
    "lives-alone": ("bor alene", "safety"),
    "oxygen": ("O₂ hjemme", "clinical"),
    "interpreter": ("tolk", "admin"),
}


def identified(seed: int, resource_type: str, n: int) -> Raw:
    """Type, logical id and the identifier that holds where a server gives ids of its own."""
    logical = logical_id(seed, resource_type, n)
    return {"resourceType": resource_type, "id": logical, "identifier": [uuid_identifier(logical)]}


def surgeries(seed: int) -> Iterator[Raw]:
    """The GPs' surgeries, then the GPs, then who works where."""
    gps = range(1, len(names.SURGERIES) * names.GPS_PER_SURGERY + 1)
    for n in range(1, len(names.SURGERIES) + 1):
        yield _surgery(seed, n)
    for n in gps:
        yield _gp(seed, n)
    for n in gps:
        yield _gp_role(seed, n)


def _surgery(seed: int, n: int) -> Raw:
    name, code, town = names.SURGERIES[n - 1]
    surgery = identified(seed, "Organization", n)
    identifier = {"system": systems.HER_ID, "value": f"9{seed % 1000:03d}{n:03d}"}
    return {
        **surgery,
        "identifier": [*_list(surgery["identifier"]), identifier],
        "active": True,
        "type": [{"text": "Fastlegekontor"}],
        "name": name,
        "telecom": [{"system": "phone", "value": f"+47 000 90 {n:03d}", "use": "work"}],
        "address": [{"use": "work", "postalCode": code, "city": town, "country": "NO"}],
    }


def gp_reference(seed: int, gp: int) -> Raw:
    """A reference to a GP, with the name."""
    return {"reference": f"Practitioner/{logical_id(seed, 'Practitioner', gp)}", "display": gp_name(seed, gp)}


def gp_name(seed: int, gp: int) -> str:
    """Given and family name of a GP."""
    given, family, _ = _gp_names(dice(seed, "gp", gp))
    return f"{given} {family}"


def _gp(seed: int, n: int) -> Raw:
    given, family, sex = _gp_names(dice(seed, "gp", n))
    practitioner = identified(seed, "Practitioner", n)
    hpr = {"system": systems.HPR_NUMBER, "value": f"99{seed % 1000:03d}{n:04d}"}
    return {
        **practitioner,
        "identifier": [*_list(practitioner["identifier"]), hpr],
        "active": True,
        "name": [{"use": "official", "family": family, "given": [given], "prefix": ["Lege"]}],
        "telecom": [{"system": "phone", "value": f"+47 000 91 {n:03d}", "use": "work"}],
        "gender": sex,
    }


def _gp_role(seed: int, n: int) -> Raw:
    surgery = (n - 1) // names.GPS_PER_SURGERY + 1
    return {
        **identified(seed, "PractitionerRole", n),
        "active": True,
        "practitioner": gp_reference(seed, n),
        "organization": {
            "reference": f"Organization/{logical_id(seed, 'Organization', surgery)}",
            "display": names.SURGERIES[surgery - 1][0],
        },
        "code": [{"text": "Fastlege"}],
    }


def _gp_names(random: Random) -> tuple[str, str, str]:
    sex = random.choice(("female", "male"))
    given = random.choice(names.WOMEN if sex == "female" else names.MEN)
    return given, random.choice(names.SURNAMES), sex


def patient(seed: int, person: Person, centre: str) -> Raw:
    """The Patient; `centre` is the reference of the Organization that follows them up."""
    made = identified(seed, "Patient", person.n)
    number = {"use": "official", "system": systems.NATIONAL_NUMBER, "value": person.national_number}
    code, language = person.language
    return {
        **made,
        "identifier": [number, *_list(made["identifier"])],
        "active": True,
        "name": [{"use": "official", "family": person.family, "given": person.given.split()}],
        "telecom": [{"system": "phone", "value": person.phone, "use": "mobile", "rank": 1}],
        "gender": person.sex,
        "birthDate": person.birth_date.isoformat(),
        "address": [_address(person)],
        "contact": [_contact(person.kin)],
        "communication": [{"language": _language(code, language), "preferred": True}],
        "generalPractitioner": [gp_reference(seed, person.gp)],
        "managingOrganization": {"reference": centre},
    }


def flags(seed: int, person: Person, since: Instant, first: int) -> list[Raw]:
    """The person's standing warnings; `first` is the number of the first one's id."""
    made: list[Raw] = []
    for warning in person.warnings:
        text, category = _FLAGS[warning]
        flag = identified(seed, "Flag", first + len(made))
        flag |= {
            "status": _FLAG_STATUS,
            "category": [{"coding": [{"system": _FLAG_CATEGORY, "code": category}]}],
            "code": {"text": text},
            "subject": patient_reference(seed, person),
            "period": {"start": format_instant(since)},
        }
        made.append(flag)
    return made


def patient_reference(seed: int, person: Person) -> Raw:
    """A reference to the Patient."""
    return {"reference": f"Patient/{logical_id(seed, 'Patient', person.n)}"}


def _address(person: Person) -> Raw:
    return {
        "use": "home",
        "line": [person.street],
        "city": person.place.town,
        "district": person.place.municipality,
        "postalCode": person.place.code,
        "country": "NO",
    }


def _contact(kin: NextOfKin) -> Raw:
    next_of_kin = {"system": _RELATIONSHIP, "code": "N", "display": "Next-of-Kin"}
    return {
        "relationship": [{"coding": [next_of_kin], "text": kin.relation}],
        "name": {"family": kin.family, "given": kin.given.split()},
        "telecom": [{"system": "phone", "value": kin.phone, "use": "mobile"}],
    }


def _language(code: str, name: str) -> Raw:
    return {"coding": [{"system": "urn:ietf:bcp:47", "code": code, "display": name}], "text": name}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []

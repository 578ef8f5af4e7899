"""Practitioner and Organization: names, logins and numbers of nurses, GPs and centres."""

from __future__ import annotations

from dataclasses import dataclass

from fhir_r4 import systems
from fhir_r4.patients import family_and_given, phone
from fhir_r4.raw import Raw
from fhir_r4.resources import Identifier, Organization, Practitioner, read


@dataclass(frozen=True, slots=True)
class Professional:
    """A nurse or a GP."""

    reference: str
    """`Practitioner/<id>`."""
    login: str | None
    """Of a user of the console."""
    name: str
    """Given names, then family name."""
    hpr: str | None = None
    """HPR number."""
    her: str | None = None
    """HER id."""
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A centre or a surgery."""

    reference: str
    """`Organization/<id>`."""
    name: str
    number: str | None = None
    """Organisation number."""
    her: str | None = None
    phone: str | None = None


def professional_of(raw: Raw) -> Professional:
    """A Practitioner. Raises BadElement where the resource isn't of FHIR's form."""
    found = read(raw, Practitioner)
    family, given = family_and_given(found.name)
    return Professional(
        reference=f"Practitioner/{found.id}",
        login=_number(found.identifier, systems.USER),
        name=" ".join(part for part in (given, family) if part),
        hpr=_number(found.identifier, systems.HPR_NUMBER),
        her=_number(found.identifier, systems.HER_ID),
        phone=phone(found.telecom),
    )


def practitioner_of(raw: Raw) -> tuple[str, str | None, str]:
    """Reference, login and name of a Practitioner. Raises BadElement as `professional_of`."""
    found = professional_of(raw)
    return found.reference, found.login, found.name


def place_of(raw: Raw) -> Place:
    """An Organization. Raises BadElement where the resource isn't of FHIR's form."""
    found = read(raw, Organization)
    return Place(
        reference=f"Organization/{found.id}",
        name=found.name or "",
        number=_number(found.identifier, systems.ORGANISATION_NUMBER),
        her=_number(found.identifier, systems.HER_ID),
        phone=phone(found.telecom),
    )


def practitioner(login: str, given: str, family: str) -> Raw:
    """A new Practitioner for a user of the console."""
    return {
        "resourceType": "Practitioner",
        "identifier": [{"system": systems.USER, "value": login}],
        "active": True,
        "name": [
            {
                **({"family": family} if family else {}),
                **({"given": [given]} if given else {}),
                **({} if family or given else {"text": login}),
            }
        ],
    }


def _number(identifiers: tuple[Identifier, ...], system: str) -> str | None:
    return next((entry.value for entry in identifiers if entry.system == system and entry.value), None)

"""Patient → the person on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fhir_r4 import systems
from fhir_r4.raw import Raw
from fhir_r4.references import split
from fhir_r4.resources import (
    Concept,
    ContactPoint,
    HumanName,
    Identifier,
    Language,
    Patient,
    PatientContact,
    Reference,
    read,
)

_NAME_USES = ("official", "usual", None, "temp", "anonymous", "nickname", "old", "maiden")
_PHONE_USES = ("mobile", "home", None, "work", "temp", "old")


@dataclass(frozen=True, slots=True)
class NextOfKin:
    """Somebody to ring."""

    name: str
    relationship: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is followed up. Texts are as they came: not yet safe to draw."""

    id: str
    """The Patient's logical id."""
    family: str
    given: str
    """All given names, parted by spaces."""
    birth_date: str | None
    """ISO date, `1954-01-13`, or a part of one."""
    sex: str | None
    """FHIR's administrative gender."""
    national_id: str | None
    """Fødselsnummer, else D-number, else shared help number."""
    phone: str | None
    language: str | None
    """BCP 47 code, or the language's name."""
    active: bool
    contacts: tuple[NextOfKin, ...]
    gp: str | None
    """Reference of the general practitioner, `<type>/<id>`."""
    gp_name: str | None
    """As the reference displays it."""
    organisation: str | None
    """The centre, `Organization/<id>`."""

    @property
    def name(self) -> str:
        """Family name, comma, given names; what there is of them."""
        return ", ".join(part for part in (self.family, self.given) if part)


def person_of(raw: Raw) -> Person:
    """A Patient as a person.

    Raises:
        BadElement: The resource isn't of FHIR's form.
    """
    patient = read(raw, Patient)
    family, given = family_and_given(patient.name)
    gp = _first_of(patient.general_practitioner)
    return Person(
        id=patient.id,
        family=family,
        given=given,
        birth_date=patient.birth_date,
        sex=patient.gender,
        national_id=_national_id(patient.identifier),
        phone=phone(patient.telecom),
        language=_language(patient.communication),
        active=patient.active,
        contacts=tuple(_next_of_kin(contact) for contact in patient.contact),
        gp=_literal(gp),
        gp_name=gp.display if gp else None,
        organisation=_literal(patient.managing_organization),
    )


def family_and_given(names: Sequence[HumanName]) -> tuple[str, str]:
    """Family and given names in use; a name that stands as text only counts as the family's."""
    ranked = sorted(names, key=lambda name: _rank(_NAME_USES, name.use))
    for name in ranked:
        family, given = name.family or "", " ".join(part for part in name.given if part)
        if family or given:
            return family, given
        if name.text:
            return name.text, ""
    return "", ""


def phone(telecoms: Iterable[ContactPoint]) -> str | None:
    """The telephone number to ring first: by rank, then mobile, home, work."""
    numbers = [entry for entry in telecoms if entry.value and entry.system in ("phone", "sms", None)]
    numbers.sort(key=lambda entry: (entry.rank or 99, _rank(_PHONE_USES, entry.use)))
    return numbers[0].value if numbers else None


def _rank(order: Sequence[str | None], use: str | None) -> int:
    return order.index(use) if use in order else len(order)


def _national_id(identifiers: Iterable[Identifier]) -> str | None:
    numbers = {entry.system: entry.value for entry in reversed(list(identifiers)) if entry.value}
    return next((numbers[system] for system in systems.PERSONAL_NUMBERS if system in numbers), None)


def _language(languages: Sequence[Language]) -> str | None:
    preferred = sorted(languages, key=lambda entry: not entry.preferred)
    return next((found for entry in preferred if (found := _word(entry.language))), None)


def _next_of_kin(contact: PatientContact) -> NextOfKin:
    family, given = family_and_given((contact.name,) if contact.name else ())
    relationship = next((found for entry in contact.relationship if (found := _shown(entry))), None)
    return NextOfKin(" ".join(part for part in (given, family) if part), relationship, phone(contact.telecom))


def _word(concept: Concept) -> str | None:
    return next((coding.code for coding in concept.coding if coding.code), concept.text)


def _shown(concept: Concept) -> str | None:
    displays = (coding.display or coding.code for coding in concept.coding)
    return concept.text or next((display for display in displays if display), None)


def _first_of(references: Sequence[Reference]) -> Reference | None:
    """A person rather than a surgery, where both stand."""
    ranked = sorted(references, key=lambda entry: "Practitioner" not in (entry.reference or ""))
    return ranked[0] if ranked else None


def _literal(reference: Reference | None) -> str | None:
    parts = split(reference.reference or "") if reference else None
    return "/".join(parts) if parts else None

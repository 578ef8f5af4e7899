"""The slice of FHIR R4 that is read, as msgspec structs: unknown members are passed over.

For reading only. What is written patches the raw JSON (`fhir_r4.raw`), never a struct, or members unknown to
us would be lost.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import msgspec

from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw, reference_of


class Element(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """What all structs of this module share."""


class Meta(Element, frozen=True):
    """`meta`."""

    version_id: str | None = None
    last_updated: str | None = None


class Coding(Element, frozen=True):
    """A code in a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Element, frozen=True):
    """A CodeableConcept."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None

    def code_of(self, system: str) -> str | None:
        """The first code of this system, or none."""
        return next((entry.code for entry in self.coding if entry.system == system and entry.code), None)


class Identifier(Element, frozen=True):
    """An identifier."""

    system: str | None = None
    value: str | None = None


class Reference(Element, frozen=True):
    """A reference, literal (`reference`) or logical (`identifier`)."""

    reference: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(Element, frozen=True):
    """A period; its ends as they were written."""

    start: str | None = None
    end: str | None = None


class Quantity(Element, frozen=True):
    """A measured amount."""

    value: int | Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Value(Element, frozen=True):
    """`value[x]`, where it stands."""

    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_decimal: int | Decimal | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_time: str | None = None
    value_uri: str | None = None
    value_coding: Coding | None = None
    value_reference: Reference | None = None
    value_range: Raw | None = None
    value_ratio: Raw | None = None
    value_sampled_data: Raw | None = None
    value_period: Raw | None = None


class Component(Value, frozen=True):
    """A part of an Observation."""

    code: Concept = Concept()
    data_absent_reason: Concept | None = None


class Observation(Value, frozen=True):
    """A reading, or a panel of several."""

    id: str = ""
    meta: Meta = Meta()
    identifier: tuple[Identifier, ...] = ()
    status: str = "unknown"
    code: Concept = Concept()
    subject: Reference = Reference()
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    data_absent_reason: Concept | None = None
    component: tuple[Component, ...] = ()


class Answer(Value, frozen=True):
    """An answer in a form."""

    item: tuple[FormItem, ...] = ()


class FormItem(Element, frozen=True):
    """A question of a form, or a group of them."""

    link_id: str = ""
    answer: tuple[Answer, ...] = ()
    item: tuple[FormItem, ...] = ()


class QuestionnaireResponse(Element, frozen=True):
    """An answered form."""

    id: str = ""
    meta: Meta = Meta()
    questionnaire: str | None = None
    status: str = "unknown"
    subject: Reference = Reference()
    authored: str | None = None
    item: tuple[FormItem, ...] = ()


class HumanName(Element, frozen=True):
    """A name of a person."""

    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str | None, ...] = ()
    prefix: tuple[str | None, ...] = ()


class ContactPoint(Element, frozen=True):
    """A telephone number or the like."""

    system: str | None = None
    value: str | None = None
    use: str | None = None
    rank: int | None = None


class PatientContact(Element, frozen=True):
    """Somebody to ring."""

    relationship: tuple[Concept, ...] = ()
    name: HumanName | None = None
    telecom: tuple[ContactPoint, ...] = ()


class Language(Element, frozen=True):
    """A language that can be used with a patient."""

    language: Concept = Concept()
    preferred: bool = False


class Patient(Element, frozen=True):
    """A person who is followed up."""

    id: str = ""
    identifier: tuple[Identifier, ...] = ()
    active: bool = True
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    contact: tuple[PatientContact, ...] = ()
    communication: tuple[Language, ...] = ()
    general_practitioner: tuple[Reference, ...] = ()
    managing_organization: Reference | None = None


class Practitioner(Element, frozen=True):
    """A nurse or a GP."""

    id: str = ""
    identifier: tuple[Identifier, ...] = ()
    active: bool = True
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()


class Organization(Element, frozen=True):
    """A centre or a surgery."""

    id: str = ""
    identifier: tuple[Identifier, ...] = ()
    name: str | None = None
    telecom: tuple[ContactPoint, ...] = ()


_Struct = TypeVar("_Struct", bound=Element)


def read(raw: Raw, kind: type[_Struct]) -> _Struct:
    """A resource as a struct.

    Raises:
        BadElement: A member that we need has another type than FHIR gives it.
    """
    try:
        return msgspec.convert(raw, kind, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$")
        raise BadElement(reference_of(raw), f"{kind.__name__}{path.rstrip('`')}", why) from None

"""Which search parameters each resource type has, and where in the resource their values stand.

Source: the SearchParameter definitions of FHIR R4 (http://hl7.org/fhir/R4/searchparameter-registry.html), the
ones that a follow-up centre needs. Beyond R4: `Task.for`, `DetectedIssue.status`, `Communication.about`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, Literal, TypeAlias


class Kind(StrEnum):
    """How a parameter's values are compared."""

    TOKEN = "token"  # noqa: S105 (a FHIR word, not a secret)
    REFERENCE = "reference"
    DATE = "date"
    STRING = "string"
    URI = "uri"


Place: TypeAlias = Literal["index", "patient", "status", "date"]
"""Where values are kept: a table of their own, or a column of the resource's row."""


@dataclass(frozen=True, slots=True)
class Param:
    """A search parameter of a type."""

    name: str
    kind: Kind
    paths: tuple[tuple[str, ...], ...]
    """Members to walk through from the resource; lists on the way are all taken."""
    place: Place = "index"
    targets: tuple[str, ...] = ()
    """Types that a reference may be to, for values given without a type."""
    key: str = ""
    """Name under which values are indexed, where several parameters share them."""

    @property
    def index_key(self) -> str:
        """Name under which values are indexed."""
        return self.key or self.name

    @property
    def found_by(self) -> tuple[Kind, Place, str, tuple[str, ...]]:
        """What a search for it comes to: the same for parameters that several types have alike."""
        return self.kind, self.place, self.index_key, self.targets


def _paths(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(path.split(".")) for path in text.split())


def _token(name: str, paths: str = "") -> Param:
    return Param(name, Kind.TOKEN, _paths(paths or name))


def _uri(name: str, paths: str = "") -> Param:
    return Param(name, Kind.URI, _paths(paths or name))


def _string(name: str, paths: str = "") -> Param:
    return Param(name, Kind.STRING, _paths(paths or name))


def _ref(name: str, paths: str, *targets: str) -> Param:
    return Param(name, Kind.REFERENCE, _paths(paths), targets=targets)


def _date(name: str, paths: str) -> Param:
    return Param(name, Kind.DATE, _paths(paths))


def _main_date(name: str, paths: str) -> Param:
    return Param(name, Kind.DATE, _paths(paths), "date")


_STATUS = Param("status", Kind.TOKEN, (("status",),), "status")
_IDENTIFIER = _token("identifier")
_CODE = _token("code")
_CATEGORY = _token("category")
_INTENT = _token("intent")
_PRIORITY = _token("priority")
_ACTIVE = _token("active")
_SURGERY = ("Practitioner", "Organization", "PractitionerRole")
_ABOUT_PEOPLE = ("Practitioner", "PractitionerRole", "Patient", "RelatedPerson", "Organization", "Device")


def _patient(path: str, *names: str) -> tuple[Param, ...]:
    """`patient` and its other names, which share what is indexed."""
    return tuple(
        Param(name, Kind.REFERENCE, _paths(path), "patient", ("Patient",), "patient")
        for name in ("patient", *names)
    )


_SUBJECT = _patient("subject", "subject")
_PERSON_NAME = (
    _string("name", "name.text name.family name.given name.prefix name.suffix"),
    _string("family", "name.family"),
    _string("given", "name.given"),
    _token("telecom"),
    _token("gender"),
    _ACTIVE,
)

_BY_TYPE: Final[dict[str, tuple[Param, ...]]] = {
    "Patient": (
        *_PERSON_NAME,
        _token("phone", "telecom"),
        _main_date("birthdate", "birthDate"),
        _ref("organization", "managingOrganization", "Organization"),
        _ref("general-practitioner", "generalPractitioner", *_SURGERY),
    ),
    "Practitioner": _PERSON_NAME,
    "PractitionerRole": (
        _ACTIVE,
        _token("role", "code"),
        _ref("practitioner", "practitioner", "Practitioner"),
        _ref("organization", "organization", "Organization"),
    ),
    "Organization": (
        _string("name", "name alias"),
        _ACTIVE,
        _token("type"),
        _ref("partof", "partOf", "Organization"),
    ),
    "Observation": (
        _STATUS,
        _CODE,
        _CATEGORY,
        *_SUBJECT,
        _main_date("date", "effectiveDateTime effectivePeriod effectiveInstant"),
        _ref("derived-from", "derivedFrom", "Observation", "QuestionnaireResponse", "Media"),
        _ref("performer", "performer", *_ABOUT_PEOPLE),
        _ref("device", "device", "Device"),
    ),
    "QuestionnaireResponse": (
        _STATUS,
        *_SUBJECT,
        _main_date("authored", "authored"),
        _uri("questionnaire"),
        _ref("author", "author", *_ABOUT_PEOPLE),
        _ref("source", "source", *_ABOUT_PEOPLE),
    ),
    "Questionnaire": (_STATUS, _uri("url"), _string("name"), _string("title"), _token("version"), _CODE),
    "Media": (_STATUS, *_SUBJECT, _main_date("created", "createdDateTime createdPeriod")),
    "CarePlan": (
        _STATUS,
        _INTENT,
        _CATEGORY,
        *_SUBJECT,
        _main_date("date", "period"),
        _ref("replaces", "replaces", "CarePlan"),
    ),
    "DetectedIssue": (
        _STATUS,
        _CODE,
        *_patient("patient", "subject"),
        _main_date("identified", "identifiedDateTime identifiedPeriod"),
        _ref("implicated", "implicated", "Observation", "QuestionnaireResponse"),
        _ref("author", "author", *_ABOUT_PEOPLE),
    ),
    "Task": (
        _STATUS,
        _INTENT,
        _PRIORITY,
        _CODE,
        _token("business-status", "businessStatus"),
        *_patient("for", "subject", "for"),
        _main_date("authored-on", "authoredOn"),
        _date("modified", "lastModified"),
        _date("period", "executionPeriod"),
        _ref("focus", "focus", "DetectedIssue", "Communication", "ServiceRequest"),
        _ref("owner", "owner", *_ABOUT_PEOPLE),
        _ref("requester", "requester", *_ABOUT_PEOPLE),
        _ref("part-of", "partOf", "Task"),
        _ref("based-on", "basedOn", "ServiceRequest", "CarePlan"),
    ),
    "Communication": (
        _STATUS,
        _CATEGORY,
        _token("medium"),
        *_SUBJECT,
        _main_date("sent", "sent"),
        _date("received", "received"),
        _ref("sender", "sender", *_ABOUT_PEOPLE),
        _ref("recipient", "recipient", *_ABOUT_PEOPLE),
        _ref("about", "about", "Task", "Observation"),
        _ref("based-on", "basedOn", "ServiceRequest", "CarePlan"),
        _ref("part-of", "partOf", "Communication"),
    ),
    "ServiceRequest": (
        _STATUS,
        _INTENT,
        _PRIORITY,
        _CATEGORY,
        _CODE,
        *_SUBJECT,
        _main_date("authored", "authoredOn"),
        _date("occurrence", "occurrenceDateTime occurrencePeriod"),
        _ref("requester", "requester", *_ABOUT_PEOPLE),
        _ref("performer", "performer", *_ABOUT_PEOPLE),
    ),
    "AuditEvent": (
        _main_date("date", "recorded"),
        _token("type"),
        _token("subtype"),
        _token("action"),
        _token("outcome"),
        _ref("agent", "agent.who", *_ABOUT_PEOPLE),
        _ref("entity", "entity.what", "Patient"),
        _ref("patient", "agent.who entity.what", "Patient"),
    ),
    "Flag": (_STATUS, _CODE, _CATEGORY, *_SUBJECT, _main_date("date", "period")),
    "Device": (_STATUS, _token("type"), *_patient("patient"), _ref("organization", "owner", "Organization")),
    "Binary": (),
}

_ANY_OTHER: Final = (_STATUS, _CODE, _CATEGORY, *_patient("subject patient", "subject"))
_EVERY: Final = (_IDENTIFIER, _token("_tag", "meta.tag"), _uri("_profile", "meta.profile"))

DESCRIBED_TYPES: Final = frozenset(_BY_TYPE)
"""Types whose parameters are those of R4 rather than a common few."""


def _named(params: tuple[Param, ...]) -> dict[str, Param]:
    return {param.name: param for param in (*params, *_EVERY)}


_NAMED: Final = {type_name: _named(params) for type_name, params in _BY_TYPE.items()}
_NAMED_OTHER: Final = _named(_ANY_OTHER)


def params_of(type_name: str) -> dict[str, Param]:
    """The parameters of a type by name, without `_id` and `_lastUpdated`, which every type has."""
    return _NAMED.get(type_name, _NAMED_OTHER)


COMMON_PARAMS: Final[Mapping[str, Param]] = {param.name: param for param in _EVERY}
"""The parameters that every type has, beside `_id` and `_lastUpdated`."""


@cache
def common_params(type_names: tuple[str, ...]) -> Mapping[str, Param]:
    """The parameters that all of these types have and find alike."""
    first, *others = (params_of(type_name) for type_name in type_names)
    return {
        name: param
        for name, param in first.items()
        if all(name in other and other[name].found_by == param.found_by for other in others)
    }


def indexed_params_of(type_name: str) -> tuple[Param, ...]:
    """The parameters whose values have to be taken out of a resource, each shared key once."""
    return _INDEXED.get(type_name, _INDEXED_OTHER)


def _once(params: dict[str, Param]) -> tuple[Param, ...]:
    return tuple({param.index_key: param for param in params.values()}.values())


_INDEXED: Final = {type_name: _once(params) for type_name, params in _NAMED.items()}
_INDEXED_OTHER: Final = _once(_NAMED_OTHER)

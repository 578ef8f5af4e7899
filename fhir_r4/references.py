"""References between resources, read and written."""

from __future__ import annotations

from fhir_r4 import systems
from fhir_r4.raw import Raw, child, text_at
from fhir_r4.resources import Reference


def split(reference: str) -> tuple[str, str] | None:
    """Type and logical id of a literal reference, relative or absolute, with a version or without.

    None for contained (`#a`), logical and `urn:uuid:` references.
    """
    segments = reference.partition("/_history/")[0].split("/")
    if len(segments) < 2 or not segments[-1] or not segments[-2].isalpha():
        return None
    return segments[-2], segments[-1]


def logical_id(reference: Reference, kind: str) -> str | None:
    """The logical id in a reference to a resource of this type, or none."""
    parts = split(reference.reference or "")
    return parts[1] if parts is not None and parts[0] == kind else None


def relative(raw: Raw, *path: str) -> str | None:
    """`<type>/<id>` of the literal reference at the end of a path of objects, or none."""
    parts = split(text_at(raw, *path, "reference") or "")
    return "/".join(parts) if parts else None


def patient_of(raw: Raw) -> str | None:
    """The Patient's logical id in `subject`, `patient` or `for`; of a Patient its own."""
    if raw.get("resourceType") == "Patient":
        return text_at(raw, "id")
    for member in ("subject", "patient", "for"):
        parts = split(text_at(raw, member, "reference") or "")
        if parts is not None and parts[0] == "Patient":
            return parts[1]
    return None


def uuid_in(reference: Raw) -> str | None:
    """The UUID in a reference's logical identifier, without `urn:uuid:`, or none."""
    identifier = child(reference, "identifier")
    value = identifier.get("value")
    if identifier.get("system") != systems.URI or not isinstance(value, str):
        return None
    lowered = value.lower()
    return lowered.removeprefix(systems.UUID_PREFIX) if lowered.startswith(systems.UUID_PREFIX) else None


def to(reference: str, display: str | None = None) -> Raw:
    """A literal reference."""
    return {"reference": reference, **({"display": display} if display else {})}


def to_known(name: str) -> Raw:
    """A reference by `<type>/<id>`; by `<type>/<system>|<value>` a logical one, to an identifier."""
    kind, _, rest = name.partition("/")
    system, bar, value = rest.partition("|")
    if not bar:
        return to(name)
    return {"type": kind, "identifier": {**({"system": system} if system else {}), "value": value}}


def to_uuid(kind: str, uuid: str, reference: str | None = None) -> Raw:
    """A reference to a resource known by a UUID of ours, literal too where its id is known.

    The UUID is what counts: a resource made offline has no logical id yet.
    """
    found: Raw = {"reference": reference} if reference else {}
    return {
        **found,
        "type": kind,
        "identifier": {"system": systems.URI, "value": f"{systems.UUID_PREFIX}{uuid}"},
    }


def identifier_in(reference: Raw) -> str | None:
    """`<system>|<value>` of a reference's logical identifier, or none."""
    value = text_at(reference, "identifier", "value")
    return None if value is None else f"{text_at(reference, 'identifier', 'system') or ''}|{value}"

"""A resource as the cache keeps it."""

from __future__ import annotations

from fhir_r4.raw import Raw, encode, text_at, uuid_of, version_of
from fhir_r4.references import patient_of
from local_store.identifiers import has_server_id
from local_store.records import Kept


def kept_of(raw: Raw) -> Kept | None:
    """The resource for keeping; none where it has no type or id to be known by."""
    kind, logical_id = text_at(raw, "resourceType"), text_at(raw, "id")
    if not kind or not logical_id or not has_server_id(f"{kind}/{logical_id}"):
        return None
    return Kept(
        type=kind,
        id=logical_id,
        version=version_of(raw),
        last_updated=text_at(raw, "meta", "lastUpdated"),
        raw=encode(raw),
        patient=patient_of(raw),
        identifier=uuid_of(raw),
    )

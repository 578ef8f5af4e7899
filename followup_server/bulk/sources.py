"""What a load is fed with: resources, each with its place, and what couldn't be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from followup_server.bundles.references import entries_of, is_urn, resolved
from followup_server.problems import FhirProblem
from followup_server.raw_json import Raw, encode
from followup_server.resource_types import ID_FORM
from threshold_engine.identity import named_uuid

_URN: Final = "urn:uuid:"


class Found(NamedTuple):
    """A resource with its id, ready to be checked."""

    raw: Raw
    place: str = ""
    """`file:line`, or `file, entry 17`; empty for one from memory."""
    size: int = 0
    """Bytes that it took there."""


class Unreadable(NamedTuple):
    """A place where there is no resource to be read."""

    place: str
    why: str


Source: TypeAlias = Iterable[Found | Unreadable]


def expanded(raw: Raw, place: str = "", size: int = 0) -> Iterator[Found | Unreadable]:
    """A resource, or the resources of a bundle; each has an id."""
    if raw.get("resourceType") != "Bundle" or raw.get("type") == "document":
        yield Found(with_id(raw), place, size)
        return
    try:
        entries = entries_of(raw)
    except FhirProblem as problem:
        yield Unreadable(place, problem.diagnostics)
        return
    targets = dict(target for entry in entries for target in targets_in(entry))
    for n, entry in enumerate(entries, start=1):
        found = resource_in(entry, targets)
        if found is not None:
            yield Found(found, f"{place}, entry {n}" if place else "", size // len(entries))


def with_id(raw: Raw) -> Raw:
    """The resource; without an id of its own it gets one made of its content, the same each time."""
    if isinstance(raw.get("id"), str):
        return raw
    return {**raw, "id": named_uuid(f"load/{encode(raw).decode()}")}


def resource_in(entry: Raw, targets: Mapping[str, str]) -> Raw | None:
    """A bundle entry's resource, its references to other entries replaced by what they are known as here."""
    resource = entry.get("resource")
    return resolved(_named(resource, entry), targets) if isinstance(resource, dict) else None


def targets_in(entry: Raw) -> Iterator[tuple[str, str]]:
    """What references to an entry's fullUrl mean: `Type/id`."""
    resource, full_url = entry.get("resource"), entry.get("fullUrl")
    if isinstance(resource, dict) and isinstance(full_url, str):
        yield full_url, f"{resource.get('resourceType')}/{_named(resource, entry)['id']}"


def _named(resource: Raw, entry: Raw) -> Raw:
    """The resource with an id: its own, else its fullUrl's, else one made of its content."""
    if isinstance(resource.get("id"), str):
        return resource
    full_url = entry.get("fullUrl")
    last = full_url.removeprefix(_URN).rpartition("/")[2] if isinstance(full_url, str) else ""
    is_name = is_urn(full_url) or f"/{resource.get('resourceType')}/{last}" in str(full_url)
    if is_name and ID_FORM.fullmatch(last):
        return {**resource, "id": last}
    return with_id(resource)

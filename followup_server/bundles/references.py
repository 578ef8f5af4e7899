"""References in what is written, as the server keeps them: `Type/id`.

`urn:uuid:` becomes that once the ids of a bundle's entries are known, an absolute URL of this server at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from followup_server.problems import InvalidContent
from followup_server.raw_json import Raw

_URN = "urn:uuid:"


def entries_of(bundle: Raw) -> list[Raw]:
    """A bundle's entries. Raises InvalidContent if they aren't a list of objects."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise InvalidContent("Bundle.entry isn't a list.", element="Bundle.entry")
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("resource", {}), dict):
            raise InvalidContent("An entry of the bundle isn't an object.", element="Bundle.entry")
    return entries


def resolved(raw: Raw, targets: Mapping[str, str]) -> Raw:
    """The resource with its references replaced by what they mean in `targets`; the rest is untouched."""
    if not targets:
        return raw
    replaced = _resolved(raw, targets)
    assert isinstance(replaced, dict)  # noqa: S101 (an object stays one)
    return replaced


def _resolved(value: object, targets: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {
            name: targets.get(inner, inner)
            if name == "reference" and isinstance(inner, str)
            else _resolved(inner, targets)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_resolved(inner, targets) for inner in value]
    return value


def references_in(value: object) -> Iterator[str]:
    """All references in a resource."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and isinstance(inner, str):
                yield inner
            else:
                yield from references_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references_in(inner)


def made_relative(raw: Raw, base: str) -> Raw:
    """The resource with its absolute references to this server (FHIR base `base`) as `Type/id`.

    A reading filed under an absolute URL would belong to no patient, and nobody would judge it.
    """
    own = base + "/"
    found = {
        reference: reference[len(own) :] for reference in references_in(raw) if reference.startswith(own)
    }
    return resolved(raw, found)


def is_urn(value: object) -> TypeGuard[str]:
    """Whether it is a `urn:uuid:` URI."""
    return isinstance(value, str) and value.startswith(_URN)

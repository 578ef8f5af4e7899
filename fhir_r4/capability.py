"""What a CapabilityStatement says, as far as this project goes by it. What it doesn't say may work all the
same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.raw import Raw, child, members, text_at

FEED: Final = "readings"
"""Name of the operation by which a server offers the compact feed."""


@dataclass(frozen=True, slots=True)
class TypeCapability:
    """What a server says of one type."""

    interactions: frozenset[str] = frozenset()
    """`read`, `search-type`, `create`, `update` …"""
    search_params: frozenset[str] = frozenset()
    conditional_create: bool = False
    versioning: str = ""
    """`no-version`, `versioned`, `versioned-update` (it takes If-Match), or empty where it doesn't say."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a server says of itself."""

    software: str = ""
    fhir_version: str = ""
    interactions: frozenset[str] = frozenset()
    """Of the whole system: `batch`, `search-system` …"""
    search_params: frozenset[str] = frozenset()
    """Of all types."""
    types: Mapping[str, TypeCapability] = field(default_factory=dict)
    feed: bool = False
    """Whether it offers the compact feed of readings."""

    def of(self, kind: str) -> TypeCapability:
        """What it says of a type; nothing where it doesn't name it."""
        return self.types.get(kind, TypeCapability())

    def searches(self, kind: str, param: str) -> bool:
        """Whether it says that a type can be searched by a parameter."""
        return param in self.search_params or param in self.of(kind).search_params


def capability_in(raw: Raw) -> Capability:
    """What a CapabilityStatement says, whatever is missing or malformed in it."""
    rests = list(members(raw.get("rest")))
    types = {
        kind: _type_in(one)
        for rest in rests
        for one in members(rest.get("resource"))
        if (kind := text_at(one, "type"))
    }
    software = child(raw, "software")
    return Capability(
        software=" ".join(filter(None, (text_at(software, "name"), text_at(software, "version")))),
        fhir_version=text_at(raw, "fhirVersion") or "",
        interactions=_named(rests, "interaction", "code"),
        search_params=_named(rests, "searchParam", "name"),
        types=types,
        feed=FEED in _named(rests, "operation", "name"),
    )


def _type_in(raw: Raw) -> TypeCapability:
    return TypeCapability(
        interactions=_named([raw], "interaction", "code"),
        search_params=_named([raw], "searchParam", "name"),
        conditional_create=raw.get("conditionalCreate") is True,
        versioning=text_at(raw, "versioning") or "",
    )


def _named(holders: list[Raw], member: str, name: str) -> frozenset[str]:
    return frozenset(_texts(holders, member, name))


def _texts(holders: list[Raw], member: str, name: str) -> Iterator[str]:
    for holder in holders:
        for one in members(holder.get(member)):
            text = text_at(one, name)
            if text is not None:
                yield text

"""What a server says that it can do, as far as the sync goes by it; asked once a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from fhir_r4.capability import Capability, capability_in
from fhir_r4.client import FhirClient
from local_store import Store
from threshold_engine.instants import DAY
from threshold_engine.model import Instant

NAME: Final = "server-abilities"
_ASKED_EVERY: Final = DAY


@dataclass(frozen=True, slots=True)
class Abilities:
    """What is used where it is there; a server without any of it is synced all the same."""

    asked: Instant
    feed: bool = False
    """The compact feed of readings."""
    system_search: bool = False
    """One search over several types."""


def abilities_of(store: Store, client: FhirClient, now: Instant) -> Abilities:
    """By the server's CapabilityStatement, or what it said less than a day ago. Raises FhirError."""
    with store.read() as snapshot:
        known = _read(snapshot.setting(NAME))
    if known is not None and 0 <= now - known.asked < _ASKED_EVERY:
        return known
    return note(store, _of(capability_in(client.capability()), now))


def without(store: Store, known: Abilities, *, feed: bool = False, system_search: bool = False) -> Abilities:
    """Leave something alone until the server is asked again: it was declared, but didn't work."""
    return note(
        store,
        replace(
            known,
            feed=known.feed and not feed,
            system_search=known.system_search and not system_search,
        ),
    )


def note(store: Store, abilities: Abilities) -> Abilities:
    """Keep it."""
    with store.write() as tx:
        tx.set_setting(NAME, msgspec.json.encode(abilities))
    return abilities


def _of(capability: Capability, now: Instant) -> Abilities:
    return Abilities(now, capability.feed, "search-system" in capability.interactions)


def _read(body: bytes | None) -> Abilities | None:
    return None if body is None else msgspec.json.decode(body, type=Abilities)

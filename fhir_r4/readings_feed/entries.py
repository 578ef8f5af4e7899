"""What the feed says of an Observation: its readings as the engine is handed them, or the whole resource.

An Observation that says more than its readings do, or has none that can be judged, travels as its JSON. So a
cache holds the same whether it was filled by the feed or by search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from fhir_r4.errors import BadElement
from fhir_r4.observations import AHEAD, Comparator, Observed, observed_of
from fhir_r4.raw import Raw, text_at
from fhir_r4.told_readings import is_told
from threshold_engine.model import Instant, Value
from threshold_engine.readings import Reading

MEDIA_TYPE: Final = "application/vnd.triage-tui.readings"
"""Of a page."""
LARGEST_PAGE: Final = 20_000
"""Readings that a page holds."""
MOST_PARTS: Final = 200
"""Parts of one Observation; with more it travels as JSON."""
LONGEST_SUFFIX: Final = 200
"""Characters after what the ids of an Observation's readings have in common."""

_SAID_BY_READINGS: Final = frozenset(
    (
        "resourceType",
        "id",
        "meta",
        "text",
        "language",
        "identifier",
        "basedOn",
        "partOf",
        "status",
        "category",
        "code",
        "subject",
        "encounter",
        "effectiveDateTime",
        "effectiveInstant",
        "effectivePeriod",
        "issued",
        "performer",
        "device",
        "method",
        "component",
        "derivedFrom",
    )
)
"""Members, beside `value[x]`, that nobody misses who has the readings; with another the resource is sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """One reading of an Observation."""

    suffix: str
    """What comes after `Plain.base` in the reading's id."""
    code: str
    """Engine code."""
    value: Value
    unit: str | None = None
    comparator: Comparator | None = None
    display: str | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """An Observation of which its readings say all that is kept."""

    handle: int
    """The server's own number of the Observation: stays the same for all its versions."""
    id: str | None
    """Logical id; none where ids were left out."""
    version: int
    patient: str
    """Logical id."""
    status: str
    effective: Instant
    received: Instant | None
    base: str | None
    """What the readings' ids begin with; none for `Observation/<id>`, which then has its id."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Odd:
    """An Observation as its JSON, with its id and meta."""

    handle: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """An Observation that has been deleted."""

    handle: int
    id: str | None


Entry: TypeAlias = Plain | Odd | Gone


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed."""

    entries: tuple[Entry, ...]
    next: str
    """Opaque: where to go on, at once where there is more, else whenever news are wanted."""
    more: bool
    """Whether the next page is there already."""


def size_of(entry: Entry) -> int:
    """How many readings an entry counts for."""
    return len(entry.parts) if isinstance(entry, Plain) else 1


def entry_of(raw: Raw, body: bytes, *, handle: int, version: int, updated: Instant, with_id: bool) -> Entry:
    """What the feed says of an Observation; `body` is its JSON, `updated` its `lastUpdated`.

    `with_id`: whether its logical id is told, also where the ids of its readings don't need it.
    """
    # A reading without `issued` that is dated ahead counts once its time has come, which is for its judge
    # to say. What wasn't dated ahead when it came never is.
    found = _readings(raw, judged_at=updated - AHEAD)
    if not found or len(found) > MOST_PARTS or not all(map(_is_said, raw)) or is_told(raw):
        return Odd(handle, body)
    logical_id = str(raw["id"])
    own, first = f"Observation/{logical_id}", found[0].reading
    base = _common_base(own, found)
    suffixes = [one.reading.id[len(base) :] for one in found]
    if max(map(len, suffixes)) > LONGEST_SUFFIX:
        return Odd(handle, body)
    return Plain(
        handle=handle,
        id=logical_id if with_id or base == own else None,
        version=version,
        patient=first.patient,
        status=first.status,
        effective=first.effective,
        received=first.received,
        base=None if base == own else base,
        parts=tuple(
            Part(suffix, one.reading.code, one.reading.value, one.unit, one.comparator, one.display)
            for suffix, one in zip(suffixes, found, strict=True)
        ),
    )


def observed_in(entry: Plain) -> Iterator[Observed]:
    """The readings of an entry, as `fhir_r4.observations.observed_of` gives them."""
    own = f"Observation/{entry.id}" if entry.id is not None else ""
    base = own if entry.base is None else entry.base
    for part in entry.parts:
        reading = Reading(
            id=base + part.suffix,
            patient=entry.patient,
            code=part.code,
            value=part.value,
            effective=entry.effective,
            received=entry.received,
            status=entry.status,
        )
        yield Observed(reading, own, part.unit, part.comparator, part.display)


def _readings(raw: Raw, *, judged_at: Instant) -> list[Observed]:
    """All that an Observation gives; nothing where some of it can't be used."""
    if text_at(raw, "id") is None:
        return []
    try:
        found = observed_of(raw, judged_at=judged_at)
    except BadElement:
        return []
    usable = [one for one in found if isinstance(one, Observed)]
    return usable if len(usable) == len(found) else []


def _is_said(member: str) -> bool:
    return member in _SAID_BY_READINGS or member.startswith("value")


def _common_base(own: str, found: list[Observed]) -> str:
    """What the readings' ids have in common: the Observation's own, or its identifier."""
    ids = [one.reading.id for one in found]
    if all(one.startswith(own) for one in ids):
        return own
    first = ids[0].removesuffix(f"#{found[0].reading.code}")
    if all(one.startswith(first) for one in ids):
        return first
    return ""

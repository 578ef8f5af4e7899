"""What a server says that it can and can't do of what the sync asks for, told before the first nurse finds
out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fhir_r4.capability import Capability
from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, Refused
from fhir_r4.raw import text_at
from triage_tui.sync.kind_pages import OPTIONAL
from triage_tui.sync.walks import KINDS

_WRITTEN: Final = ("Task", "DetectedIssue", "Communication")
_SEARCHED: Final = (
    ("Task", "status"),
    ("Task", "identifier"),
    ("CarePlan", "patient"),
    ("Observation", "patient"),
    ("Observation", "date"),
    ("Communication", "identifier"),
)
"""Search parameters without which the sync can't do; others only make it quicker."""


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """What was found; None: nobody knows."""

    missing_types: tuple[str, ...]
    """Types that it doesn't name, and that the console can't do without."""
    passed_over: tuple[str, ...]
    """Types that it doesn't name, and that are left out."""
    missing_searches: tuple[str, ...]
    """`Type.parameter` that it doesn't name."""
    last_updated: bool | None
    """Whether it is searched by the time of the last change."""
    elements: bool | None
    """Whether it leaves out what isn't asked for."""
    if_match: bool
    """Whether a change can be refused because somebody else was quicker."""
    conditional_create: bool
    """Whether creating the same twice can be refused."""
    system_search: bool
    feed: bool


def check_declared(capability: Capability) -> ServerCheck:
    """By its CapabilityStatement alone."""
    absent = [kind.type for kind in KINDS if kind.type not in capability.types]
    declared = capability.searches("Task", "_lastUpdated") or None
    return ServerCheck(
        missing_types=tuple(one for one in absent if one not in OPTIONAL),
        passed_over=tuple(one for one in absent if one in OPTIONAL),
        missing_searches=tuple(
            f"{kind}.{param}"
            for kind, param in _SEARCHED
            if kind not in absent and not capability.searches(kind, param)
        ),
        last_updated=declared,
        elements=None,
        if_match=capability.of("Task").versioning == "versioned-update",
        conditional_create=all(capability.of(kind).conditional_create for kind in _WRITTEN),
        system_search="search-system" in capability.interactions,
        feed=capability.feed,
    )


def tried(client: FhirClient) -> tuple[bool | None, bool | None]:
    """Whether `_lastUpdated` with `_sort` and `_elements` work, by asking; None where that can't be told."""
    try:
        client.search("Task", {"_lastUpdated": "ge2000-01-01", "_sort": "_lastUpdated", "_count": 1})
        page = client.search("Patient", {"_elements": "id,meta", "_count": 1})
    except Refused:
        return False, None
    except FhirError:
        return None, None
    if not page.resources:
        return True, None
    return True, text_at(page.resources[0], "birthDate") is None and "name" not in page.resources[0]

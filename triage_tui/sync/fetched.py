"""A page on its way from the server to the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fhir_r4.raw import Raw
from fhir_r4.readings_feed import Plain
from local_store.records import Cursor


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, and how far it leads when it has been kept."""

    type: str
    """FHIR type, for showing."""
    resources: Sequence[Raw]
    cursor: str | None = None
    """Name of the walk whose progress it is; none for what is fetched beside the walks."""
    at: Cursor | None = None
    """How far that walk has come with this page."""
    entries: Sequence[Plain] = ()
    """Observations as the compact feed tells of them."""
    total: int | None = None
    """How many there are in all, where the server says."""

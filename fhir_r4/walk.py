"""What a walk through the pages of a search asks for. Source: "Pull" in docs/fhir.md."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

OVERLAP: Final = timedelta(seconds=60)
"""A walk begins this far before the newest row seen: rows committed late would be lost otherwise."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through the pages of a search, from where the last one got to."""

    cursor: str
    """Name under which its progress is kept: the type, or `Task:open`, `Task:closed`."""
    type: str
    params: tuple[tuple[str, str], ...]
    """What bounds it, beside `_lastUpdated`, `_sort` and `_count`."""
    count: int
    once: bool = False
    """Done for good when it has reached its end; the others go on from there in the next round."""
    by_patient: bool = False
    """Whether it can be walked for one patient at a time."""

    def of_patient(self, patient: str) -> Walk:
        """The same for one patient only."""
        return replace(self, params=(*self.params, ("patient", patient)), once=False, by_patient=False)

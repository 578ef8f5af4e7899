"""A version of a resource as the store gives it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from followup_server.moments import Micros
from followup_server.raw_json import Raw, decode


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a resource: its bytes as they go over the wire, with `id` and `meta` in them."""

    type_name: str
    id: str
    version: int
    updated: Micros
    body: bytes | None
    """None for the version that is a deletion."""

    @property
    def reference(self) -> str:
        """`Type/id`."""
        return f"{self.type_name}/{self.id}"

    @property
    def etag(self) -> str:
        """`W/"3"`."""
        return f'W/"{self.version}"'

    @property
    def raw(self) -> Raw:
        """The resource read; a new object each time. Only for versions that aren't deletions."""
        if self.body is None:
            raise ValueError(f"{self.reference} is deleted")
        return decode(self.body)


def stored_of(row: Row[*tuple[Any, ...]]) -> Stored:
    """The version in a row that begins with type, id, version, updated and body."""
    return Stored(row[0], row[1], row[2], row[3], None if row[4] is None else bytes(row[4]))


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write."""

    stored: Stored
    created: bool
    """Whether the resource is new; false for updates and for a conditional create that found one."""
    changed: bool = True
    """False where nothing was written, as when a conditional create found one."""

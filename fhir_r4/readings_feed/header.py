"""The header of a page: what its entries have in common, and how its columns are packed.

As JSON these are arrays, members in the order in which they stand here (docs/readings-feed.md).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import msgspec

from fhir_r4.observations import Comparator
from fhir_r4.readings_feed.entries import LARGEST_PAGE, MOST_PARTS
from fhir_r4.readings_feed.integers import IntColumn
from fhir_r4.readings_feed.texts import TextColumn

MAGIC: Final = b"TRF1"
"""What a page begins with: its kind and the version of its form."""
MOST_ROWS: Final = LARGEST_PAGE + MOST_PARTS
"""Entries, and readings, that a page may have."""


class EntryKind(IntEnum):
    """What an entry is."""

    PLAIN = 0
    ODD = 1
    GONE = 2


class ValueKind(IntEnum):
    """How a series holds its values."""

    NUMBER = 0
    """Millionths."""
    BOOLEAN = 1
    """0 or 1."""
    WORD = 2
    """A text, by its place among the words."""
    HUGE = 3
    """Millionths too many for a column, in digits, by their place among the words."""


class PartShape(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What a part is, but for its value."""

    suffix: str
    series: int
    unit: str | None
    comparator: Comparator | None
    display: str | None


class Shape(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What an entry is, but for its numbers and ids."""

    kind: EntryKind
    has_id: bool = False
    has_base: bool = False
    """Whether its readings' ids begin otherwise than with its own."""
    was_received: bool = False
    status: str = ""
    parts: tuple[PartShape, ...] = ()


class Series(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """All values of one code and kind."""

    code: str
    kind: ValueKind
    column: IntColumn


class Header(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The header; the columns' frames stand in the order of its members."""

    next: str
    more: bool
    rows: int
    shapes: tuple[Shape, ...]
    words: tuple[str, ...]
    shape: IntColumn
    """For each entry its place among the shapes."""
    handle: IntColumn
    version: IntColumn
    """This and what follows up to `bases` only for the entries that have it."""
    patient: IntColumn
    """Place among the patients."""
    effective: IntColumn
    """Milliseconds since 1970, UTC."""
    lag: IntColumn
    """Milliseconds from `effective` to `received`."""
    series: tuple[Series, ...]
    patients: TextColumn
    how_many_patients: int
    ids: TextColumn
    bases: TextColumn
    odd_sizes: IntColumn
    """Bytes of each odd entry's JSON, which follow one another in one frame."""
    odd: int
    """Bytes of that frame."""

"""How frozen dataclasses and raw JSON are kept in columns: JSON and zlib.

JSON and not MessagePack, because a number within the engine's range, in millionths, can pass 64 bits.
"""

from __future__ import annotations

import zlib
from typing import Final, TypeVar

import msgspec

from local_store.records import PlanRecord
from local_store.views import News2View, Person, PlanView, TimelineEntry, WeekTrend
from threshold_engine.model import Because, Episode
from work_items.model import Item

T = TypeVar("T")

_encoder: Final = msgspec.json.Encoder()
_decoders: Final[dict[type, msgspec.json.Decoder[object]]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (Because, Episode, Item, News2View, Person, PlanRecord, PlanView, TimelineEntry, WeekTrend)
}
_all_becauses: Final = msgspec.json.Decoder(tuple[Because, ...])


def pack(value: object) -> bytes:
    """A frozen dataclass (or a tuple of them) as bytes."""
    return _encoder.encode(value)


def unpack(kind: type[T], body: bytes) -> T:
    """The frozen dataclass again; a member that is missing gets its default, an unknown one is left out."""
    value = _decoders[kind].decode(body)
    if not isinstance(value, kind):
        raise TypeError(kind.__name__)
    return value


def unpack_or_none(kind: type[T], body: bytes | None) -> T | None:
    """The same for a column that may be empty."""
    return None if body is None else unpack(kind, body)


def unpack_becauses(body: bytes) -> tuple[Because, ...]:
    """All changes of an item's episode, oldest first."""
    return _all_becauses.decode(body)


def squeeze(raw: bytes) -> bytes:
    """Raw JSON, smaller: level 1 halves the time of the default and costs little room."""
    return zlib.compress(raw, 1)


def unsqueeze(body: bytes) -> bytes:
    """The raw JSON again, byte by byte."""
    return zlib.decompress(body)

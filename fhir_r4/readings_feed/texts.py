"""Columns of texts: ids and message numbers, taken apart into what they have in common, numbers and UUIDs.

`SIM1-00042-1772351234-spo2` is a pattern with four numbers, of which a column of such texts holds one that
changes; where that one follows the clock, as devices' message numbers often do, it costs nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from fhir_r4.errors import BadFeed
from fhir_r4.readings_feed.frames import FrameReader, FrameWriter
from fhir_r4.readings_feed.integers import IntColumn, fits, pack, unpack

_FIELD: Final = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[0-9]{1,18}", re.ASCII
)
_AS_UUID: Final = -1
_NUMBER: Final = 0
_MOST_FIELDS: Final = 8
_MOST_PATTERNS: Final = 512
_LONGEST_PATTERN: Final = 256
_WORTH_A_PATTERN: Final = 8
"""Texts from which a pattern has columns of its own."""
_UUID_BYTES: Final = 16

Pattern: TypeAlias = tuple[str | int, ...]
"""Texts, and between them fields: -1 a UUID, 0 a number, else a number zero-filled to so many digits."""


class NumberColumn(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A number field of a pattern."""

    by_clock: bool
    """Whether its numbers are differences to the seconds of the row's instant."""
    column: IntColumn


class PatternColumns(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A pattern with its fields."""

    pattern: Pattern
    numbers: tuple[NumberColumn, ...]
    uuids: tuple[int, ...]
    """Bytes of the frame of each UUID field."""


class TextColumn(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """How a column of texts is packed."""

    which: IntColumn
    """For each row 0: a text of its own, or the pattern's number from 1."""
    patterns: tuple[PatternColumns, ...]
    own: int
    """Bytes of the frame with the texts that have no pattern, as a JSON array."""


_Fields: TypeAlias = tuple[str, ...]


def pack_texts(texts: Sequence[str], seconds: Sequence[int], frames: FrameWriter) -> TextColumn:
    """Write a column; `seconds`: each row's instant in seconds."""
    taken = [_taken_apart(text) for text in texts]
    common = Counter(pattern for pattern, _ in taken if pattern is not None).most_common(_MOST_PATTERNS)
    numbers = {pattern: n for n, (pattern, rows) in enumerate(common, 1) if rows >= _WORTH_A_PATTERN}
    rows_of: dict[Pattern, list[tuple[_Fields, int]]] = {pattern: [] for pattern in numbers}
    which: list[int] = []
    own: list[str] = []
    for text, at, (pattern, fields) in zip(texts, seconds, taken, strict=True):
        if pattern is not None and pattern in numbers:
            which.append(numbers[pattern])
            rows_of[pattern].append((fields, at))
        else:
            which.append(0)
            own.append(text)
    column = pack(which, frames)
    patterns = tuple(_pack_pattern(pattern, rows, frames) for pattern, rows in rows_of.items())
    block = msgspec.json.encode(own) if own else b""
    return TextColumn(column, patterns, frames.add(frames.packed(block)))


def _taken_apart(text: str) -> tuple[Pattern | None, _Fields]:
    """A text's pattern and fields; no pattern where it has no field, too many, or too much else."""
    pattern: list[str | int] = []
    fields: list[str] = []
    end = 0
    for found in _FIELD.finditer(text):
        if found.start() > end:
            pattern.append(text[end : found.start()])
        end = found.end()
        field = found.group()
        fields.append(field)
        if found.group("uuid"):
            pattern.append(_AS_UUID)
        else:
            pattern.append(len(field) if field[0] == "0" else _NUMBER)
    if not fields or len(fields) > _MOST_FIELDS or len(text) > _LONGEST_PATTERN:
        return None, ()
    if end < len(text):
        pattern.append(text[end:])
    return tuple(pattern), tuple(fields)


def _pack_pattern(
    pattern: Pattern, rows: Sequence[tuple[_Fields, int]], frames: FrameWriter
) -> PatternColumns:
    numbers: list[NumberColumn] = []
    uuids: list[int] = []
    kinds = [part for part in pattern if isinstance(part, int)]
    for place, kind in enumerate(kinds):
        fields = [row[0][place] for row in rows]
        if kind == _AS_UUID:
            block = b"".join(bytes.fromhex(field.replace("-", "")) for field in fields)
            uuids.append(frames.add(frames.packed(block)))
        else:
            numbers.append(_pack_numbers(list(map(int, fields)), [row[1] for row in rows], frames))
    return PatternColumns(pattern, tuple(numbers), tuple(uuids))


def _pack_numbers(values: list[int], seconds: list[int], frames: FrameWriter) -> NumberColumn:
    by_clock = [value - second for value, second in zip(values, seconds, strict=True)]
    follows = max(by_clock) - min(by_clock) < max(values) - min(values) and all(map(fits, by_clock))
    return NumberColumn(follows, pack(by_clock if follows else values, frames))


def unpack_texts(column: TextColumn, rows: int, seconds: Sequence[int], frames: FrameReader) -> list[str]:
    """Read a column of so many rows. Raises BadFeed."""
    which = unpack(column.which, rows, frames)
    if len(column.patterns) > _MOST_PATTERNS or not all(0 <= one <= len(column.patterns) for one in which):
        raise BadFeed("a text has a pattern that there isn't")
    seconds_of: list[list[int]] = [[] for _ in range(len(column.patterns) + 1)]
    for one, at in zip(which, seconds, strict=True):
        seconds_of[one].append(at)
    texts = [
        iter(_unpack_pattern(pattern, its, frames))
        for pattern, its in zip(column.patterns, seconds_of[1:], strict=True)
    ]
    own = _own_texts(column, len(seconds_of[0]), frames)
    texts.insert(0, iter(own))
    return [next(texts[one]) for one in which]


def _own_texts(column: TextColumn, rows: int, frames: FrameReader) -> list[str]:
    block = frames.take(column.own)
    try:
        own = msgspec.json.decode(block, type=list[str]) if block else []
    except msgspec.MsgspecError:
        raise BadFeed("its texts can't be read") from None
    if len(own) != rows:
        raise BadFeed("it has another number of texts than of rows")
    return own


def _unpack_pattern(columns: PatternColumns, seconds: Sequence[int], frames: FrameReader) -> list[str]:
    pattern, rows = columns.pattern, len(seconds)
    kinds = [part for part in pattern if isinstance(part, int)]
    longest = sum(len(part) for part in pattern if isinstance(part, str))
    counts = (sum(kind != _AS_UUID for kind in kinds), sum(kind == _AS_UUID for kind in kinds))
    if counts != (len(columns.numbers), len(columns.uuids)) or not 0 < len(kinds) <= _MOST_FIELDS:
        raise BadFeed("a pattern has another number of fields than of columns")
    if longest > _LONGEST_PATTERN or not all(_AS_UUID <= kind <= 18 for kind in kinds):
        raise BadFeed("a pattern is out of bounds")
    numbers, uuids = iter(columns.numbers), iter(columns.uuids)
    fields: list[Sequence[str]] = []
    for part in pattern:
        if isinstance(part, str):
            fields.append([part] * rows)
        elif part == _AS_UUID:
            block = frames.take(next(uuids), rows * _UUID_BYTES)
            fields.append(
                [str(UUID(bytes=block[at : at + _UUID_BYTES])) for at in range(0, len(block), _UUID_BYTES)]
            )
        else:
            fields.append(_unpack_numbers(next(numbers), part, seconds, frames))
    return list(map("".join, zip(*fields, strict=True)))


def _unpack_numbers(
    column: NumberColumn, digits: int, seconds: Sequence[int], frames: FrameReader
) -> list[str]:
    values = unpack(column.column, len(seconds), frames)
    if column.by_clock:
        values = [value + second for value, second in zip(values, seconds, strict=True)]
    return [str(value).zfill(digits) for value in values]

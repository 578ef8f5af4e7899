"""Columns of integers: as differences or as they are, in their largest common unit, plane by plane."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from math import gcd
from operator import sub
from typing import Final

import msgspec

from fhir_r4.errors import BadFeed
from fhir_r4.readings_feed.frames import FrameReader, FrameWriter

LARGEST: Final = 2**62
"""Integers of a column lie between minus and plus this."""

_TYPES: Final = {1: "b", 2: "h", 4: "i", 8: "q"}
_TRIED_FROM: Final = 64
"""Rows from which it is worth while to try both forms."""


class IntColumn(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """How a column of integers is packed."""

    by_difference: bool
    """Whether its numbers are differences to the row before."""
    base: int
    """The first row's value, or else the least."""
    unit: int
    """What the packed numbers have been divided by."""
    width: int
    """Bytes a number: 0 (all are 0, and there is no frame), 1, 2, 4 or 8."""
    size: int
    """Bytes of its frame."""


def fits(value: int) -> bool:
    """Whether a column can hold an integer."""
    return -LARGEST < value < LARGEST


def pack(values: Sequence[int], frames: FrameWriter) -> IntColumn:
    """Write a column; all of its values fit."""
    if not values:
        return IntColumn(False, 0, 1, 0, 0)
    column, frame = _as_differences(values, frames)
    if column.width and len(values) >= _TRIED_FROM:
        other, its_frame = _as_they_are(values, frames)
        if len(its_frame) < len(frame):
            column, frame = other, its_frame
    frames.add(frame)
    return column


def _as_differences(values: Sequence[int], frames: FrameWriter) -> tuple[IntColumn, bytes]:
    numbers = list(map(sub, values[1:], values))
    unit, width, frame = _packed(numbers, frames)
    return IntColumn(True, values[0], unit, width, len(frame)), frame


def _as_they_are(values: Sequence[int], frames: FrameWriter) -> tuple[IntColumn, bytes]:
    base = min(values)
    unit, width, frame = _packed([value - base for value in values], frames)
    return IntColumn(False, base, unit, width, len(frame)), frame


def _packed(numbers: list[int], frames: FrameWriter) -> tuple[int, int, bytes]:
    """The unit of the numbers, their width, and the frame."""
    unit = gcd(*numbers)
    if unit == 0:
        return 1, 0, b""
    if unit > 1:
        numbers = [number // unit for number in numbers]
    least, greatest = min(numbers), max(numbers)
    width = next(one for one in _TYPES if -(1 << (8 * one - 1)) <= least and greatest < 1 << (8 * one - 1))
    return unit, width, frames.packed(_planes(array(_TYPES[width], numbers), width))


def _planes(numbers: array[int], width: int) -> bytes:
    """All lowest bytes, then all second ones, and so on: a plane is more alike than a number's bytes are."""
    if sys.byteorder == "big":
        numbers.byteswap()
    whole = numbers.tobytes()
    return whole if width == 1 else b"".join(whole[at::width] for at in range(width))


def unpack(column: IntColumn, rows: int, frames: FrameReader) -> list[int]:
    """Read a column of so many rows. Raises BadFeed."""
    if not rows:
        if column.size:
            raise BadFeed("a column without rows has a block")
        return []
    if not (fits(column.base) and 0 < column.unit < 4 * LARGEST):
        raise BadFeed("a column's base or unit is out of bounds")
    count = rows - 1 if column.by_difference else rows
    numbers = _numbers(column, count, frames)
    if column.by_difference:
        values = list(accumulate(numbers, initial=column.base))
    else:
        values = [column.base + number for number in numbers]
    if not (fits(min(values)) and fits(max(values))):
        raise BadFeed("a column's values are out of bounds")
    return values


def _numbers(column: IntColumn, count: int, frames: FrameReader) -> Sequence[int]:
    width, unit = column.width, column.unit
    if not width:
        frames.take(column.size, 0)
        return [0] * count
    if width not in _TYPES:
        raise BadFeed("a column has a width that there isn't")
    planes = frames.take(column.size, count * width)
    whole = bytearray(planes)
    if width > 1:
        for at in range(width):
            whole[at::width] = planes[at * count : (at + 1) * count]
    numbers = array(_TYPES[width], bytes(whole))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers if unit == 1 else [number * unit for number in numbers]

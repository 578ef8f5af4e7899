"""A page's bytes → entries. What isn't a page, or a damaged one, is refused in bounded time and memory."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from fhir_r4.errors import BadFeed
from fhir_r4.readings_feed.entries import LONGEST_SUFFIX, Entry, Gone, Odd, Page, Part, Plain
from fhir_r4.readings_feed.frames import FrameReader
from fhir_r4.readings_feed.header import (
    MAGIC,
    MOST_ROWS,
    EntryKind,
    Header,
    PartShape,
    Series,
    Shape,
    ValueKind,
)
from fhir_r4.readings_feed.integers import unpack
from fhir_r4.readings_feed.texts import unpack_texts
from threshold_engine.model import Value

_HEAD: Final = 12
_decoder: Final = msgspec.json.Decoder(Header)
_Take = Callable[[], Value]


def decode(data: bytes) -> Page:
    """A page of the feed.

    Raises:
        BadFeed: It is none, or a damaged one. Never more than 96 MiB are unpacked.
    """
    view = memoryview(data)
    if data[:4] != MAGIC:
        raise BadFeed("it doesn't begin as one of this version does")
    if len(data) < _HEAD or int.from_bytes(data[4:8], "little") != zlib.crc32(view[8:]):
        raise BadFeed("it isn't whole")
    frames = FrameReader(view[_HEAD:])
    try:
        header = _decoder.decode(frames.take(int.from_bytes(data[8:12], "little")))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadFeed("its header can't be read") from None
    entries = tuple(_PageReader(header, frames).entries())
    return Page(entries, header.next, header.more)


class _PageReader:
    def __init__(self, header: Header, frames: FrameReader) -> None:
        self._header, self._frames = header, frames
        self._versions: Iterator[int] = iter(())
        self._instants: Iterator[int] = iter(())
        self._lags: Iterator[int] = iter(())
        self._patients: Iterator[str] = iter(())
        self._ids: Iterator[str] = iter(())
        self._bases: Iterator[str] = iter(())

    def entries(self) -> Iterator[Entry]:
        header, frames = self._header, self._frames
        _check_shapes(header)
        which = unpack(header.shape, header.rows, frames)
        _check_places(which, len(header.shapes))
        shapes = [header.shapes[one] for one in which]
        plain = [shape for shape in shapes if shape.kind is EntryKind.PLAIN]
        handles = unpack(header.handle, header.rows, frames)
        self._versions = iter(unpack(header.version, len(plain), frames))
        patient_of = unpack(header.patient, len(plain), frames)
        effective = unpack(header.effective, len(plain), frames)
        self._instants = iter(effective)
        self._lags = iter(unpack(header.lag, sum(shape.was_received for shape in plain), frames))
        parts = self._parts(which)
        self._patients = self._patients_in(patient_of)
        self._ids, self._bases = self._texts(shapes, effective)
        odd = self._odd(sum(shape.kind is EntryKind.ODD for shape in shapes))
        frames.check_ended()
        for handle, one, shape in zip(handles, which, shapes, strict=True):
            if shape.kind is EntryKind.PLAIN:
                yield self._plain(handle, shape, parts[one])
            elif shape.kind is EntryKind.ODD:
                yield Odd(handle, next(odd))
            else:
                yield Gone(handle, next(self._ids) if shape.has_id else None)

    def _plain(self, handle: int, shape: Shape, parts: Sequence[tuple[PartShape, str, _Take]]) -> Plain:
        """The next plain entry, from the next row of each of its columns."""
        at = next(self._instants)
        return Plain(
            handle=handle,
            id=next(self._ids) if shape.has_id else None,
            version=next(self._versions),
            patient=next(self._patients),
            status=shape.status,
            effective=at,
            received=at + next(self._lags) if shape.was_received else None,
            base=next(self._bases) if shape.has_base else None,
            parts=tuple(
                Part(part.suffix, code, take(), part.unit, part.comparator, part.display)
                for part, code, take in parts
            ),
        )

    def _parts(self, which: Sequence[int]) -> list[list[tuple[PartShape, str, _Take]]]:
        """For each shape its parts, each with its code and what gives its next value."""
        header = self._header
        rows: Counter[int] = Counter()
        for place, times in Counter(which).items():
            for part in header.shapes[place].parts:
                rows[part.series] += times
        if rows.total() > MOST_ROWS:
            raise BadFeed("it has too many readings")
        takes = [iter(self._values(series, rows[n])).__next__ for n, series in enumerate(header.series)]
        return [
            [(part, header.series[part.series].code, takes[part.series]) for part in shape.parts]
            for shape in header.shapes
        ]

    def _values(self, series: Series, rows: int) -> Sequence[Value]:
        numbers = unpack(series.column, rows, self._frames)
        words = self._header.words
        match series.kind:
            case ValueKind.NUMBER:
                return numbers
            case ValueKind.BOOLEAN:
                _check_places(numbers, 2)
                return list(map(bool, numbers))
        _check_places(numbers, len(words))
        if series.kind is ValueKind.WORD:
            return [words[number] for number in numbers]
        try:
            return [int(words[number]) for number in numbers]
        except ValueError:
            raise BadFeed("a huge number isn't one") from None

    def _patients_in(self, patient_of: Sequence[int]) -> Iterator[str]:
        count = self._header.how_many_patients
        if not 0 <= count <= len(patient_of):
            raise BadFeed("it has more patients than readings")
        patients = unpack_texts(self._header.patients, count, [0] * count, self._frames)
        _check_places(patient_of, len(patients))
        return map(patients.__getitem__, patient_of)

    def _texts(
        self, shapes: Sequence[Shape], effective: Sequence[int]
    ) -> tuple[Iterator[str], Iterator[str]]:
        """Logical ids, and what the readings' ids begin with, of the entries that have them."""
        instants = iter(effective)
        seconds = [next(instants) // 1000 if shape.kind is EntryKind.PLAIN else 0 for shape in shapes]
        pairs = list(zip(shapes, seconds, strict=True))
        of_ids = [at for shape, at in pairs if shape.has_id]
        of_bases = [at for shape, at in pairs if shape.has_base]
        ids = unpack_texts(self._header.ids, len(of_ids), of_ids, self._frames)
        return iter(ids), iter(unpack_texts(self._header.bases, len(of_bases), of_bases, self._frames))

    def _odd(self, rows: int) -> Iterator[bytes]:
        sizes = unpack(self._header.odd_sizes, rows, self._frames)
        block = self._frames.take(self._header.odd, sum(sizes))
        ends = [0]
        for size in sizes:
            if size < 0:
                raise BadFeed("a size is below nothing")
            ends.append(ends[-1] + size)
        return (block[start:end] for start, end in pairwise(ends))


def _check_shapes(header: Header) -> None:
    if not 0 <= header.rows <= MOST_ROWS:
        raise BadFeed("it has too many rows")
    for shape in header.shapes:
        is_plain = shape.kind is EntryKind.PLAIN
        if is_plain and not (shape.has_id or shape.has_base):
            raise BadFeed("a reading's id is missing")
        if (not is_plain and (shape.has_base or shape.was_received or shape.parts)) or (
            shape.kind is EntryKind.ODD and shape.has_id
        ):
            raise BadFeed("an entry says what it can't say")
        if any(len(part.suffix) > LONGEST_SUFFIX for part in shape.parts):
            raise BadFeed("the end of an id is out of bounds")
        _check_places([part.series for part in shape.parts], len(header.series))


def _check_places(numbers: Sequence[int], count: int) -> None:
    """Raises BadFeed where a number is no place in a list of so many."""
    if numbers and not (min(numbers) >= 0 and max(numbers) < count):
        raise BadFeed("it refers to something that isn't there")

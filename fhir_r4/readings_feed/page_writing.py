"""Entries → a page's bytes."""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from fhir_r4.readings_feed.entries import Gone, Odd, Page, Part, Plain
from fhir_r4.readings_feed.frames import FrameWriter
from fhir_r4.readings_feed.header import (
    MAGIC,
    EntryKind,
    Header,
    PartShape,
    Series,
    Shape,
    ValueKind,
)
from fhir_r4.readings_feed.integers import fits, pack
from fhir_r4.readings_feed.texts import pack_texts
from threshold_engine.model import Instant, Value

_encoder: Final = msgspec.json.Encoder()


def encode(page: Page) -> bytes:
    """A page's bytes. Handles, versions and instants are below 2^61, and there are at most `MOST_ROWS`."""
    return _PageWriter().write(page)


class _PageWriter:
    def __init__(self) -> None:
        self._shapes: dict[object, int] = {}
        self._shape_list: list[Shape] = []
        self._words: dict[str, int] = {}
        self._series: dict[tuple[str, ValueKind], int] = {}
        self._values: list[list[int]] = []
        self._patients: dict[str, int] = {}
        self._shape: list[int] = []
        self._handle: list[int] = []
        self._version: list[int] = []
        self._patient: list[int] = []
        self._effective: list[Instant] = []
        self._lag: list[int] = []
        self._ids: list[tuple[str, int]] = []
        self._bases: list[tuple[str, int]] = []
        self._odd: list[bytes] = []

    def write(self, page: Page) -> bytes:
        for entry in page.entries:
            self._handle.append(entry.handle)
            if isinstance(entry, Plain):
                self._plain(entry)
            elif isinstance(entry, Odd):
                self._shape.append(self._number((EntryKind.ODD,), Shape(EntryKind.ODD)))
                self._odd.append(entry.raw)
            else:
                self._gone(entry)
        frames = FrameWriter()
        header = frames.packed(_encoder.encode(self._header(page, frames)))
        body = len(header).to_bytes(4, "little") + header + frames.joined()
        return MAGIC + zlib.crc32(body).to_bytes(4, "little") + body

    def _header(self, page: Page, frames: FrameWriter) -> Header:
        return Header(
            next=page.next,
            more=page.more,
            rows=len(page.entries),
            shapes=tuple(self._shape_list),
            words=tuple(self._words),
            shape=pack(self._shape, frames),
            handle=pack(self._handle, frames),
            version=pack(self._version, frames),
            patient=pack(self._patient, frames),
            effective=pack(self._effective, frames),
            lag=pack(self._lag, frames),
            series=tuple(
                Series(code, kind, pack(self._values[n], frames)) for (code, kind), n in self._series.items()
            ),
            patients=pack_texts(list(self._patients), [0] * len(self._patients), frames),
            how_many_patients=len(self._patients),
            ids=pack_texts([text for text, _ in self._ids], [at for _, at in self._ids], frames),
            bases=pack_texts([text for text, _ in self._bases], [at for _, at in self._bases], frames),
            odd_sizes=pack(list(map(len, self._odd)), frames),
            odd=frames.add(frames.packed(b"".join(self._odd))),
        )

    def _plain(self, entry: Plain) -> None:
        second = entry.effective // 1000
        if entry.id is not None:
            self._ids.append((entry.id, second))
        if entry.base is not None:
            self._bases.append((entry.base, second))
        self._version.append(entry.version)
        self._patient.append(self._patients.setdefault(entry.patient, len(self._patients)))
        self._effective.append(entry.effective)
        if entry.received is not None:
            self._lag.append(entry.received - entry.effective)
        parts = tuple(map(self._part, entry.parts))
        known = (entry.id is None, entry.base is None, entry.received is None, entry.status, parts)
        number = self._shapes.get(known)
        if number is None:
            number = self._number(known, _shape_of(entry, parts))
        self._shape.append(number)

    def _part(self, part: Part) -> tuple[str, int, str | None, str | None, str | None]:
        kind, number = self._coded(part.value)
        series = self._series.get((part.code, kind))
        if series is None:
            series = self._series[part.code, kind] = len(self._values)
            self._values.append([])
        self._values[series].append(number)
        return part.suffix, series, part.unit, part.comparator, part.display

    def _coded(self, value: Value) -> tuple[ValueKind, int]:
        if isinstance(value, bool):
            return ValueKind.BOOLEAN, int(value)
        if isinstance(value, str):
            return ValueKind.WORD, self._word(value)
        return (ValueKind.NUMBER, value) if fits(value) else (ValueKind.HUGE, self._word(str(value)))

    def _word(self, word: str) -> int:
        return self._words.setdefault(word, len(self._words))

    def _gone(self, entry: Gone) -> None:
        has_id = entry.id is not None
        if entry.id is not None:
            self._ids.append((entry.id, 0))
        self._shape.append(self._number((EntryKind.GONE, has_id), Shape(EntryKind.GONE, has_id)))

    def _number(self, known: object, shape: Shape) -> int:
        """The number of a shape, made if there is none yet."""
        if known not in self._shapes:
            self._shapes[known] = len(self._shape_list)
            self._shape_list.append(shape)
        return self._shapes[known]


def _shape_of(entry: Plain, parts: tuple[tuple[str, int, str | None, str | None, str | None], ...]) -> Shape:
    return Shape(
        EntryKind.PLAIN,
        has_id=entry.id is not None,
        has_base=entry.base is not None,
        was_received=entry.received is not None,
        status=entry.status,
        parts=tuple(
            PartShape(suffix, series, unit, part.comparator, display)
            for (suffix, series, unit, _, display), part in zip(parts, entry.parts, strict=True)
        ),
    )

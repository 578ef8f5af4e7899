"""The blocks of a page: zstd frames one after another, bounded when they are unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_r4.errors import BadFeed

if TYPE_CHECKING:
    import zstandard

LARGEST_UNPACKED: Final = 96 * 1024 * 1024
"""Bytes that all frames of a page may unpack to: room for one Observation as large as a server takes."""
_LEVEL: Final = 9


class FrameWriter:
    """Packs blocks."""

    def __init__(self) -> None:
        import zstandard  # noqa: PLC0415 - nothing else here needs it, and importing it takes time

        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True)
        self._frames: list[bytes] = []

    def packed(self, block: bytes) -> bytes:
        """A block as a frame, not added yet; an empty one as nothing."""
        return self._compressor.compress(block) if block else b""

    def add(self, frame: bytes) -> int:
        """Add a frame as the next one; gives its size."""
        self._frames.append(frame)
        return len(frame)

    def joined(self) -> bytes:
        """All frames."""
        return b"".join(self._frames)


class FrameReader:
    """Takes frames off the front of a page, each of a size and content that the caller knows."""

    def __init__(self, data: memoryview) -> None:
        import zstandard  # noqa: PLC0415 - as above

        self._zstd = zstandard
        self._decompressor: zstandard.ZstdDecompressor = zstandard.ZstdDecompressor()
        self._data = data
        self._left = LARGEST_UNPACKED

    def take(self, size: int, expected: int | None = None) -> bytes:
        """The block in the next frame of `size` bytes, which unpacks to `expected` bytes (None: any number).

        Raises BadFeed, before anything is allocated for a block that is too large.
        """
        if size < 0 or size > len(self._data):
            raise BadFeed("a block reaches beyond its end")
        frame, self._data = self._data[:size], self._data[size:]
        if not size:
            if expected:
                raise BadFeed("a block is missing")
            return b""
        try:
            promised = self._zstd.frame_content_size(frame)
            if not 0 <= promised <= self._left or (expected is not None and promised != expected):
                raise BadFeed("a block hasn't the size that it should have")
            self._left -= promised
            return self._decompressor.decompress(frame, max_output_size=promised, allow_extra_data=False)
        except self._zstd.ZstdError:
            raise BadFeed("a block can't be unpacked") from None

    def check_ended(self) -> None:
        """Raises BadFeed if there is more than the caller has taken."""
        if self._data:
            raise BadFeed("there is something behind its end")

"""Files of FHIR resources: a bundle or a resource as JSON, or NDJSON with one a line; gzip too; of any size.

A line, a small document, or an entry of a large bundle is in memory at a time. What can't be read is told
with its place, `file:line`, and reading goes on.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Final, TypeAlias, cast

from followup_server.bulk.bundles import BundleCutter
from followup_server.bulk.sources import Found, Unreadable, expanded, resource_in, targets_in
from followup_server.bulk.targets import TargetsOnDisk
from followup_server.http.limits import Limits
from followup_server.http.received import read_object
from followup_server.problems import InvalidJson
from followup_server.raw_json import Raw, decode

LARGEST_PIECE: Final = 64 * 1024 * 1024
"""Bytes of a line, or of a document that is read as a whole."""

BytesRead: TypeAlias = Callable[[int], None]
"""Told how many bytes of the files have been read."""

_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DEEPEST: Final = Limits().json_depth
_NOT_FHIR: Final = "isn't FHIR as JSON or NDJSON"


def total_size(files: Iterable[Path]) -> int:
    """Bytes of all files; what can't be looked at counts for nothing."""
    return sum(path.stat().st_size for path in files if path.is_file())


def resources_in(files: Iterable[Path], told: BytesRead | None = None) -> Iterator[Found | Unreadable]:
    """The resources of all files and of the bundles in them."""
    before = 0
    for path in files:
        try:
            with path.open("rb") as file:
                packed = file.read(2) == _GZIP
                file.seek(0)
                with gzip.GzipFile(fileobj=file) if packed else nullcontext(file) as text:
                    for found in _read(cast(IO[bytes], text), path):
                        if told is not None:
                            told(before + file.tell())
                        yield found
            before += path.stat().st_size
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or "it is damaged"
            yield Unreadable(str(path), f"can't be read: {reason}")


def _read(file: IO[bytes], path: Path) -> Iterator[Found | Unreadable]:
    if _has_lines(file):
        yield from _lines(file, path)
        return
    _to_start(file)
    size = len(document := file.read(LARGEST_PIECE + 1))
    if size > LARGEST_PIECE:
        del document
        yield from _large_bundle(file, path)
        return
    try:
        raw = _object(document)
    except InvalidJson as error:
        yield Unreadable(str(path), f"{_NOT_FHIR} ({error.why})")
        return
    del document  # it needn't be in memory while its resources are loaded
    yield from expanded(raw, str(path), size)


def _has_lines(file: IO[bytes]) -> bool:
    """Whether there is a resource on the first line or, should that one be faulty, on the second."""
    _to_start(file)
    lines = (line for line in iter(lambda: file.readline(LARGEST_PIECE), b"") if line.strip())
    return any(_decoded(line) is not None for line, _ in zip(lines, range(2), strict=False))


def _lines(file: IO[bytes], path: Path) -> Iterator[Found | Unreadable]:
    _to_start(file)
    number = 0
    while line := file.readline(LARGEST_PIECE):
        number += 1
        place = f"{path}:{number}"
        if len(line) == LARGEST_PIECE and not line.endswith(b"\n"):
            while (rest := file.readline(LARGEST_PIECE)) and not rest.endswith(b"\n"):
                pass
            yield Unreadable(place, "is too long; put each of its resources on a line of its own")
        elif line.strip():
            try:
                raw = _object(line)
            except InvalidJson as error:
                yield Unreadable(place, f"isn't FHIR as JSON ({error.why})")
            else:
                yield from expanded(raw, place, len(line))


def _large_bundle(file: IO[bytes], path: Path) -> Iterator[Found | Unreadable]:
    """Twice through the file: first for what references between its entries mean, then for the entries."""
    with TargetsOnDisk() as targets:
        if not _bundle_to(targets, file):
            yield Unreadable(str(path), _NOT_FHIR)
            return
        _to_start(file)
        for n, entry in enumerate(BundleCutter(file), start=1):
            place = f"{path}, entry {n}"
            try:
                raw = resource_in(_object(entry), targets)
            except InvalidJson as error:
                yield Unreadable(place, f"isn't FHIR as JSON ({error.why})")
            else:
                if raw is not None:
                    yield Found(raw, place, len(entry))


def _bundle_to(targets: TargetsOnDisk, file: IO[bytes]) -> bool:
    """Note what the entries of a bundle are known as; whether it is a bundle."""
    _to_start(file)
    cutter = BundleCutter(file)
    try:
        for entry in cutter:
            targets.add(targets_in(_decoded(entry) or {}))
        return cutter.envelope.get("resourceType") == "Bundle"
    except InvalidJson:
        return False


def _to_start(file: IO[bytes]) -> None:
    """To the first byte behind a byte order mark, if there is one."""
    file.seek(0)
    if file.read(len(_BYTE_ORDER_MARK)) != _BYTE_ORDER_MARK:
        file.seek(0)


def _object(text: bytes) -> Raw:
    """The JSON object, with the same refused as over HTTP. Raises InvalidJson."""
    return read_object(text, _DEEPEST)


def _decoded(text: bytes) -> Raw | None:
    """Any JSON object, or none where it isn't one: for a first look, before it is read in earnest."""
    try:
        return decode(text)
    except InvalidJson:
        return None

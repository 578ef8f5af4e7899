"""Files of FHIR resources: a bundle or a resource as JSON, or NDJSON with one a line; gzip too."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, cast

from followup_server.bulk import NOTHING_LOADED
from followup_server.problems import BulkError, InvalidJson
from followup_server.raw_json import Raw, decode

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def resources_in(files: Iterable[Path]) -> Iterator[Raw]:
    """The resources and bundles of all files, as they stand there. Raises BulkError naming file and line."""
    for path in files:
        try:
            with path.open("rb") as file:
                packed = file.read(2) == _GZIP
                file.seek(0)
                with gzip.GzipFile(fileobj=file) if packed else nullcontext(file) as text:
                    yield from _read(cast(IO[bytes], text), path)
        except (OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or "it is damaged"
            raise BulkError(f"{path} can't be read: {reason}.", NOTHING_LOADED) from error


def _read(file: IO[bytes], path: Path) -> Iterator[Raw]:
    first = file.readline().removeprefix(_BYTE_ORDER_MARK)
    while first.isspace():
        first = file.readline()
    try:
        whole = decode(first)
    except InvalidJson:
        yield _one(first + file.read(), path, "")
        return
    yield whole
    for number, line in enumerate(file, start=2):
        if line.strip():
            yield _one(line, path, f", line {number}")


def _one(text: bytes, path: Path, where: str) -> Raw:
    try:
        return decode(text)
    except InvalidJson as error:
        raise BulkError(f"{path}{where} isn't FHIR as JSON or NDJSON.", NOTHING_LOADED) from error

"""Versions and their ETags: which one a client means, and what the server says of each in `meta`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from followup_server.moments import Micros, format_micros
from followup_server.problems import InvalidContent, PreconditionFailed
from followup_server.raw_json import Raw

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Current:
    """The row of a resource as it stands before a write."""

    rid: int
    version: int
    updated: Micros
    deleted: bool
    patient: str | None
    body: bytes | None


def read_etag(value: str) -> int | None:
    """The version in `W/"3"`, -1 for one that we never gave, None for `*` (any version)."""
    if value.strip() == "*":
        return None
    match = _ETAG.fullmatch(value.strip())
    if match is None:
        raise InvalidContent('If-Match takes an ETag like W/"3".')
    return int(match[1]) if match[1].isascii() and match[1].isdigit() and len(match[1]) < 10 else -1


def stamped(raw: Raw, logical: str, version: int, updated: Micros) -> Raw:
    """The resource with its id and its meta's versionId and lastUpdated set; the rest of meta is kept."""
    meta = raw.get("meta")
    kept = meta if isinstance(meta, dict) else {}
    return {
        "resourceType": raw["resourceType"],
        "id": logical,
        "meta": {**kept, "versionId": str(version), "lastUpdated": format_micros(updated)},
        **{name: value for name, value in raw.items() if name not in ("resourceType", "id", "meta")},
    }


def check_match(type_name: str, logical: str, current: Current | None, if_match: str) -> None:
    """Raises PreconditionFailed if the current version isn't the one that an If-Match names."""
    wanted = read_etag(if_match)
    if current is None or current.deleted:
        raise PreconditionFailed(f"There is no {type_name}/{logical} that If-Match could be about.")
    if wanted is not None and wanted != current.version:
        raise PreconditionFailed(
            f"{type_name}/{logical} has changed meanwhile: it is at version {current.version}. Read it again."
        )

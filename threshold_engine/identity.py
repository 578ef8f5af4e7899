"""Ids that every machine computes alike."""

from __future__ import annotations

from typing import Final

from threshold_engine.instants import format_instant
from threshold_engine.model import Instant

NAMESPACE: Final = "6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11"
"""Namespace of every UUIDv5 name of this product."""

_NAMESPACE: Final = bytes.fromhex(NAMESPACE.replace("-", ""))


def named_uuid(name: str) -> str:
    """The UUIDv5 of a name in the product's namespace (RFC 4122, section 4.3)."""
    from hashlib import sha1  # noqa: PLC0415 - loads a cryptographic library that reading a plan doesn't need

    digest = bytearray(sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def episode_id(patient: str, rule: str, onset: Instant) -> str:
    """UUIDv5 of `<patient>/<rule>/<onset>`, so that two machines give an episode one id."""
    return named_uuid(f"{patient}/{rule}/{format_instant(onset)}")

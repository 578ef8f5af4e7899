"""Ids that every machine computes alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from threshold_engine.instants import format_instant
from threshold_engine.model import Instant

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

NAMESPACE: Final = "6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11"
"""Namespace of every UUIDv5 name of this product."""

_NAMESPACE: Final = bytes.fromhex(NAMESPACE.replace("-", ""))


def named_uuid(name: str) -> str:
    """The UUIDv5 of a name in the product's namespace (RFC 4122, section 4.3)."""
    text = _sha1()(_NAMESPACE + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


@cache
def _sha1() -> Callable[..., Hash]:
    from hashlib import sha1  # noqa: PLC0415 - loads a cryptographic library that reading a plan doesn't need

    return sha1


def episode_id(patient: str, rule: str, onset: Instant) -> str:
    """UUIDv5 of `<patient>/<rule>/<onset>`, so that two machines give an episode one id."""
    return named_uuid(f"{patient}/{rule}/{format_instant(onset)}")

"""Ids that every machine computes alike."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from threshold_engine.instants import format_instant
from threshold_engine.model import Instant

NAMESPACE: Final = UUID("6f1d3a52-58a1-5c0e-9d0b-6a1f6c6b7e11")
"""Namespace of every UUIDv5 name of this product."""


def episode_id(patient: str, rule: str, onset: Instant) -> str:
    """UUIDv5 of `<patient>/<rule>/<onset>`, so that two machines give an episode one id."""
    return str(uuid5(NAMESPACE, f"{patient}/{rule}/{format_instant(onset)}"))

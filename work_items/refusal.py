"""Why something may not be done to an item, as data for the screens to put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from threshold_engine.model import Instant

RefusalReason: TypeAlias = Literal[
    "closed",
    "judge-only",
    "outcome-not-for-red",
    "red-needs-contact",
    "red-needs-contact-or-note",
    "until-is-past",
    "until-is-too-late",
    "closed-today",
    "not-blue",
    "mixed-kinds",
    "not-completed",
    "not-reopened",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that the rules don't allow, and what would be allowed instead."""

    reason: RefusalReason
    task: str | None = None
    """UUID of the item that stands in the way."""
    latest: Instant | None = None
    """For `until-is-too-late`: the last instant allowed."""

"""What the screens may know of the sync: one frozen picture, posted by the worker after each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from threshold_engine.model import Instant

StageKey: TypeAlias = Literal[
    "idle",
    "connecting",
    "pushing",
    "pulling",
    "reckoning",
    "offline",
    "login-needed",
    "refused",
]
"""What is going on: waiting for the next round, asking the server who it is, sending, fetching,
recomputing what the rows say, no answer from the server, waiting for a login (401 or 403), or a
server that answers but can't be synced with (`problem` says why)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a round has got to; the screens put the key into words."""

    key: StageKey
    kind: str | None = None
    """The FHIR type being fetched, while `key` is `pulling`."""
    done: int = 0
    total: int | None = None
    """How many resources or acts there are; none while the server hasn't said."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """How fresh the cache is, what has not been sent, and what the worker is doing."""

    online: bool
    """Whether the server answered when last asked."""
    last_sync: Instant | None
    """Of the last round that fetched everything."""
    offline_since: Instant | None
    pending: int
    """Acts that wait; rows of the access log aren't counted."""
    parked: int
    conflicts: int
    oldest_pending: Instant | None
    server_time_skew_ms: int | None
    """Server's clock minus ours."""
    disagreements: int = 0
    """Alerts that only this console or only the server finds, though everything has been fetched."""
    stage: Stage = Stage("idle")
    problem: str | None = None
    """One plain sentence with what to do, where the last round failed."""
    oldest_unsent: Instant | None = None
    """Of what waits, was refused or is in conflict."""

    @property
    def unsent(self) -> int:
        """Acts that the server doesn't have, whatever the reason."""
        return self.pending + self.parked + self.conflicts

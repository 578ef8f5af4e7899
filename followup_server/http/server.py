"""What the parts of the HTTP interface share: the store, who may call, and what happens after a write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from anyio import CapacityLimiter

from followup_server.http.auth import AuthMode
from followup_server.http.limits import Limits
from followup_server.storage.store import ResourceStore
from followup_server.writing.writes import WriteSession
from threshold_engine.model import Clock

_HEAVY_AT_ONCE: Final = 2
"""More of them wouldn't be done sooner, since Python runs one at a time, and everybody else would wait."""

T = TypeVar("T")


class Committing(Protocol):
    """Such as `GroupCommit.write`."""

    def __call__(self, work: Callable[[WriteSession], T]) -> T:
        """Do the work; gives what it gives and raises what it raises."""


@dataclass(frozen=True, slots=True)
class Server:
    """The running server's parts."""

    store: ResourceStore
    auth: AuthMode
    clock: Clock
    limits: Limits
    commit: Committing
    """Does what a request writes, in one transaction with others; then judges the patients touched."""
    heavy: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_HEAVY_AT_ONCE))
    """Threads for what takes long: its requests wait for one another, in order, and nobody else for them."""

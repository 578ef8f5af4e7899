"""What the parts of the HTTP interface share: the store, who may call, and what happens after a write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from followup_server.auth import AuthMode
from followup_server.limits import Limits
from followup_server.store import ResourceStore
from threshold_engine.model import Clock


@dataclass(frozen=True, slots=True)
class Server:
    """The running server's parts."""

    store: ResourceStore
    auth: AuthMode
    clock: Clock
    limits: Limits
    judge: Callable[[Collection[str]], None]
    """Judges these patients now, in the calling thread; never raises."""

"""What the parts of the HTTP interface share: the store, who may call, and what happens after a write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from followup_server.auth import AuthMode
from followup_server.limits import Limits
from followup_server.store import ResourceStore
from followup_server.writes import WriteSession
from threshold_engine.model import Clock

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

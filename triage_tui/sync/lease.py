"""One process at a time pushes, and one syncs in the background: leases in the store, by the real clock,
whatever clock the profile shows."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from typing import Final

from local_store import Store
from local_store.errors import StoreError
from local_store.snapshot import Snapshot
from triage_tui.sync.state import Stage

PUSH: Final = "push"
SYNC: Final = "sync"
LASTS_MS: Final = 60_000
"""Longer than one request may take; prolonged before each op."""

_PROLONG_S: Final = LASTS_MS / 3000

_given_up: Final[set[str]] = set()
"""Holders of this process who couldn't write that they hold it no longer: the disk was full."""


def real_time_ms() -> int:
    """The machine's clock in milliseconds: leases stay real where a demo's clock stands still."""
    return time.time_ns() // 1_000_000


class Lease:
    """The right to push or to sync, for one holder. A holder that was killed holds it no longer."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int] = real_time_ms,
        owner: str | None = None,
        *,
        name: str = PUSH,
    ) -> None:
        self._name = name
        self._store, self._clock = store, clock
        self._owner = owner or f"{os.getpid()}-{uuid.uuid4()}"

    def take(self) -> bool:
        """Take or prolong it; False where another holds it."""
        now = self._clock()
        with self._store.write() as tx:
            dead = _dead_holder(tx, self._name, now)
            if dead is not None:
                tx.release_lease(self._name, dead)
            return tx.take_lease(self._name, self._owner, now, now + LASTS_MS)

    def kept_up(
        self, progress: Callable[[Stage], None], elapsed: Callable[[], float] = time.monotonic
    ) -> Callable[[Stage], None]:
        """What tells of a round's progress, and prolongs the lease in time; `elapsed` counts seconds."""
        until = elapsed() + _PROLONG_S

        def told(stage: Stage) -> None:
            nonlocal until
            if elapsed() > until:
                self.take()
                until = elapsed() + _PROLONG_S
            progress(stage)

        return told

    def release(self) -> None:
        """Give it back, if it is ours. Raises StoreError; it is given up all the same, for this process."""
        try:
            with self._store.write() as tx:
                tx.release_lease(self._name, self._owner)
        except StoreError:
            _given_up.add(self._owner)
            raise


def _dead_holder(snapshot: Snapshot, name: str, now: int) -> str | None:
    """Who holds the lease, where that process is no more (the store is on this machine's own disk), or has
    given it up.
    """
    holder = snapshot.lease_holder(name, now)
    if holder in _given_up:
        return holder
    pid = (holder or "").partition("-")[0]
    if not pid.isdigit():
        return None
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return holder
    except PermissionError:
        return None  # somebody else's, and alive
    return None

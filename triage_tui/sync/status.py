"""The state of the sync as the screens get it, read from the cache."""

from __future__ import annotations

from local_store import Store
from triage_tui.sync.state import Stage, SyncState

_RESTING = Stage("idle")


def state_of(store: Store, stage: Stage = _RESTING, problem: str | None = None) -> SyncState:
    """What the cache says, with what is going on now."""
    status = store.status()
    return SyncState(
        online=status.offline_since is None and status.last_sync is not None,
        last_sync=status.last_sync,
        offline_since=status.offline_since,
        pending=status.pending,
        parked=status.parked,
        conflicts=status.conflicts,
        oldest_pending=status.oldest_pending,
        server_time_skew_ms=status.server_time_skew_ms,
        disagreements=status.disagreements,
        stage=stage,
        problem=problem,
        oldest_unsent=status.oldest_unsent,
    )

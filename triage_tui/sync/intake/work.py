"""DetectedIssue → episode; Tasks are put by `laid_over`, with what waits to be sent laid over them."""

from __future__ import annotations

from fhir_r4.issues import episode_of, is_ours
from fhir_r4.raw import Raw
from fhir_r4.tasks import focus_issue, state_of
from local_store.records import Kept
from local_store.snapshot import Snapshot
from local_store.transaction import Transaction


def take_issue(tx: Transaction, raw: Raw, kept: Kept) -> None:
    """Put a DetectedIssue: as an episode where it carries one. Raises BadElement."""
    episode = episode_of(raw) if is_ours(raw) else None
    if episode is None:
        tx.put_raw(kept)
    else:
        tx.put_episode(episode, kept)


def missing_issue(snapshot: Snapshot, raw: Raw) -> set[str]:
    """Logical id of the DetectedIssue that an open Task is about, where the cache lacks it."""
    logical_id = focus_issue(raw)[1]
    if logical_id is None or not state_of(raw).is_open:
        return set()
    return set() if snapshot.known_version("DetectedIssue", logical_id) else {logical_id}

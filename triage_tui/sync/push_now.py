"""Trying to get an act to the server while the nurse waits: two seconds, then the next sync takes over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from fhir_r4.client import FhirClient
from local_store import Store
from local_store.views import OpState
from threshold_engine.model import Clock
from triage_tui.sync.lease import Lease
from triage_tui.sync.push import push
from triage_tui.sync.reach import reached

_LOOK_AGAIN_S: Final = 0.05


def push_now(
    store: Store,
    client: FhirClient,
    ops: Sequence[str],
    deadline_s: float = 2.0,
    *,
    clock: Clock,
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, OpState]:
    """Send these ops, and what of their patients has to go first; op → how it stands when time is up.

    Where another process holds the lease for pushing, that one sends them: it looks for new ops after each
    one. Make the client with a time-out no longer than `deadline_s`. Raises StoreError only.
    """
    ends = time.monotonic() + deadline_s

    def late() -> bool:
        return time.monotonic() >= ends

    lease = Lease(store)
    patients = _patients(store, ops)
    while True:
        pushed = push(store, client, lease, client.server_now, stop=late, patients=patients)
        if pushed.sent or pushed.trouble:
            with store.write() as tx:
                offset = client.server_time_offset_ms
                tx.set_marks(reached(tx.marks(), pushed.trouble, clock(), offset))
        states = _states(store, ops)
        if pushed.leased or late() or "pending" not in states.values():
            return states
        pause(_LOOK_AGAIN_S)


def _states(store: Store, ops: Sequence[str]) -> dict[str, OpState]:
    with store.read() as snapshot:
        found = {op: snapshot.op(op) for op in ops}
    return {op: stored.state for op, stored in found.items() if stored is not None}


def _patients(store: Store, ops: Sequence[str]) -> frozenset[str] | None:
    """The patients of these ops; none (all are meant) where one is about no patient."""
    with store.read() as snapshot:
        found = [snapshot.op(op) for op in ops]
    patients = {stored.op.patient for stored in found if stored is not None}
    return None if None in patients else frozenset(one for one in patients if one is not None)

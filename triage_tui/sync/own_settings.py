"""What a round has begun and not finished, kept in the store so that a killed process loses none of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from local_store.snapshot import Snapshot
from local_store.transaction import Transaction

DIRTY: Final = "sync-dirty"
"""Patients whose rows are to be worked out anew."""
WANTED_ISSUES: Final = "sync-wanted-issues"
"""Logical ids of DetectedIssues that open Tasks are about and the cache lacks."""


def kept_set(snapshot: Snapshot, name: str) -> set[str]:
    """A set of strings kept under a name; empty where there is none."""
    body = snapshot.setting(name)
    return set() if body is None else set(msgspec.json.decode(body, type=list[str]))


def add_to_set(tx: Transaction, name: str, members: Iterable[str]) -> None:
    """Add to a kept set; nothing is written where all are in it."""
    before = kept_set(tx, name)
    after = before.union(members)
    if after != before:
        _write(tx, name, after)


def take_from_set(tx: Transaction, name: str, members: Iterable[str]) -> None:
    """Take away from a kept set."""
    _write(tx, name, kept_set(tx, name).difference(members))


def _write(tx: Transaction, name: str, members: set[str]) -> None:
    tx.set_setting(name, msgspec.json.encode(sorted(members)) if members else None)

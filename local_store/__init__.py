"""The encrypted cache: tables, keys, migrations, queries, outbox, access log.

`Store` is imported on first use: the first screen is drawn before SQLModel has loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_store.errors import (
    AmbiguousTask,
    CorruptCache,
    DiskFull,
    KeyProblem,
    NoSuchTask,
    StoreBusy,
    StoreError,
    StoreExists,
    StoreMissing,
    StoreTooNew,
    UnsafeSqlite,
    WrongKey,
)
from local_store.records import (
    AccessEntry,
    Approval,
    Cursor,
    Draft,
    Kept,
    OutboxOp,
    PlanRecord,
    Profile,
    ResourceVersion,
    ScreenLock,
    StoredEpisode,
    StoredItem,
    StoredOp,
    StoredReading,
    SyncMarks,
)

if TYPE_CHECKING:
    from local_store.snapshot import Snapshot
    from local_store.store import Store
    from local_store.transaction import Transaction

__all__ = [
    "AccessEntry",
    "AmbiguousTask",
    "Approval",
    "CorruptCache",
    "Cursor",
    "DiskFull",
    "Draft",
    "Kept",
    "KeyProblem",
    "NoSuchTask",
    "OutboxOp",
    "PlanRecord",
    "Profile",
    "ResourceVersion",
    "ScreenLock",
    "Snapshot",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreExists",
    "StoreMissing",
    "StoreTooNew",
    "StoredEpisode",
    "StoredItem",
    "StoredOp",
    "StoredReading",
    "SyncMarks",
    "Transaction",
    "UnsafeSqlite",
    "WrongKey",
]


def __getattr__(name: str) -> object:
    if name == "Store":
        from local_store.store import Store  # noqa: PLC0415 - see above

        return Store
    if name == "Snapshot":
        from local_store.snapshot import Snapshot  # noqa: PLC0415 - see above

        return Snapshot
    if name == "Transaction":
        from local_store.transaction import Transaction  # noqa: PLC0415 - see above

        return Transaction
    raise AttributeError(name)

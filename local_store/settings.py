"""Small things kept as one JSON value each: the profile, marks of synchronising, tallies; and the lease."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from local_store.context import Context
from local_store.records import Cursor, Profile, ScreenLock, SyncMarks
from local_store.tables import Lease, PullCursor, Setting
from local_store.upsert import put
from threshold_engine.model import Instant

T = TypeVar("T")
_PROFILE: Final = "profile"
_MARKS: Final = "sync-marks"
_LOCK: Final = "screen-lock"


def read_setting(context: Context, name: str, kind: type[T]) -> T | None:
    """A setting's value; None where it was never set."""
    body = context.connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (name,)).scalar()
    return None if body is None else msgspec.json.decode(body, type=kind)


def write_setting(context: Context, name: str, value: object) -> None:
    """Set a value."""
    put(context.connection, Setting(name=name, value=msgspec.json.encode(value)))


def drop_setting(context: Context, name: str) -> None:
    """Unset a value."""
    context.connection.exec_driver_sql("DELETE FROM setting WHERE name = ?", (name,))


def read_profile(context: Context) -> Profile | None:
    """Whose cache this is; None before it was said."""
    return read_setting(context, _PROFILE, Profile)


def write_profile(context: Context, profile: Profile) -> None:
    """Say whose cache this is, and who is logged in."""
    write_setting(context, _PROFILE, profile)


def read_marks(context: Context) -> SyncMarks:
    """How the last rounds went."""
    return read_setting(context, _MARKS, SyncMarks) or SyncMarks()


def write_marks(context: Context, marks: SyncMarks) -> None:
    """Say how the last rounds went."""
    write_setting(context, _MARKS, marks)


def read_lock(context: Context) -> ScreenLock:
    """Whether the screen is locked, and what opens it."""
    return read_setting(context, _LOCK, ScreenLock) or ScreenLock()


def write_lock(context: Context, lock: ScreenLock) -> None:
    """Say so."""
    write_setting(context, _LOCK, lock)


def tally(context: Context, name: str) -> int:
    """A count that is kept, because counting would read the whole table."""
    return read_setting(context, f"tally-{name}", int) or 0


def add_to_tally(context: Context, name: str, change: int) -> None:
    """Move a count."""
    if change:
        write_setting(context, f"tally-{name}", tally(context, name) + change)


def read_cursor(context: Context, kind: str) -> Cursor | None:
    """How far a type has been pulled; None before its first page."""
    row = context.connection.exec_driver_sql(
        "SELECT value, next_link, complete FROM pull_cursor WHERE type = ?", (kind,)
    ).one_or_none()
    return None if row is None else Cursor(row[0], row[1], bool(row[2]))


def write_cursor(context: Context, kind: str, cursor: Cursor) -> None:
    """Say how far a type has been pulled, in the transaction of the page itself."""
    put(
        context.connection,
        PullCursor(type=kind, value=cursor.value, next_link=cursor.next_link, complete=cursor.complete),
    )


def drop_cursor(context: Context, kind: str) -> None:
    """Forget how far a walk has got: it begins anew."""
    context.connection.exec_driver_sql("DELETE FROM pull_cursor WHERE type = ?", (kind,))


def take_lease(context: Context, name: str, owner: str, now: Instant, until: Instant) -> bool:
    """Take or prolong a lease; False where another holds one that hasn't run out at `now`."""
    row = context.connection.exec_driver_sql(
        "SELECT owner, expires FROM lease WHERE name = ?", (name,)
    ).one_or_none()
    if row is not None and row[0] != owner and row[1] > now:
        return False
    put(context.connection, Lease(name=name, owner=owner, expires=until))
    return True


def lease_holder(context: Context, name: str, now: Instant) -> str | None:
    """Who holds a lease at `now`."""
    holder: str | None = context.connection.exec_driver_sql(
        "SELECT owner FROM lease WHERE name = ? AND expires > ?", (name, now)
    ).scalar()
    return holder


def release_lease(context: Context, name: str, owner: str) -> None:
    """Give a lease back; nothing happens where another holds it."""
    context.connection.exec_driver_sql("DELETE FROM lease WHERE name = ? AND owner = ?", (name, owner))

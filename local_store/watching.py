"""Seeing cheaply that some process has written the cache, and whether that calls for a sync."""

from __future__ import annotations

from pathlib import Path

from local_store import files
from local_store.context import Context


def file_marks(folder: Path) -> tuple[tuple[int, int], ...]:
    """Sizes and times of the database's files; they change with every commit, whoever made it."""
    found = []
    for name in (files.DATABASE, f"{files.DATABASE}-wal"):
        try:
            at = (folder / name).stat()
        except FileNotFoundError:
            continue
        found.append((at.st_size, at.st_mtime_ns))
    return tuple(found)


def last_op(context: Context) -> int:
    """Number of the newest act in the outbox; 0 where there is none."""
    found: int = context.connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM outbox").scalar_one()
    return found

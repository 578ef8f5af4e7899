"""The cache's files: names, modes, and the mark that tells a wrong key from a broken file."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path
from typing import Final

DATABASE: Final = "cache.db"
CHECK: Final = "cache.check"
_MARK: Final = b"triage-tui cache, key check 1"


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter (0700), whatever the umask; tighten one that is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    shared = bool(status.st_mode & stat.S_ISVTX) or status.st_uid != os.geteuid()
    if not shared and stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)


def create_private(path: Path, content: bytes = b"") -> None:
    """Create a file that only its owner may read (0600) before anything is in it. Raises FileExistsError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_private(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all: a crash leaves the old one."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    create_private(draft, content)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def key_mark(key: bytes) -> bytes:
    """What is kept beside the cache to know its key again; it says nothing about a random 32-byte key."""
    return hmac.new(key, _MARK, hashlib.sha256).hexdigest().encode()


def is_the_key(folder: Path, key: bytes) -> bool | None:
    """Whether a key is the one that the cache was made with; None where the mark is gone."""
    try:
        mark = (folder / CHECK).read_bytes()
    except FileNotFoundError:
        return None
    return hmac.compare_digest(mark.strip(), key_mark(key))


def all_files(folder: Path) -> tuple[Path, ...]:
    """The database with its companions and the mark, whether they exist or not."""
    names = [DATABASE + suffix for suffix in ("", "-wal", "-shm", "-journal")]
    return tuple(folder / name for name in [*names, CHECK])

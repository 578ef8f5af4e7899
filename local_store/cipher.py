"""The SQLCipher engine: a raw 32-byte key, WAL, and no way to open the file as plain SQLite.

Order matters: silence SQLCipher's log (it writes over the screen), set the key, read the first page (the
key's check), and only then anything else. Sources: SQLCipher API, "PRAGMA key"; SQLite, "WAL-reset bug",
fixed in 3.51.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from local_store.cipher_key import KEY_BYTES
from local_store.errors import (
    CorruptCache,
    DiskFull,
    FolderUnwritable,
    StoreBusy,
    StoreError,
    UnsafeSqlite,
    WrongKey,
)

BUSY_MS: Final = 10_000
"""How long a writer waits for another process's transaction."""

NO_TRANSACTION: Final = "NONE"
"""For the execution option `begin`: what can't run inside a transaction."""

_FIRST_WAL: Final = (3, 7, 0)
_FIRST_SAFE: Final = (3, 51, 3)
_NOT_A_DATABASE: Final = "file is not a database"
_UNWRITABLE: Final = ("unable to open database file", "readonly database", "disk I/O error")
"""What SQLite says where it can't make or grow the files beside the database, even for a reader (WAL)."""
_SETTINGS: Final = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
    f"busy_timeout={BUSY_MS}",
    "cache_size=-16000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


def check_sqlite(version: tuple[int, ...]) -> None:
    """Refuse the SQLite versions in which a WAL reset can lose committed pages. Raises UnsafeSqlite."""
    if _FIRST_WAL <= version < _FIRST_SAFE:
        raise UnsafeSqlite(f"SQLite {'.'.join(map(str, version))} can corrupt a database in WAL mode")


def open_engine(path: Path, key: bytes, *, driver: ModuleType | None = None) -> Engine:
    """An engine on an existing file (an empty one becomes a database). Nothing is read before first use.

    Connecting raises WrongKey where the first page can't be read with this key, UnsafeSqlite where the driver
    isn't SQLCipher. Values never stand in errors or logs (`hide_parameters`).
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the key of the cache is 32 bytes")
    module = driver or sqlcipher()
    check_sqlite(module.sqlite_version_info)

    def connect() -> Any:  # a DBAPI connection: untyped by nature
        return keyed(module, path, key)

    engine = create_engine(
        "sqlite://",
        module=module,
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def keyed(module: ModuleType, path: Path, key: bytes) -> Any:
    """A raw connection with its key set and checked, in autocommit mode. Raises as `open_engine` says."""
    seconds = BUSY_MS / 1000
    connection = module.connect(str(path), timeout=seconds, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        connection.execute(key_pragma("key", key))
        _check_key(module, connection)
        _check_cipher(connection)
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def key_pragma(pragma: str, key: bytes) -> str:
    """`PRAGMA key` or `rekey` with a raw key, in hex, since PRAGMA takes no bound parameters."""
    return f"PRAGMA {pragma} = \"x'{key.hex()}'\""


def integrity_faults(connection: Connection) -> list[str]:
    """What SQLCipher's and SQLite's own checks find wrong with the whole file; empty where it is sound."""
    faults = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
    if not faults:
        faults = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [fault for fault in faults if fault != "ok"]


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turn what the driver says about the file, the disk and its locks into this package's errors."""
    try:
        yield
    except DBAPIError as error:
        known = _known(str(error.orig))
        if known is None:
            raise
        raise known from None


def _known(said: str) -> StoreError | None:
    if _NOT_A_DATABASE in said or "malformed" in said:
        return CorruptCache("the cache's bytes are not those that were written")
    if "database is locked" in said or "database is busy" in said:
        return StoreBusy("another process is writing to the cache")
    if "disk is full" in said:
        return DiskFull("there is no room left on the disk")
    if any(words in said for words in _UNWRITABLE):
        return FolderUnwritable("the cache can't be opened for writing")
    return None


def _check_key(module: ModuleType, connection: Any) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except module.DatabaseError as error:
        if _NOT_A_DATABASE in str(error):
            raise WrongKey("the cache can't be read with this key") from None
        raise


def _check_cipher(connection: Any) -> None:
    if not connection.execute("PRAGMA cipher_version").fetchall():
        raise UnsafeSqlite("this is plain SQLite: no health data is written with it")


def _begin(connection: Connection) -> None:
    """Begin as the options say: a writer takes its place at once, so that it never fails half-way."""
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    if mode != NO_TRANSACTION:
        connection.exec_driver_sql(f"BEGIN {mode}")


def sqlcipher() -> ModuleType:
    """The driver. Raises UnsafeSqlite where it isn't installed."""
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415 - its absence is an error with a remedy
    except ImportError:
        raise UnsafeSqlite("sqlcipher3 is not installed: no health data is written without it") from None
    module: ModuleType = dbapi2
    return module

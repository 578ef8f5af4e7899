"""A cache's other fates: an encrypted copy of it, another key for it, and its end.

A new key is first written down wrapped in the old one, then the file is re-encrypted in one transaction, then
the key's holder is told. A crash at any point leaves a cache that opens with what the holder has.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path
from typing import Final

from local_store import files
from local_store.cipher import NO_TRANSACTION, key_pragma, keyed, sqlcipher, typed_errors
from local_store.errors import StoreBusy, StoreExists, WrongKey
from local_store.keys.holder import KeyHolder, new_key
from local_store.store import Store

REKEY_NOTE: Final = "cache.rekey"
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"triage-tui cache rekey\n"


def open_store(folder: Path, holder: KeyHolder) -> Store:
    """Open a cache with the key of its holder, finishing a change of key that was cut off.

    Raises what `Store.open` and the holder raise.
    """
    key = holder.load()
    note = folder / REKEY_NOTE
    if not note.exists():
        return Store.open(folder, key)
    new = _unwrap(note.read_bytes(), key) or key
    if _opens(folder, new):
        files.replace_private(folder / files.CHECK, files.key_mark(new))
        holder.replace(new)
        key = new
    note.unlink()
    return Store.open(folder, key)


def rekey(folder: Path, holder: KeyHolder) -> None:
    """Give a cache a new random key, in place. Raises StoreBusy where anybody else has it open."""
    open_store(folder, holder).close()
    old, new = holder.load(), new_key()
    files.replace_private(folder / REKEY_NOTE, _wrap(new, old))
    module = sqlcipher()
    with closing(keyed(module, folder / files.DATABASE, old)) as connection:
        try:
            connection.execute("PRAGMA busy_timeout=0").fetchall()
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except module.OperationalError:
            mode = "wal"
        if mode != "delete":
            (folder / REKEY_NOTE).unlink()
            raise StoreBusy(
                "the cache is open elsewhere", "Close every console and command on this profile first."
            )
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
        connection.execute(key_pragma("rekey", new)).fetchall()
    open_store(folder, holder).close()


def backup(store: Store, file: Path) -> None:
    """Write an encrypted copy, under the cache's own key, to a new file (0600). Raises StoreExists."""
    try:
        files.create_private(file)
    except FileExistsError:
        raise StoreExists(f"there is a file {file} already", "Choose another name for the copy.") from None
    try:
        with typed_errors(), store.engine.execution_options(begin=NO_TRANSACTION).connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    except BaseException:
        file.unlink()
        raise
    files.sync_folder(file.parent)


def wipe(folder: Path, holder: KeyHolder) -> None:
    """Destroy a cache: its key first, so that what remains is noise, then its files. Nothing is asked."""
    holder.forget()
    for path in (*files.all_files(folder), folder / REKEY_NOTE):
        path.unlink(missing_ok=True)
    if folder.is_dir():
        files.sync_folder(folder)


def _opens(folder: Path, key: bytes) -> bool:
    try:
        keyed(sqlcipher(), folder / files.DATABASE, key).close()
    except WrongKey:
        return False
    return True


def _wrap(new: bytes, old: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only needed here

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(old).encrypt(nonce, new, _PURPOSE)


def _unwrap(note: bytes, old: bytes) -> bytes | None:
    """The new key; None where the holder has got it already, so that the old one is gone."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only needed here
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only needed here

    try:
        return AESGCM(old).decrypt(note[:_NONCE_BYTES], note[_NONCE_BYTES:], _PURPOSE)
    except (InvalidTag, ValueError):
        return None

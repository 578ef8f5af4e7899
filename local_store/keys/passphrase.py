"""The key under a passphrase, where there is no keyring: argon2id, then AES-256-GCM around the random key.

The parameters of the derivation are associated data of the encryption, so changing them in the file is found;
and weaker ones than RFC 9106's second choice, as written here, are refused before the passphrase is used.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from local_store.cipher_key import KEY_BYTES
from local_store.errors import (
    DamagedKeyFile,
    KeyExists,
    KeyMissing,
    PassphraseFileOpen,
    PassphraseFileUnreadable,
    WeakKeyFile,
    WrongPassphrase,
)
from local_store.files import private_folder, replace_private
from local_store.keys.holder import new_key

Asking: TypeAlias = Callable[[], str]
"""Gives the passphrase: asks the nurse, or reads a file. Only called when it is needed."""

VERSION: Final = 1
TIME_COST: Final = 3
MEMORY_KIB: Final = 64 * 1024
LANES: Final = 4
_STRONGEST: Final = {"t": 16, "m": 1024 * 1024, "p": 16}
"""More would only serve to hang the machine."""
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"triage-tui cache key\n"


class PassphraseKey:
    """A key in a file (0600, JSON) that a passphrase opens."""

    def __init__(self, file: Path, passphrase: Asking) -> None:
        self.file = file
        self._passphrase = passphrase

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self.file.exists()

    def create(self) -> bytes:
        """Make a random key and wrap it. Raises KeyExists, and what asking for the passphrase raises."""
        if self.exists():
            raise KeyExists(f"there is a key in {self.file} already")
        key = new_key()
        self.replace(key)
        return key

    def load(self) -> bytes:
        """Open the file. Raises KeyMissing, DamagedKeyFile, WeakKeyFile, WrongPassphrase."""
        try:
            text = self.file.read_bytes()
        except FileNotFoundError:
            raise KeyMissing(f"there is no key file {self.file}") from None
        members = _read(text)
        _refuse_weak(members)
        return _unwrap(members, self._passphrase())

    def replace(self, key: bytes) -> None:
        """Wrap another key, or this one anew; the old file stays until the new one is whole."""
        if not self.file.parent.exists():
            private_folder(self.file.parent)
        replace_private(self.file, json.dumps(_wrap(key, self._passphrase()), indent=1).encode() + b"\n")

    def forget(self) -> None:
        """Overwrite the file, then remove it."""
        if self.file.exists():
            replace_private(self.file, secrets.token_bytes(512))
            self.file.unlink()


def passphrase_from(file: Path) -> Asking:
    """A passphrase that is read from a file when it is needed."""
    return lambda: read_passphrase(file)


def read_passphrase(file: Path) -> str:
    """The first line of a file that only its owner may read (0600 or tighter).

    Raises PassphraseFileOpen, PassphraseFileUnreadable.
    """
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(64 * 1024)
    except OSError as error:
        raise PassphraseFileUnreadable(
            f"the passphrase file {file} can't be read: {error.strerror}"
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise PassphraseFileOpen(f"the passphrase file {file} has mode {mode:04o}: others may read it")
    try:
        passphrase = text.decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        raise PassphraseFileUnreadable(f"the passphrase file {file} isn't text") from None
    if not passphrase:
        raise PassphraseFileUnreadable(f"the passphrase file {file} is empty")
    return passphrase


def _wrap(key: bytes, passphrase: str) -> dict[str, object]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see keys/__init__

    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    head: dict[str, object] = {
        "v": VERSION,
        "kdf": "argon2id",
        "t": TIME_COST,
        "m": MEMORY_KIB,
        "p": LANES,
        "salt": _text(salt),
    }
    sealed = AESGCM(_derive(passphrase, salt, TIME_COST, MEMORY_KIB, LANES)).encrypt(
        nonce, key, _associated(head)
    )
    return head | {"nonce": _text(nonce), "sealed": _text(sealed)}


def _unwrap(members: Mapping[str, object], passphrase: str) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see keys/__init__
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see keys/__init__

    salt, nonce, sealed = (_bytes(members, name) for name in ("salt", "nonce", "sealed"))
    if len(salt) < _SALT_BYTES or len(nonce) != _NONCE_BYTES:
        raise DamagedKeyFile("the key file's salt or nonce has the wrong length")
    secret = _derive(passphrase, salt, *(_cost(members, name) for name in ("t", "m", "p")))
    try:
        key = AESGCM(secret).decrypt(nonce, sealed, _associated(members))
    except InvalidTag:
        raise WrongPassphrase("the passphrase doesn't open the key file") from None
    if len(key) != KEY_BYTES:
        raise DamagedKeyFile("the key file holds something that isn't a key")
    return key


def _derive(passphrase: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - see keys/__init__

    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=time_cost,
        memory_cost=memory_kib,
        parallelism=lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _read(text: bytes) -> Mapping[str, object]:
    try:
        members = json.loads(text)
    except ValueError:
        raise DamagedKeyFile("the key file isn't JSON") from None
    if not isinstance(members, dict) or members.get("v") != VERSION:
        raise DamagedKeyFile("the key file has a form that this program doesn't know")
    return members


def _refuse_weak(members: Mapping[str, object]) -> None:
    least = {"t": TIME_COST, "m": MEMORY_KIB, "p": LANES}
    weak = members.get("kdf") != "argon2id" or any(_cost(members, name) < least[name] for name in least)
    if weak:
        raise WeakKeyFile("the key file's derivation is weaker than this program's")
    if any(_cost(members, name) > most for name, most in _STRONGEST.items()):
        raise DamagedKeyFile("the key file's derivation would take for ever")


def _cost(members: Mapping[str, object], name: str) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise DamagedKeyFile(f"the key file has no {name}")
    return value


def _associated(members: Mapping[str, object]) -> bytes:
    """All but what the encryption itself covers, in one written form."""
    head = {name: members[name] for name in sorted(members) if name not in ("nonce", "sealed")}
    return _PURPOSE + json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(members: Mapping[str, object], name: str) -> bytes:
    try:
        return base64.b64decode(str(members[name]), validate=True)
    except (KeyError, binascii.Error, ValueError):
        raise DamagedKeyFile(f"the key file has no {name}") from None

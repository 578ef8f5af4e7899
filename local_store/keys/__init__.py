"""The key of the cache and who holds it. Keyring, argon2 and cryptography are imported on first use."""

from local_store.errors import (
    DamagedKeyFile,
    KeyExists,
    KeyMissing,
    KeyProblem,
    KeyringRefused,
    NoKeyring,
    PassphraseFileOpen,
    PassphraseFileUnreadable,
    WeakKeyFile,
    WrongPassphrase,
)
from local_store.keys.holder import KeyHolder, MemoryKey, new_key
from local_store.keys.passphrase import PassphraseKey, passphrase_from, read_passphrase
from local_store.keys.system_keyring import KeyringKey

__all__ = [
    "DamagedKeyFile",
    "KeyExists",
    "KeyHolder",
    "KeyMissing",
    "KeyProblem",
    "KeyringKey",
    "KeyringRefused",
    "MemoryKey",
    "NoKeyring",
    "PassphraseFileOpen",
    "PassphraseFileUnreadable",
    "PassphraseKey",
    "WeakKeyFile",
    "WrongPassphrase",
    "new_key",
    "passphrase_from",
    "read_passphrase",
]

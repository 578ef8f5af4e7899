"""What holds the key of a cache."""

from __future__ import annotations

import secrets
from typing import Protocol

from local_store.cipher_key import KEY_BYTES
from local_store.errors import KeyExists, KeyMissing


class KeyHolder(Protocol):
    """Keeps one profile's 32-byte key. Every method raises a `KeyProblem` with a remedy."""

    def exists(self) -> bool:
        """Whether there is a key."""

    def create(self) -> bytes:
        """Make a random key and keep it. Raises KeyExists: a key is never overwritten by this."""

    def load(self) -> bytes:
        """The key. Raises KeyMissing, and what the holder says of itself."""

    def replace(self, key: bytes) -> None:
        """Keep another key in its place: the cache has been given a new one."""

    def forget(self) -> None:
        """Destroy the key: the cache is noise from then on. No key is no error."""


class MemoryKey:
    """A key that is nowhere but in memory, for the demo: gone with the process."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key

    def exists(self) -> bool:
        """Whether there is a key."""
        return self._key is not None

    def create(self) -> bytes:
        """A new random key."""
        if self._key is not None:
            raise KeyExists("there is a key already")
        self._key = new_key()
        return self._key

    def load(self) -> bytes:
        """The key."""
        if self._key is None:
            raise KeyMissing("there is no key in memory")
        return self._key

    def replace(self, key: bytes) -> None:
        """Keep another."""
        self._key = key

    def forget(self) -> None:
        """Let go of it."""
        self._key = None


def new_key() -> bytes:
    """A random key for a cache."""
    return secrets.token_bytes(KEY_BYTES)

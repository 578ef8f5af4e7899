"""A key that is asked for once: the console opens its store twice, deriving its key takes 150 ms, 64 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_store.keys import KeyHolder


class KeyOnce:
    """A holder that remembers the key for as long as the process lives, which has it in its stores anyway."""

    def __init__(self, holder: KeyHolder) -> None:
        self._holder = holder
        self._key: bytes | None = None

    def exists(self) -> bool:
        """Whether there is a key."""
        return self._holder.exists()

    def create(self) -> bytes:
        """A new random key."""
        self._key = self._holder.create()
        return self._key

    def load(self) -> bytes:
        """The key."""
        if self._key is None:
            self._key = self._holder.load()
        return self._key

    def replace(self, key: bytes) -> None:
        """Keep another in its place."""
        self._holder.replace(key)
        self._key = key

    def forget(self) -> None:
        """Destroy it."""
        self._holder.forget()
        self._key = None

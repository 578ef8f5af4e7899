"""Locking a profile and opening it again, by PIN or passphrase, with or without the server.

The state is in the encrypted cache, so a kill doesn't open it and the command line keeps to it as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from local_store.errors import WrongPassphrase

if TYPE_CHECKING:
    from pathlib import Path

    from local_store import Store
    from local_store.records import ScreenLock
    from threshold_engine.model import Instant

TRIES: Final = 5
"""So many wrong PINs; then the passphrase, or a login."""


@dataclass(frozen=True, slots=True)
class LockView:
    """What the lock screen shows."""

    locked: bool
    has_pin: bool
    by_passphrase: bool
    """Whether the store's passphrase opens it, too: the key isn't in a keyring."""
    left: int = TRIES
    """Tries that the PIN still has."""

    @property
    def by_pin(self) -> bool:
        """Whether a PIN can open it."""
        return self.has_pin and self.left > 0


def lock_view(store: Store, key_file: Path | None) -> LockView:
    """How the profile stands. `key_file`: what its passphrase opens, or none."""
    return _view(store.screen_lock(), key_file)


def lock(store: Store, now: Instant) -> None:
    """Lock; one that is locked stays locked since then."""
    with store.write() as tx:
        before = tx.screen_lock()
        if before.locked_at is None:
            tx.set_lock(replace(before, locked_at=now))


def choose_pin(store: Store, pin: str) -> None:
    """Keep a PIN, with all its tries. Raises ValueError where it is too short."""
    from local_store.keys.pin import hash_pin  # noqa: PLC0415 - brings argon2 along

    kept = hash_pin(pin)
    with store.write() as tx:
        tx.set_lock(replace(tx.screen_lock(), pin=kept, wrong=0))


def unlock(store: Store, secret: str, key_file: Path | None) -> LockView:
    """Try a PIN or a passphrase. A try is counted before it is looked at: a kill doesn't give it back."""
    with store.write() as tx:
        before = tx.screen_lock()
        tx.set_lock(replace(before, wrong=min(before.wrong + 1, TRIES)))
    if _is_pin(before, secret) or (key_file is not None and _is_passphrase(key_file, secret)):
        open_again(store)
        return lock_view(store, key_file)
    return replace(lock_view(store, key_file), locked=True)  # a wrong secret opens nothing, whatever else did


def open_again(store: Store, *, forget_pin: bool = False) -> None:
    """Open the screen for whoever has shown who she is. `forget_pin`: she will choose another."""
    with store.write() as tx:
        before = tx.screen_lock()
        tx.set_lock(replace(before, pin=None if forget_pin else before.pin, wrong=0, locked_at=None))


def _view(lock: ScreenLock, key_file: Path | None) -> LockView:
    return LockView(
        lock.locked_at is not None, lock.pin is not None, key_file is not None, max(0, TRIES - lock.wrong)
    )


def _is_pin(kept: ScreenLock, secret: str) -> bool:
    from local_store.keys.pin import is_the_pin  # noqa: PLC0415 - brings argon2 along

    return kept.pin is not None and kept.wrong < TRIES and is_the_pin(kept.pin, secret)


def _is_passphrase(key_file: Path, secret: str) -> bool:
    from local_store.keys import PassphraseKey  # noqa: PLC0415 - brings argon2 along

    try:
        PassphraseKey(key_file, lambda: secret).load()
    except WrongPassphrase:
        return False
    return True

"""The PIN that opens a locked screen: only its argon2id hash is kept, in the encrypted cache.

It holds off whoever sits down at an open laptop; the cache's bytes are guarded by the key, not by the PIN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from local_store.keys.passphrase import LANES, MEMORY_KIB, TIME_COST

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 4
"""Characters; five tries are all that there are."""


def hash_pin(pin: str) -> str:
    """The hash to keep, with salt and parameters. Raises ValueError for fewer than `SHORTEST` characters."""
    if len(pin) < SHORTEST:
        raise ValueError(f"a PIN has at least {SHORTEST} characters")
    return _hasher().hash(pin)


def is_the_pin(kept: str, pin: str) -> bool:
    """Whether `pin` is what `kept` was made from."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - see keys/__init__

    try:
        return _hasher().verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - see keys/__init__

    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)

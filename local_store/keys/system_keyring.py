"""The key in the operating system's keyring: only backends that the system itself protects.

Which backend keyring would pick by itself doesn't count: it may be a plain-text file (keyrings.alt), none at
all (null, fail), or whatever PYTHON_KEYRING_BACKEND names.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from local_store.cipher_key import KEY_BYTES
from local_store.errors import KeyExists, KeyMissing, KeyringRefused, NoKeyring
from local_store.keys.holder import new_key

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

ALLOWED: Final = frozenset(
    {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }
)
"""Module and class of the backends that are used."""


class KeyringKey:
    """A profile's key in the keyring, under a service and the profile's name."""

    def __init__(self, service: str, profile: str) -> None:
        self.service = service
        self.profile = profile

    def exists(self) -> bool:
        """Whether the keyring has a key for the profile. Raises NoKeyring, KeyringRefused."""
        return self._read() is not None

    def create(self) -> bytes:
        """Make a random key and keep it. Raises KeyExists, NoKeyring, KeyringRefused."""
        if self.exists():
            raise KeyExists(f"the keyring has a key for profile {self.profile!r} already")
        key = new_key()
        self.replace(key)
        return key

    def load(self) -> bytes:
        """The key. Raises KeyMissing, NoKeyring, KeyringRefused."""
        text = self._read()
        if text is None:
            raise KeyMissing(f"the keyring has no key for profile {self.profile!r}")
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyMissing(f"what the keyring has for profile {self.profile!r} is no key")
        return key

    def replace(self, key: bytes) -> None:
        """Keep another key. Raises NoKeyring, KeyringRefused, the latter too where it wasn't really kept."""
        with _answers():
            safe_backend().set_password(self.service, self.profile, base64.b64encode(key).decode())
        if self._read() is None:
            raise KeyringRefused("the keyring did not keep the key")

    def forget(self) -> None:
        """Take the key out of the keyring. Raises NoKeyring, KeyringRefused."""
        if self.exists():
            with _answers():
                safe_backend().delete_password(self.service, self.profile)

    def _read(self) -> str | None:
        with _answers():
            return safe_backend().get_password(self.service, self.profile)


def safe_backend() -> KeyringBackend:
    """The best of the backends that are allowed and work here. Raises NoKeyring."""
    from keyring.backend import get_all_keyring  # noqa: PLC0415 - see keys/__init__

    found = [one for one in get_all_keyring() if (type(one).__module__, type(one).__name__) in ALLOWED]
    if not found:
        raise NoKeyring("no keyring that the system protects is to be had here")
    return max(found, key=lambda one: float(one.priority))


@contextmanager
def _answers() -> Iterator[None]:
    """A locked, dismissed or failing keyring, as one error that says so."""
    from keyring.errors import KeyringError  # noqa: PLC0415 - see keys/__init__

    try:
        yield
    except KeyringError as error:
        raise KeyringRefused(f"the keyring would not answer ({type(error).__name__})") from error

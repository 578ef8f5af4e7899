"""Where a profile's key is kept: under a passphrase if one was named at `setup`, else in the keyring."""

from __future__ import annotations

import getpass
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from triage_tui.cli.settings import Settings
from triage_tui.wording import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_store.keys import KeyHolder

KEY_FILE: Final = "key.json"
KEYRING_SERVICE: Final = "triage-tui"


def new_key_holder(settings: Settings) -> KeyHolder:
    """Who will hold a new profile's key: `TRIAGE_PASSPHRASE_FILE` wins over a keyring."""
    return _passphrase(settings) if settings.passphrase_file else _keyring(settings)


def key_file(settings: Settings) -> Path | None:
    """The file that the profile's passphrase opens; none where its key is elsewhere (keyring, memory)."""
    file = settings.folder / KEY_FILE
    return file if file.exists() else None


def key_holder(settings: Settings, *, remember: bool = False) -> KeyHolder:
    """Who holds the key of a profile that exists. `remember`: a passphrase is asked for once only."""
    return (
        _passphrase(settings, cache(_ask) if remember else _ask) if key_file(settings) else _keyring(settings)
    )


def _keyring(settings: Settings) -> KeyHolder:
    from local_store.keys import KeyringKey

    # Two data directories may hold profiles of one name: the folder tells their keys apart.
    return KeyringKey(KEYRING_SERVICE, str(settings.folder.resolve()))


def _passphrase(settings: Settings, ask: Callable[[], str] | None = None) -> KeyHolder:
    from local_store.keys import PassphraseKey, passphrase_from

    file = settings.passphrase_file
    return PassphraseKey(settings.folder / KEY_FILE, passphrase_from(file) if file else ask or _ask)


def _ask() -> str:
    """Ask at the terminal; without one the sentence says how else to give it."""
    from local_store.keys import KeyMissing

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise KeyMissing(
            _("This profile opens by a passphrase, and there is nobody to ask for it."),
            _("Set TRIAGE_PASSPHRASE_FILE to a file (mode 0600) that holds it."),
        )
    return getpass.getpass(_("Passphrase: "))

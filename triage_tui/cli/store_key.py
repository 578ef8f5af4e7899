"""Where a profile's key is kept: under a passphrase if one was named at `setup`, else in the keyring."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Final

from triage_tui.cli.settings import Settings
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store.keys import KeyHolder

KEY_FILE: Final = "key.json"
KEYRING_SERVICE: Final = "triage-tui"


def new_key_holder(settings: Settings) -> KeyHolder:
    """Who will hold a new profile's key: `TRIAGE_PASSPHRASE_FILE` wins over a keyring."""
    return _passphrase(settings) if settings.passphrase_file else _keyring(settings)


def key_holder(settings: Settings) -> KeyHolder:
    """Who holds the key of a profile that exists."""
    return _passphrase(settings) if (settings.folder / KEY_FILE).exists() else _keyring(settings)


def _keyring(settings: Settings) -> KeyHolder:
    from local_store.keys import KeyringKey

    # Two data directories may hold profiles of one name: the folder tells their keys apart.
    return KeyringKey(KEYRING_SERVICE, str(settings.folder.resolve()))


def _passphrase(settings: Settings) -> KeyHolder:
    from local_store.keys import PassphraseKey, passphrase_from

    file = settings.passphrase_file
    return PassphraseKey(settings.folder / KEY_FILE, passphrase_from(file) if file else _ask)


def _ask() -> str:
    """Ask at the terminal; without one the sentence says how else to give it."""
    from local_store.keys import KeyMissing

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise KeyMissing(
            _("This profile opens by a passphrase, and there is nobody to ask for it."),
            _("Set TRIAGE_PASSPHRASE_FILE to a file (mode 0600) that holds it."),
        )
    return getpass.getpass(_("Passphrase: "))

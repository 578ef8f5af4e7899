"""What can go wrong with the cache; each error says in plain words what to do about it."""

from __future__ import annotations


class StoreError(Exception):
    """Something about the encrypted cache or its key. `str()` is what happened, `remedy` what to do."""

    remedy: str = ""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        if remedy is not None:
            self.remedy = remedy


class StoreMissing(StoreError):
    """There is no cache in the folder."""

    remedy = "Run `triage setup --server URL` to make a profile, or check --data-dir and --profile."


class StoreExists(StoreError):
    """A cache is in the folder already, and is not overwritten."""

    remedy = "Use the profile that is there, choose another --profile, or remove it with `triage wipe`."


class WrongKey(StoreError):
    """The key is not the one that the cache was written with."""

    remedy = (
        "Check the passphrase or the keyring's entry; a cache whose key is lost can only be fetched anew."
    )


class CorruptCache(StoreError):
    """The key is right, but the bytes on disk are not those that were written."""

    remedy = "Restore a backup, or run `triage wipe` and `triage setup` to fetch everything anew."


class UnsafeSqlite(StoreError):
    """The SQLite at hand can lose data in WAL mode, or is not SQLCipher at all."""

    remedy = "Install the versions of the lock file (`make venv`): sqlcipher3 with SQLite 3.51.3 or later."


class StoreTooNew(StoreError):
    """The cache was written by a later version of the program."""

    remedy = "Update triage-tui; an older one never writes to a newer cache."


class StoreBusy(StoreError):
    """Another process held the writer's place for longer than the time allowed."""

    remedy = "Wait for the other command or sync to finish, and try again. Nothing was written."


class DiskFull(StoreError):
    """There was no room for what was to be written; nothing of it was."""

    remedy = "Make room on the disk, and try again. Nothing was written."


class FolderUnwritable(StoreError):
    """The cache can't be opened or written where it lies: a read-only or full disk, or another's folder."""

    remedy = "Check that the profile's folder can be written to and the disk has room. Nothing was written."


class NoSuchTask(StoreError):
    """No work item has that UUID."""

    remedy = "Copy the task's UUID from `triage queue --json`, or sync first."


class AmbiguousTask(StoreError):
    """Several work items begin with those characters."""

    remedy = "Give more characters of the task's UUID."


class NoSuchOp(StoreError):
    """Nothing in the outbox has that UUID."""

    remedy = "Copy the act's number from `triage outbox`."


class AmbiguousOp(StoreError):
    """Several acts begin with those characters."""

    remedy = "Give more characters of the act's number."


class KeyProblem(StoreError):
    """The key of the cache can't be had."""


class NoKeyring(KeyProblem):
    """No keyring that the system protects is to be had."""

    remedy = "Set TRIAGE_PASSPHRASE_FILE to a file (mode 0600) with a passphrase, or start a desktop keyring."


class KeyringRefused(KeyProblem):
    """The keyring is there, and would not answer: locked, or dismissed."""

    remedy = "Unlock the keyring (log in to the desktop), and try again."


class KeyMissing(KeyProblem):
    """The keyring or key file holds no key for this profile."""

    remedy = "Use the same user, keyring or passphrase file as at `triage setup`, or set up the profile anew."


class KeyExists(KeyProblem):
    """There is a key for this profile already; a new one would make its cache unreadable."""

    remedy = "Choose another --profile, or remove the old one with `triage wipe`."


class WrongPassphrase(KeyProblem):
    """The passphrase does not open the key file, or the key file was changed."""

    remedy = "Type the passphrase again, or check TRIAGE_PASSPHRASE_FILE."


class WeakKeyFile(KeyProblem):
    """The key file asks for a weaker derivation than this program writes: somebody changed it."""

    remedy = "Restore the key file from a backup; do not type the passphrase for this one."


class DamagedKeyFile(KeyProblem):
    """The key file can't be read as one."""

    remedy = "Restore the key file from a backup, or set up the profile anew."


class PassphraseFileOpen(KeyProblem):
    """Others than its owner may read the passphrase file."""

    remedy = "Run `chmod 600` on the passphrase file, and choose a new passphrase if others may have read it."


class PassphraseFileUnreadable(KeyProblem):
    """The passphrase file is not there, can't be read, or is empty."""

    remedy = "Check the path in TRIAGE_PASSPHRASE_FILE; the file's first line is the passphrase."

"""How a command fails: one plain sentence on standard error, and the exit code that scripts rely on."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LOCAL_ONLY = 3
    """Done here, not yet on the server; nothing is lost."""
    LOCKED = 4
    """Locked, or nobody is logged in."""
    INTERRUPTED = 130


class Failure(Exception):
    """The thing asked for can't be done; the message says what to do instead."""

    code = ExitCode.FAILED


class UsageFailure(Failure):
    """The command was written wrongly."""

    code = ExitCode.USAGE


class NotLoggedIn(Failure):
    """An act needs to know who acts, or a store that is open."""

    code = ExitCode.LOCKED

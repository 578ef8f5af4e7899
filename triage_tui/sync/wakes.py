"""What calls for a round before its time, seen from within the sync's own thread by looking now and then.

- An act that was saved by any process, or a sync asked for by one that doesn't sync itself: the database's
  files are looked at (no query), and read only where they have changed.
- Another way out of this machine: which address of ours the system would send from. It is asked of a socket
  that never sends anything, needs no privilege, and is the same on Linux and macOS. A network that is there
  but leads nowhere is not told from a good one: then the back-off decides.
"""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Callable
from typing import Final

from local_store import Store
from local_store.watching import file_marks

_ASKED: Final = "sync-asked"
_VISIBLE_AFTER_S: Final = 5.0
"""A commit's pages are in the file some time before anybody sees them: a slow disk's flush lies between."""
_FAR_AWAY: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that nobody has (RFC 5737, RFC 3849): only the way to them is looked up."""


def ask_for_sync(store: Store) -> None:
    """Ask the process that syncs this cache for a round."""
    with store.write() as tx:
        tx.set_setting(_ASKED, uuid.uuid4().bytes)


def ways_out() -> tuple[str | None, ...]:
    """Our own addresses on the ways out by IPv4 and IPv6; none where there is no way."""
    return tuple(_own_address(family, there) for family, there in _FAR_AWAY)


def _own_address(family: socket.AddressFamily, there: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as way:
            way.connect((there, 9))
            return str(way.getsockname()[0])
    except OSError:
        return None


class Wakes:
    """Looks whether something calls for a round."""

    def __init__(self, store: Store, ways: Callable[[], tuple[str | None, ...]] = ways_out) -> None:
        self._store, self._look_for_ways = store, ways
        self.begin()
        self._ways = ways()

    def begin(self) -> None:
        """A round begins: it answers all that was asked for until now."""
        self._files = file_marks(self._store.folder)
        self._look_until = time.monotonic() + _VISIBLE_AFTER_S
        self._asked = self._read()

    def link_is_another(self) -> bool:
        """Whether the way out of this machine has changed to another that is one."""
        before, self._ways = self._ways, self._look_for_ways()
        return self._ways != before and any(self._ways)

    def is_asked_for(self) -> bool:
        """Whether an act was saved, or a sync asked for, since the round began."""
        files, now = file_marks(self._store.folder), time.monotonic()
        if files != self._files:
            self._files, self._look_until = files, now + _VISIBLE_AFTER_S
        elif now > self._look_until:
            return False
        before, self._asked = self._asked, self._read()
        return self._asked != before

    def _read(self) -> tuple[int, bytes | None]:
        with self._store.read() as snapshot:
            return snapshot.last_op(), snapshot.setting(_ASKED)

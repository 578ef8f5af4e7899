"""A bundle too large for memory: cut into its entries as it streams by, each then read like any resource.

Only brackets and strings are looked at here. What is between the entries is kept, with `{}` for each of them,
and read as JSON at the end, so that a bundle which isn't well-formed is found out as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Final

from followup_server.problems import InvalidJson
from followup_server.raw_json import Raw, decode

LARGEST_ENTRY: Final = 64 * 1024 * 1024
"""Bytes of an entry, and of what is between two, that are held in memory."""

_BLOCK: Final = 1024 * 1024
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[{}\[\]]', re.DOTALL)


class BundleCutter:
    """Iterates over the bytes of a bundle's entries; afterwards `envelope` is the bundle without them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._data = b""
        self._scanned = 0
        """How much of `_data` has been looked at."""
        self._taken = 0
        """How much of it isn't needed any more."""
        self._depth = 0
        self._key = b""
        self._in_entries = False
        self._between: list[bytes] = []

    @property
    def envelope(self) -> Raw:
        """The bundle, with an empty object for each entry. Raises InvalidJson if it isn't a JSON object."""
        return decode(b"".join(self._between))

    def __iter__(self) -> Iterator[bytes]:
        wanted = _BLOCK
        while block := self._file.read(wanted):
            self._data = self._data[self._taken :] + block
            self._scanned -= self._taken
            self._taken = 0
            yield from self._cut()
            left = len(self._data) - self._taken
            if left > LARGEST_ENTRY:
                raise InvalidJson("it holds more in one piece than fits into memory")
            wanted = max(_BLOCK, left)  # a long string isn't looked through again and again
        self._between.append(self._data[self._taken :])

    def _cut(self) -> Iterator[bytes]:
        """The entries that end in what has been read so far."""
        data = self._data
        for token in _TOKEN.finditer(data, self._scanned):
            start, end = token.span()
            sign = data[start : start + 1]
            if sign == b'"':
                if not token[1]:
                    self._scanned = start  # its end is still to come
                    return
                if self._depth == 1:
                    self._key = data[start : min(end, start + 16)]
            elif sign in (b"{", b"["):
                self._open(sign, start)
            else:
                self._depth -= 1
                if self._in_entries and self._depth == 2 and sign == b"}":
                    entry, self._taken = data[self._taken : end], end
                    self._between.append(b"{}")
                    yield entry
                elif self._depth == 1:
                    self._in_entries = False
        self._scanned = len(data)

    def _open(self, sign: bytes, start: int) -> None:
        self._depth += 1
        if self._depth == 2:
            self._in_entries = sign == b"[" and self._key == b'"entry"'
        elif self._depth == 3 and self._in_entries and sign == b"{":
            self._between.append(self._data[self._taken : start])
            self._taken = start

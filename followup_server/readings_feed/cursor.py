"""Where a client of the feed has got to, as the opaque text that it gives back."""

from __future__ import annotations

import base64
import binascii
from typing import Final, TypeAlias
from zlib import crc32

import msgspec

from followup_server.moments import Micros
from followup_server.problems import NotFound

Key: TypeAlias = tuple[str, str, int, int]
"""Place in a snapshot: patient, first code, instant (ms), handle."""


class Filters(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What a client wants to have of a snapshot; the changes after it are all there are."""

    date: str | None = None
    """As Observation's search parameter of that name."""
    patients: tuple[str, ...] | None = None
    """Logical ids; none: all patients."""
    with_ids: bool = True
    part: int = 0
    """Which part of the patients, from 0."""
    parts: int = 1
    """Into how many parts they are dealt, so that several can be fetched side by side."""

    def has(self, patient: str) -> bool:
        """Whether a patient belongs to this part; what is of no patient belongs to the first."""
        return self.parts == 1 or crc32(patient.encode()) % self.parts == self.part


class FeedCursor(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Where to go on."""

    database: str
    """Of which database it is: another one, or one restored from a copy, can't go on with it."""
    stamp: Micros
    """All commits up to this one are known, or will be when the snapshot has been read."""
    filters: Filters = Filters()
    after: Key | None = None
    """The last entry of a snapshot's page; none: what comes next is what has changed."""


_decoder: Final = msgspec.json.Decoder(FeedCursor)


def write_cursor(cursor: FeedCursor) -> str:
    """The cursor as text for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).rstrip(b"=").decode("ascii")


def read_cursor(text: str) -> FeedCursor:
    """The cursor again. Raises NotFound if it isn't of our making."""
    try:
        cursor = _decoder.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise NotFound("That page isn't to be had; fetch the readings from the start.") from None
    asked = cursor.filters
    texts = (asked.date or "", *(asked.patients or ()), cursor.after[0] if cursor.after else "")
    if (
        not 0 <= asked.part < asked.parts or abs(cursor.stamp) >= 2**62 or "\0" in "".join(texts)
    ):  # PostgreSQL takes no text with NUL
        raise NotFound("That page isn't to be had; fetch the readings from the start.")
    return cursor

"""The access log: who saw whom, what and why. Append-only, each line holding the hash of the one before.

Source: pasientjournalloven § 22; Normen, faktaark 15. A changed, removed, swapped or cut-off line is found by
`broken_at`; triggers refuse updates and deletions besides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from local_store.context import Context
from local_store.records import AccessEntry
from local_store.settings import read_setting, write_setting
from local_store.tables import AccessLog
from local_store.upsert import put
from threshold_engine.model import Instant

FIRST: Final = "0" * 64
"""What stands for the line before the first."""
_HEAD: Final = "access-head"
_SENT: Final = "access-sent"


class AccessHead(msgspec.Struct, frozen=True):
    """The newest line: kept apart, so that a tail that was cut off is missed."""

    seq: int = 0
    hash: str = FIRST


class AccessContent(msgspec.Struct, frozen=True):
    """What is hashed of a line."""

    seq: int
    at: Instant
    who: str
    patients: tuple[str, ...]
    what: str
    basis: str
    reason: str | None
    offline: bool
    op: str


def append(context: Context, content: AccessContent) -> AccessEntry:
    """Add a line after the newest; `content.seq` is given here."""
    head = access_head(context)
    content = msgspec.structs.replace(content, seq=head.seq + 1)
    body = msgspec.json.encode(content)
    digest = _digest(head.hash, body)
    put(context.connection, AccessLog(seq=content.seq, content=body, previous=head.hash, hash=digest))
    write_setting(context, _HEAD, AccessHead(content.seq, digest))
    return _entry((body, head.hash, digest))


def access_head(context: Context) -> AccessHead:
    """Number and hash of the newest line, to be anchored on the server."""
    return read_setting(context, _HEAD, AccessHead) or AccessHead()


def access_lines(context: Context, patient: str | None, after: int, limit: int) -> list[AccessEntry]:
    """Lines numbered above `after`, oldest first, of one patient or of all."""
    rows = context.connection.exec_driver_sql(
        """SELECT content, previous, hash FROM access_log WHERE seq > :after AND (:patient IS NULL OR EXISTS
        (SELECT 1 FROM json_each(CAST(content AS TEXT), '$.patients') WHERE value = :patient))
        ORDER BY seq LIMIT :limit""",
        {"after": after, "patient": patient, "limit": limit},
    )
    return [_entry(row) for row in rows]


def unsent_access(context: Context, limit: int) -> list[AccessEntry]:
    """The oldest lines that the server doesn't have."""
    return access_lines(context, None, _sent(context), limit)


def access_sent(context: Context, up_to: int) -> None:
    """Say that the server has all lines up to a number."""
    write_setting(context, _SENT, max(up_to, _sent(context)))


def count_unsent_access(context: Context) -> int:
    """How many lines the server doesn't have."""
    return access_head(context).seq - _sent(context)


def broken_at(context: Context) -> int | None:
    """Number of the first line that isn't as it was written; None where the chain holds to its head."""
    previous, expected = FIRST, 1
    rows = context.connection.exec_driver_sql(
        "SELECT seq, content, previous, hash FROM access_log ORDER BY seq"
    )
    for seq, content, before, digest in rows:
        whole = isinstance(content, bytes) and digest == _digest(previous, content)
        if not whole or (seq, before) != (expected, previous):
            return expected
        previous, expected = digest, expected + 1
    head = access_head(context)
    return None if (head.seq, head.hash) == (expected - 1, previous) else expected


def _sent(context: Context) -> int:
    return read_setting(context, _SENT, int) or 0


def _digest(previous: str, content: bytes) -> str:
    return hashlib.sha256(previous.encode() + content).hexdigest()


def _entry(row: Sequence[Any]) -> AccessEntry:
    content = msgspec.json.decode(row[0], type=AccessContent)
    return AccessEntry(
        content.seq,
        content.at,
        content.who,
        content.patients,
        content.what,
        content.basis,
        content.reason,
        content.offline,
        content.op,
        row[1],
        row[2],
    )

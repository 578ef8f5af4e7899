"""How the engine's reading ids are taken apart for the cache, and put together again without loss.

An engine's id is `<system>|<value>` or `<type>/<id>`, and for a part of a resource `#<part>` after it.
Systems and parts are repeated words; most values are UUIDs, which need 17 bytes instead of 36.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

_UUID_AT_END: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_AS_UUID: Final = b"\x01"
_AS_TEXT: Final = b"\x00"
_STAND_IN: Final = "~"
"""Begins what stands in for a logical id as text; none of FHIR's ids has it."""
_STAND_IN_FORM: Final = re.compile(r"~0[23][0-9a-f]+")
_BY_HANDLE: Final = b"\x02"
"""The logical id isn't known yet, only the number that the compact feed has for the resource."""


def to_bytes(text: str) -> bytes:
    """A logical id or value: a lower-case UUID as 1 + 16 bytes, anything else as 1 + UTF-8."""
    if text[:1] == _STAND_IN and _STAND_IN_FORM.fullmatch(text):
        return bytes.fromhex(text[1:])
    if len(text) == 36 and _UUID_AT_END.match(text):
        return _AS_UUID + bytes.fromhex(text.replace("-", ""))
    return _AS_TEXT + text.encode("utf-8", "surrogatepass")


def handle_to_bytes(handle: int) -> bytes:
    """What stands in place of a logical id that isn't known: 1 + 5 bytes (8 where it is huge), in order."""
    if 0 <= handle < 2**40:
        return _BY_HANDLE + handle.to_bytes(5, "big")
    return _BY_HANDLE + handle.to_bytes(8, "big", signed=True)


def has_server_id(reference: str) -> bool:
    """Whether `<type>/<id>` has the server's id, and not what stands in for it in the cache."""
    return not reference.partition("/")[2].startswith(_STAND_IN)


def from_bytes(body: bytes) -> str:
    """The text again."""
    if body[:1] == _AS_UUID:
        return str(UUID(bytes=body[1:]))
    if body[:1] >= _BY_HANDLE:
        return _STAND_IN + body.hex()
    return body[1:].decode("utf-8", "surrogatepass")


def common_base(reference: str, ids: Sequence[str]) -> str:
    """What the engine's ids of one resource's readings have in common, up to the `#` of their parts."""
    if all(one.startswith(reference) for one in ids):
        return reference
    shared = ids[0] if len(ids) == 1 else _shared_beginning(min(ids), max(ids))
    return shared.rpartition("#")[0] or shared


def _shared_beginning(first: str, last: str) -> str:
    """Of the least and the greatest string of a set: what all of it begins with."""
    for index, sign in enumerate(first):
        if index >= len(last) or last[index] != sign:
            return first[:index]
    return first


def split_base(base: str) -> tuple[str, bytes]:
    """A base as a word that is repeated (`urn:ietf:rfc:3986|urn:uuid:`) and what is its own."""
    # the hyphen before a UUID's last twelve digits: looked at first, since this is done for every reading
    if base[-13:-12] == "-":
        cut = len(base) - 36
        if cut >= 0 and _UUID_AT_END.match(base, cut):
            return base[:cut], _AS_UUID + bytes.fromhex(base[cut:].replace("-", ""))
    cut = base.rfind("|") + 1
    return base[:cut], _AS_TEXT + base[cut:].encode("utf-8", "surrogatepass")

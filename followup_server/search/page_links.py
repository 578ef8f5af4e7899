"""Links between pages. Those of a POST search are sealed: what was sent in a body, a national identity number
perhaps, must not come back in a URL that proxies and logs keep.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import Final, TypeAlias
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from followup_server.problems import NotFound

Params: TypeAlias = tuple[tuple[str, str], ...]

_SEALED: Final = "sealed."
_NONCE_BYTES: Final = 12
_PARAMS = msgspec.json.Decoder(tuple[tuple[str, str], ...])


def link(url: str, params: Params) -> str:
    """A URL with its parameters, as they were given."""
    return f"{url}?{urlencode(params, safe=':,|/$')}" if params else url


def with_page(params: Params, page: str) -> Params:
    """The parameters for another page of the same search."""
    return (*(param for param in params if param[0] != "_page"), ("_page", page))


def seal(params: Params, key: bytes) -> str:
    """A search's parameters as one opaque value of `_page` (AES-GCM; `key` of 32 bytes)."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(params), None)
    return _SEALED + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def unsealed(params: Params, key: bytes) -> tuple[Params, bool]:
    """The parameters that a sealed `_page` stands for, or those given; and whether they were sealed.

    Raises NotFound if it isn't of our making: search again from the start.
    """
    page = dict(params).get("_page", "")
    if not page.startswith(_SEALED):
        return params, False
    text = page.removeprefix(_SEALED)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opened = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        return _PARAMS.decode(opened), True
    except (binascii.Error, ValueError, InvalidTag, msgspec.MsgspecError):
        raise NotFound("That page isn't to be had; search again from the start.") from None

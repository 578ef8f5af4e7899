"""A picture as it was sent: fetched when it is opened, and kept nowhere."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotAFhirServer, NotFound, TooLarge
from fhir_r4.raw import text_at
from fhir_r4.references import split

LARGEST: Final = 12 * 1024 * 1024
"""Bytes of a picture at most: what a phone's camera makes, and a little more."""


def fetch_picture(client: FhirClient, url: str) -> bytes:
    """The bytes of `Binary/<id>` on the server that is synced with; no other server is ever asked.

    Raises:
        FhirError: The server didn't answer, has no such Binary (NotFound), or it is too large (TooLarge).
    """
    found = split(url)
    elsewhere = "://" in url and not url.startswith(f"{client.base_url}/")
    if found is None or found[0] != "Binary" or elsewhere:
        raise NotFound("the picture isn't on this server")
    data = text_at(client.read("Binary", found[1]), "data")
    if data is None:
        raise NotFound("the picture has no data")
    if len(data) > LARGEST * 4 // 3 + 4:
        raise TooLarge(f"a picture of more than {LARGEST} bytes")
    try:
        return b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise NotAFhirServer("a Binary whose data isn't base64") from None

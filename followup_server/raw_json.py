"""Reading what a client sent: `fhir_r4.raw`, with an error that HTTP can tell."""

from __future__ import annotations

from fhir_r4 import raw as fhir_raw
from fhir_r4.errors import NotFhir
from fhir_r4.raw import Raw, encode
from followup_server.problems import InvalidJson

__all__ = ["Raw", "decode", "encode"]


def decode(body: bytes) -> Raw:
    """Read a JSON object. Raises InvalidJson for anything else; says where, never what."""
    try:
        return fhir_raw.decode(body)
    except NotFhir as error:
        raise InvalidJson(error.why) from None

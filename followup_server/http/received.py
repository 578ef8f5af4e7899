"""Reading JSON from outside: what is hostile or ambiguous is refused before anything else looks at it.

Depth is bounded, since what walks a resource later recurses. A name that stands twice in one object is
refused: of the two values one would be lost silently. So is the character NUL, which FHIR has no use for and
databases can't hold (http://hl7.org/fhir/R4/datatypes.html#string).
"""

from __future__ import annotations

import re
from typing import Final

from fhir_r4.errors import NotFhir
from fhir_r4.raw import decode_json
from followup_server.problems import InvalidJson
from followup_server.raw_json import Raw

_SPACED_COLON: Final = re.compile(rb'"\s+:')
_STRING_OR_NAME: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"(\s*:)?')


def read_json(body: bytes, deepest: int) -> object:
    """Any JSON, at most `deepest` levels of lists and objects. Raises InvalidJson; says where, never what."""
    try:
        value = decode_json(body)
    except NotFhir as error:
        raise InvalidJson(error.why) from None
    if _has_twins(body, _checked(value, deepest)):
        raise InvalidJson("a name stands twice in one object")
    return value


def read_object(body: bytes, deepest: int) -> Raw:
    """A JSON object. Raises InvalidJson for anything else."""
    value = read_json(body, deepest)
    if not isinstance(value, dict):
        raise InvalidJson("the JSON is not an object")
    return value


def _has_twins(body: bytes, names: int) -> bool:
    """Whether JSON that was read as objects of so many names has more of them as it was written."""
    # quick to see where there are none: `":` stands behind each name, and may stand in or before a string
    if body.count(b'":') == names and not _SPACED_COLON.search(body):
        return False
    return names != sum(1 for match in _STRING_OR_NAME.finditer(body) if match[1])


def _checked(value: object, deepest: int) -> int:
    """How many names there are in all objects of a value that is neither too deep nor has a NUL."""
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidJson("a string has the character NUL")
        return 0
    names = 0
    if isinstance(value, dict):
        if "\0" in "".join(value):
            raise InvalidJson("a name has the character NUL")
        names, value = len(value), value.values()
    elif not isinstance(value, list):
        return 0
    if deepest == 0:
        raise InvalidJson("nested too deeply")
    for one in value:
        names += _checked(one, deepest - 1)
    return names
